"""Router 路由: one message → one unit of work → committed answers."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from domain.people import Ability, Actor
from domain.places import Place
from domain.refusal import Refusal
from domain.text import cleaned, folded, whole_number
from handlers import welcome
from handlers.ask import CONFIRMED, YES, Ask, Links, Tick
from handlers.messages import Button, ChatChange, ChatEvent, Incoming, Reply, Words
from handlers.reading import Reader, is_for_us
from handlers.registry import Command, Registry, Slot
from handlers.telling import Teller
from handlers.wording import has
from storage.chats import Chat, Draft
from storage.database import Database
from storage.deadlines import Deadline
from storage.outbox import Post, Priority
from storage.unit import Unit

log = logging.getLogger("mulin.router")

_CANCEL: Final = frozenset({"取消", "算了", "不用了", "cancel", "/cancel", "=cancel"})
_SKIP: Final = "=skip"


@dataclass(slots=True)
class Handled:
    """What one message led to, and how it ended (for metrics).

    Attributes:
        posts: To be sent at once; they are this worker's already.
        has_waiting: Whether posts wait in the outbox besides (edits, later ones).
        has_deadline: Whether a new deadline was set.
    """

    outcome: str = "silent"
    code: str = ""
    posts: list[Post] = field(default_factory=list)
    has_waiting: bool = False
    has_deadline: bool = False


def _handled(unit: Unit, outcome: str, code: str = "") -> Handled:
    outbox = unit.outbox
    return Handled(outcome, code, outbox.fresh, outbox.later, unit.deadlines.changed)


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the arguments known so far."""

    command: Command
    args: Mapping[str, Any]


class Router:
    """Takes what platforms receive; the only place besides the outbox that catches everything."""

    def __init__(self, database: Database, registry: Registry, links: Links) -> None:
        self._database = database
        self._registry = registry
        self._links = links
        self._reader = Reader(registry)
        self._awaited: set[tuple[str, str, str]] = set()

    async def start(self) -> None:
        """Learn who was asked something before the restart."""
        self._awaited = set(await self._database.unit(lambda unit: unit.chats.awaiting()))

    def concerns(self, incoming: Incoming) -> bool:
        """Whether ``incoming`` is worth a unit; a few microseconds for neighbours' own talk."""
        key = (incoming.platform, incoming.chat, incoming.account)
        return is_for_us(self._reader, incoming, is_awaited=key in self._awaited)

    async def receive(self, incoming: Incoming) -> Handled:
        """Handle one message; when this returns, all of it is stored or nothing is."""
        if not self.concerns(incoming):
            return Handled()
        lane = f"{incoming.platform}:{incoming.chat}"
        try:
            return await self._database.unit(lambda unit: self._message(unit, incoming), lane)
        except Refusal as refusal:
            no = refusal
            return await self._database.unit(lambda unit: self._refused(unit, incoming, no), lane)
        except Exception as error:
            _log_bug("message", error)
            sorry = Refusal("bug")
            return await self._database.unit(
                lambda unit: self._refused(unit, incoming, sorry), lane
            )

    async def changed(self, event: ChatEvent) -> Handled:
        """Handle what happened to us in a chat."""
        return await self._database.unit(lambda unit: self._event(unit, event))

    async def due(self, deadline: Deadline) -> Handled:
        """Do what is due, and take its row away in the same unit."""
        try:
            return await self._database.unit(lambda unit: self._due(unit, deadline))
        except Exception as error:
            _log_bug(f"deadline {deadline.kind}", error)
            return Handled(outcome="bug", code=deadline.kind)

    # One message

    async def _message(self, unit: Unit, incoming: Incoming) -> Handled:
        if not await unit.chats.first_sight(incoming.platform, incoming.delivery, unit.now):
            return Handled(outcome="repeated")
        ask = await self._asked(unit, incoming)
        reply: Reply | None
        call = await self._call(ask)
        if call is None:
            reply = await welcome.unclear(ask)
        elif ask.actor.is_stranger and call.command.may is not Ability.ASK:
            reply = await welcome.stranger(ask)
        else:
            reply = await self._run(ask, call)
        await self._answer(ask, reply)
        self._note_awaited(ask)
        code = call.command.code if call else ""
        return _handled(unit, "answered" if reply else "silent", code)

    async def _refused(self, unit: Unit, incoming: Incoming, refusal: Refusal) -> Handled:
        await unit.chats.first_sight(incoming.platform, incoming.delivery, unit.now)
        ask = await self._asked(unit, incoming)
        await self._answer(ask, _no(refusal))
        return _handled(unit, "bug" if refusal.key == "bug" else "refused")

    async def _asked(self, unit: Unit, incoming: Incoming) -> Ask:
        """Who asks, and where."""
        chat = await unit.chats.met(
            incoming.platform, incoming.chat, is_private=incoming.is_private
        )
        actor = await unit.people.known(incoming.platform, incoming.account, unit.now)
        if actor is None:
            name = cleaned(incoming.name)[:60] or "?"
            person_id = await unit.people.add(name, unit.now)
            await unit.people.identify(person_id, incoming.platform, incoming.account, unit.now)
            actor = Actor(person_id, name, None)
        if incoming.is_private:
            await unit.people.reachable_at(incoming.platform, incoming.account, incoming.chat)
        place = await _place_of(unit, chat, actor)
        community_id = chat.community_id or (place.community_id if place else None)
        community = await unit.places.community(community_id) if community_id else None
        tell = Teller(unit, community)
        return Ask(unit, actor, chat, place, community, incoming, tell, self._links)

    async def _call(self, ask: Ask) -> Call | None:
        """Which command is meant: a tap, a word, a number for a button, an answer to a question."""
        incoming = ask.incoming
        if incoming.press is not None:
            return await self._pressed(ask, incoming.press.call)
        if incoming.is_edit:
            return self._call_to("amend", {"text": incoming.text}) if ask.source else None
        free = incoming.is_private or incoming.is_addressed
        meant = self._reader.meant(incoming.text, is_addressed=free)
        draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
        if meant is not None and not (draft and _is_lone_number(incoming.text)):
            if draft is not None:
                await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
            return Call(meant.command, self._parsed(meant.command, meant.rest, {}))
        return await self._answered(ask, draft)

    async def _answered(self, ask: Ask, draft: Draft | None) -> Call | None:
        """A text without a command word: a number for a button, or an answer to a question."""
        text = ask.incoming.text
        asked = self._registry.commands.get(draft.command) if draft else None
        slot = _slot(asked, draft.asking) if asked and draft else None
        number = whole_number(text) if _is_lone_number(text) else None
        if number is not None and not (slot and slot.kind.is_number):
            menu = await self._menu(ask)
            if 1 <= number <= len(menu):
                return await self._pressed(ask, menu[number - 1])
            if menu and draft is None:
                raise Refusal("button_number", count=len(menu))
        if asked is None or draft is None:
            return None
        if folded(text) in _CANCEL:
            return await self._cancelled(ask)
        if slot is None:
            return None
        known = {**draft.args, draft.asking: None}
        known[draft.asking] = self._one(asked, slot, ask)
        await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        return Call(asked, known)

    async def _pressed(self, ask: Ask, call: str) -> Call:
        """What a button calls; it may be stale, foreign or forged."""
        if call in _CANCEL:
            return await self._cancelled(ask)
        if call.startswith("="):
            return await self._chosen(ask, call)
        code, *parts = call.split(":")
        command = self._registry.commands.get(code)
        if command is None:
            raise Refusal("button_stale")
        try:
            return Call(command, command.unpacked(parts))
        except ValueError as error:
            raise Refusal("button_stale") from error

    async def _chosen(self, ask: Ask, call: str) -> Call:
        """A button under a question: a yes, a skip, or one of the choices."""
        draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
        command = self._registry.commands.get(draft.command) if draft else None
        if draft is None or command is None or (call == YES) != (draft.asking == CONFIRMED):
            raise Refusal("button_stale")
        await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        if call == YES:
            return Call(command, draft.args)
        slot = _slot(command, draft.asking)
        if slot is None:
            raise Refusal("button_stale")
        value = None if call == _SKIP and slot.is_optional else call[1:]
        return Call(command, {**draft.args, slot.name: value})

    async def _cancelled(self, ask: Ask) -> Call:
        await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        return self._call_to("cancel", {})

    def _call_to(self, code: str, args: Mapping[str, Any]) -> Call:
        return Call(self._registry.commands[code], args)

    async def _menu(self, ask: Ask) -> list[str]:
        return await ask.unit.chats.menu(ask.chat.id, ask.actor.id)

    def _parsed(self, command: Command, text: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return command.parsed(text, known)
        except Refusal as refusal:
            refusal.facts.setdefault("usage", _usage(command))
            raise

    def _one(self, command: Command, slot: Slot, ask: Ask) -> Any:
        text = cleaned(ask.incoming.text)
        if slot.kind.from_pictures or not text:
            return None if slot.is_optional else ""
        value, _ = slot.kind.parse(text)
        return value

    # Running it

    async def _run(self, ask: Ask, call: Call) -> Reply | None:
        """Check permission, ask for what is missing, or do it."""
        command = call.command
        if not ask.actor.can(command.may):
            raise Refusal("not_allowed", command=_shown_word(command))
        if command.where == "private" and not ask.chat.is_private:
            return Reply("only_private", buttons=((welcome.private_button(),),))
        if command.where == "group" and ask.chat.is_private:
            raise Refusal("only_group", command=_shown_word(command))
        args = dict(call.args)
        await self._take_pictures(ask, command, args)
        missing = _missing(command, args)
        if missing is not None:
            return await self._question(ask, command, args, missing)
        return await command.handler(ask, **args)  # type: ignore[no-any-return]

    async def _take_pictures(self, ask: Ask, command: Command, args: dict[str, Any]) -> None:
        slot = next((s for s in command.slots if s.kind.from_pictures), None)
        if slot is None:
            return
        kept = await ask.keep_pictures()
        args[slot.name] = (*(args.get(slot.name) or ()), *kept)

    async def _question(
        self, ask: Ask, command: Command, args: Mapping[str, Any], slot: Slot
    ) -> Reply | None:
        """Ask for one argument; where a tap in a group leads to one, ask in private."""
        chat = await _quiet_place(ask)
        draft = Draft(command.code, args, slot.name)
        offered = await slot.kind.choices(ask, args) if slot.kind.choices else []
        await ask.unit.chats.save_draft(ask.actor.id, chat.id, draft, ask.now)
        key = f"ask.{command.code}.{slot.name}"
        rows = [(button,) for button in offered]
        rows.append((Button(Words("button.cancel"), "=cancel"),))
        reply = Reply(key if has(key) else f"ask.{slot.kind.key}", {}, tuple(rows))
        if chat.id == ask.chat.id:
            await ask.tell.chat(
                chat,
                reply,
                reader=ask.actor,
                thread=ask.incoming.thread,
                reply_to=ask.incoming.ref,
                asks=not offered,
            )
            return None
        await ask.tell.chat(chat, reply, reader=ask.actor)
        return Reply("look_private", is_brief=True)

    async def _answer(self, ask: Ask, reply: Reply | None) -> None:
        """Put the reply where it belongs; every tap is answered, or it keeps turning."""
        press = ask.incoming.press
        has_note = press is not None and press.ref is not None
        if reply is not None and reply.is_private and not ask.chat.is_private:
            sent = await ask.tell.person(ask.actor.id, reply, priority=Priority.ANSWER)
            reply = Reply("look_private" if sent else "write_me_first", is_brief=True)
        if has_note and press is not None and press.ref is not None:
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

    def _note_awaited(self, ask: Ask) -> None:
        """Remember in memory who is asked something, so that chatter costs no unit."""
        awaits = ask.unit.chats.awaits.get((ask.actor.id, ask.chat.id))
        key = (ask.incoming.platform, ask.incoming.chat, ask.incoming.account)
        if awaits is True:
            self._awaited.add(key)
        elif awaits is False:
            self._awaited.discard(key)

    # What happens without a message

    async def _event(self, unit: Unit, event: ChatEvent) -> Handled:
        if not await unit.chats.first_sight(event.platform, event.delivery, unit.now):
            return Handled(outcome="repeated")
        if event.change is ChatChange.MOVED and event.new_address:
            await unit.chats.moved(event.platform, event.chat, event.new_address)
        elif event.change is ChatChange.REMOVED:
            await unit.chats.left(event.platform, event.chat, unit.now)
            if event.is_private:
                await unit.people.unreachable(event.platform, event.chat, unit.now)
        elif not event.is_private:
            await welcome.into_group(unit, event)
        return _handled(unit, event.change)

    async def _due(self, unit: Unit, deadline: Deadline) -> Handled:
        if not await unit.deadlines.done(deadline):
            return Handled(outcome="repeated")
        job = self._registry.due[deadline.kind]
        await job(Tick(unit), deadline.subject_id, deadline.facts)
        return _handled(unit, "done", deadline.kind)


async def _place_of(unit: Unit, chat: Chat, actor: Actor) -> Place | None:
    """What a message is about: the group's place; in private the own building, or the own post."""
    if chat.place_id is not None:
        return await unit.places.get(chat.place_id)
    if not chat.is_private or not actor.grants:
        return None
    homes = [grant for grant in actor.grants if grant.path != grant.home]
    grant = (homes or list(actor.grants))[0]
    return await unit.places.get(int(grant.home.strip("/").split("/")[-1]))


async def _quiet_place(ask: Ask) -> Chat:
    """The private chat of whoever tapped in a group, where there is one on this platform."""
    if ask.chat.is_private or ask.incoming.press is None:
        return ask.chat
    reach = await ask.unit.people.reach(ask.actor.id)
    if reach is None or reach.platform != ask.chat.platform:
        return ask.chat
    return await ask.unit.chats.met(reach.platform, reach.address, is_private=True)


def _missing(command: Command, args: Mapping[str, Any]) -> Slot | None:
    has_picture = any(args.get(s.name) for s in command.slots if s.kind.from_pictures)
    for slot in command.slots:
        is_enough = slot.is_optional or (slot.kind.or_picture and has_picture)
        if not is_enough and args.get(slot.name) in (None, ""):
            return slot
    return None


def _slot(command: Command, name: str) -> Slot | None:
    return next((slot for slot in command.slots if slot.name == name), None)


def _is_lone_number(text: str) -> bool:
    return len(text) <= 12 and whole_number(text.strip(" 。.、")) is not None


def _shown_word(command: Command) -> str:
    return command.words[0] if command.words else command.code


def _usage(command: Command) -> Words:
    return Words(f"help.{command.code}.usage")


def _log_bug(what: str, error: Exception) -> None:
    """Log where it broke; never the words that broke it."""
    log.error("bug in %s", what, exc_info=error, extra={"event": "bug"})


def _no(refusal: Refusal) -> Reply:
    """A refusal's words; with how to say it where a command was not understood."""
    facts = {"usage": "", **refusal.facts}
    return Reply(f"refusal.{refusal.key}", facts, (welcome.help_row(),), is_brief=True)
