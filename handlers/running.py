"""Running 执行: may they, is anything missing, do it; and put the answer where it belongs."""

from collections.abc import Mapping
from typing import Any, Final

from domain.issues import Step
from domain.refusal import Refusal
from handlers import welcome
from handlers.ask import CANCEL_ROW, Ask
from handlers.calls import Call, misread
from handlers.messages import Reply, Row, Words, packed, unpacked
from handlers.registry import REGISTRY, Command
from handlers.slots import Slot
from handlers.wording import has
from storage.chats import Chat, Draft
from storage.outbox import Priority

_INSTEAD: Final = {
    "poll": "polls",
    "motion": "motions",
    "survey": "surveys",
    "notice": "notices",
    "meeting": "meetings",
    "digest": "todo",
}
"""What somebody who may not begin one can look at."""
_STEPS: Final = frozenset(step.value for step in Step)


async def run(ask: Ask, call: Call) -> Reply | None:
    """Check permission, ask for what is missing, or do it."""
    await _permit(ask, call.command)
    if call.command.where == "private" and not ask.chat.is_private:
        return Reply("only_private", buttons=((welcome.private_button(),),))
    args = dict(call.args)
    await _take_pictures(ask, call.command, args)
    slot = _missing(call.command, args)
    if slot is not None:
        return await _question(ask, call.command, args, slot)
    args |= {s.name: "" for s in call.command.slots if not s.is_optional and s.name not in args}
    try:
        return await call.command.handler(ask, **args)  # type: ignore[no-any-return]
    except Refusal as refusal:
        if call.may_be_said_again(refusal):
            raise misread(refusal) from refusal
        raise


async def _permit(ask: Ask, command: Command) -> None:
    shown = _word(command)
    if not ask.actor.can(command.may):
        refusal = await ask.not_allowed(shown, command.may)
        refusal.facts["instead"] = _INSTEAD.get(command.code)
        raise refusal
    if command.where == "group" and ask.chat.is_private:
        raise Refusal("only_group", command=shown)


def _word(command: Command) -> Words:
    """What a command is called: its word, or what stands on the button."""
    if not command.is_typed and has(f"button.{command.code}"):
        return Words(f"button.{command.code}")
    return Words("word", {"zh": (*command.words, command.code)[0], "en": command.code})


async def _take_pictures(ask: Ask, command: Command, args: dict[str, Any]) -> None:
    slot = next((s for s in command.slots if s.kind.from_pictures), None)
    if slot is None:
        return
    kept = await ask.keep_pictures()
    args[slot.name] = (*(args.get(slot.name) or ()), *kept)


def _missing(command: Command, args: Mapping[str, Any]) -> Slot | None:
    has_picture = any(args.get(s.name) for s in command.slots if s.kind.from_pictures)
    for slot in command.slots:
        is_enough = slot.is_optional or (slot.kind.or_picture and has_picture)
        if not is_enough and args.get(slot.name) in (None, ""):
            return slot
    return None


async def _question(
    ask: Ask, command: Command, args: Mapping[str, Any], slot: Slot
) -> Reply | None:
    """Ask for one argument; where a tap in a group leads to one, ask in private."""
    if slot.kind.is_tap_only:
        raise Refusal("button_stale")
    chat = await _quiet_place(ask, slot)
    if chat is None:
        return Reply("write_me_first", buttons=((welcome.private_button(),),))
    offered = await slot.kind.choices(ask, command.code, args) if slot.kind.choices else []
    if command.code == "verify" and not offered and slot.kind.choices:  # 修好了 of who mended it
        offered = await slot.kind.choices(ask, "finish", args)
        command = REGISTRY.commands["finish"] if offered else command
    if command.code in _STEPS and slot.kind.is_number and not offered:
        raise Refusal("nothing_fits", command=_word(command))
    draft = Draft(command.code, args, slot.name)
    await ask.unit.chats.save_draft(ask.actor.id, chat.id, draft, ask.now)
    key = f"ask.{command.code}.{slot.name}"
    rows: list[Row] = [(button,) for button in offered]
    rows.append(CANCEL_ROW)
    reply = Reply(key if has(key) else f"ask.{slot.kind.key}", {}, tuple(rows))
    is_here = chat.id == ask.chat.id
    await ask.tell.chat(
        chat,
        reply,
        reader=ask.actor,
        thread=ask.incoming.thread if is_here else None,
        reply_to=ask.incoming.ref if is_here else None,
        asks=is_here and not offered,
    )
    return None if is_here else Reply("look_private", is_brief=True)


async def _quiet_place(ask: Ask, slot: Slot) -> Chat | None:
    """Where to ask: for a tap in a group in private, if it can be; a flat or a code only there."""
    if ask.chat.is_private or (ask.incoming.press is None and not slot.kind.is_personal):
        return ask.chat
    reach = await ask.unit.people.reach(ask.actor.id)
    if reach is None or reach.platform != ask.chat.platform:
        return None if slot.kind.is_personal else ask.chat
    return await ask.unit.chats.met(reach.platform, reach.address, is_private=True)


async def answer(ask: Ask, reply: Reply | None) -> None:
    """Put the reply where it belongs; every tap is answered, or it keeps turning."""
    press = ask.incoming.press
    if press is not None and press.message is not None and ask.chat.is_private:
        await _spend(ask, press.message, press.call)
    if reply is not None and reply.is_private and not ask.chat.is_private:
        reply = await _sent_privately(ask, reply)
    if press is not None and press.ref is not None:
        note = reply if reply is not None and reply.is_brief else None
        await ask.tell.passing(ask.chat, note, reader=ask.actor, ref=press.ref)
        if reply is None or reply.is_brief:
            return
    if reply is not None:
        await ask.tell.chat(
            ask.chat,
            reply,
            reader=ask.actor,
            thread=ask.incoming.thread,
            reply_to=None if ask.chat.is_private or press else ask.incoming.ref,
        )


async def _spend(ask: Ask, message: str, call: str) -> None:
    """Let our own page grey a question that one tap answered, unless that tap asks more."""
    body = await ask.unit.webchat.body(ask.chat, message)
    is_asking = ask.unit.chats.awaits.get((ask.actor.id, ask.chat.id), False)
    if body is None or is_asking:
        return
    shown = unpacked(body)
    if shown.once and not shown.answered:
        shown.answered = call
        await ask.unit.webchat.reword(ask.chat, message, packed(shown))


async def _sent_privately(ask: Ask, reply: Reply) -> Reply:
    """Send ``reply`` to the asker alone; what the group reads instead."""
    if await ask.tell.person(ask.actor.id, reply, priority=Priority.ANSWER):
        return Reply("look_private", is_brief=True)
    return Reply("write_me_first", buttons=((welcome.private_button(),),))
