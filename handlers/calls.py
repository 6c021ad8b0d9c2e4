"""Calls 用意: what a message asks us to do: a tap, a word, a number, an answer to a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from domain.people import Ability
from domain.refusal import Refusal
from domain.text import cleaned, folded, whole_number
from handlers.agreeing import CANCELS, agreed, written_button
from handlers.ask import CONFIRMED, YES, Ask
from handlers.asked import name_of, not_asked, parted
from handlers.labels import answered, labelled, of_the_next
from handlers.meeting_kinds import named_behind
from handlers.messages import Words
from handlers.reading import Meant, Reader
from handlers.registry import MAX_CALL_BYTES, Command, Registry
from handlers.slots import Slot
from storage.chats import Draft

GROUP_PATIENCE: Final = timedelta(minutes=10)
"""How long a question in a group takes the next words for its answer; then they are chatter."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command with the arguments known so far.

    ``is_answer``: it came from an answer to a question; ``can_retry``: one that may be given again
    whatever the command refuses it for.
    """

    command: Command
    args: Mapping[str, Any]
    can_retry: bool = False
    is_answer: bool = False

    def may_be_said_again(self, refusal: Refusal) -> bool:
        """Whether its question stays open after ``refusal``: other words may do better."""
        return self.can_retry or (self.is_answer and refusal.key in _SAID_AGAIN)


_SAID_AGAIN: Final = frozenset(
    {
        *("no_moment", "no_day", "close_past", "close_far", "survey_far", "due_past", "due_far"),
        *("poll_few", "poll_many", "poll_equal", "poll_option_long"),
        *("poll_not_longer", "survey_not_longer", "motion_not_longer", "motion_short"),
        *("milestone_unclear", "milestone_past", "milestone_far", "milestones_dear"),
        *("milestone_not_later", "share_unclear", "share_out"),
        *("meeting_past", "meeting_far", "meeting_at_night", "meeting_long", "meeting_overlaps"),
        *("meeting_venue_unknown", "meeting_venue_long", "meeting_about_long"),
        *("topic_long", "note_long", "decision_long", "too_long"),
    }
)
"""Refusals of words alone: whoever answered a form so far loses nothing by them."""


class Misread(Refusal):
    """An answer that cannot be taken; its question stays open."""


def misread(refusal: Refusal) -> Misread:
    """``refusal`` with its question left open."""
    return Misread(refusal.key, **refusal.facts)


class Interpreter:
    """Finds out what a message asks us to do; ``reader`` knows the words."""

    def __init__(self, registry: Registry, reader: Reader) -> None:
        self._registry = registry
        self._reader = reader

    async def call(self, ask: Ask) -> Call | None:
        """What is meant; None where nothing is, or nothing that we understand."""
        incoming = ask.incoming
        if incoming.press is not None:
            return await self._pressed(ask, incoming.press.call)
        if incoming.is_edit:
            return self._corrected(ask)
        free = incoming.is_private or incoming.is_addressed
        if incoming.is_private and (incoming.sheet is not None or incoming.unread):
            return self._call_to("importroll", {})
        meant = self._reader.meant(incoming.text, is_addressed=free)
        draft = await self._draft(ask)
        if incoming.is_private and meant is None:
            written = await written_button(ask)
            if written is not None:
                return await self._pressed(ask, written)
        if free and (draft is None or draft.asking == CONFIRMED):
            found = await self._plainly(ask, meant, is_free=draft is None)
            if found is not None:
                return found
        if meant is None or (draft is not None and self._is_answer(draft, meant, incoming.text)):
            return await self._answered(ask, draft)
        if draft is not None:
            await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        named = meant.command.of_word(meant.word)
        return Call(meant.command, {**named, **_parsed(meant.command, meant.rest)})

    async def _plainly(self, ask: Ask, meant: Meant | None, *, is_free: bool) -> Call | None:
        """What words say of themselves while no words are asked for: 报1, 我来, 周五晚开个夜话."""
        text = ask.incoming.text
        thing = labelled(text)
        if thing is not None:
            return self._call_to(*thing)
        can_call = ask.actor.can(Ability.CALL_MEETING)
        change = of_the_next(text) if is_free and can_call else None
        if change is not None:
            return self._call_to(*change)
        if meant is not None:
            return None
        said = answered(text)
        if said is not None and await ask.unit.meetings.coming_for(ask.actor):
            return self._call_to("saycoming", {"answer": said})
        called = named_behind(text) if can_call else None
        if called is not None:
            return self._call_to("meeting", {"kind": called[0], "line": called[1]})
        return None

    def _is_answer(self, draft: Draft, meant: Meant, text: str) -> bool:
        """Whether a command's word answers what was asked: 修好了 to 办好了？请说一句."""
        asked = self._registry.commands.get(draft.command)
        slot = _slot(asked, draft.asking) if asked else None
        is_plain = text.lstrip()[:1] not in {"/", "／"}  # /start is a button of Telegram's own
        takes_words = is_plain and slot is not None and not slot.kind.can_retry
        return _is_lone_number(text) or (meant.is_everyday and takes_words)

    def _corrected(self, ask: Ask) -> Call | None:
        """A message that corrects an earlier one; its command word is no part of the report."""
        meant = self._reader.meant(ask.incoming.text, is_addressed=True)
        command = self._registry.commands["amend"]
        args = _parsed(command, meant.rest if meant and meant.rest else ask.incoming.text)
        return Call(command, args) if ask.source and args.get("text") else None

    async def _draft(self, ask: Ask) -> Draft | None:
        """What was asked last; in a group a question is forgotten when talk has gone on."""
        draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
        if draft is None or ask.chat.is_private or draft.asked_at is None:
            return draft
        if ask.now - draft.asked_at <= GROUP_PATIENCE:
            return draft
        await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        return None

    async def _answered(self, ask: Ask, draft: Draft | None) -> Call | None:
        """A text without a command word: a number for a button, or an answer to a question."""
        text = ask.incoming.text
        asked = self._registry.commands.get(draft.command) if draft else None
        slot = _slot(asked, draft.asking) if asked and draft else None
        tapped = await self._numbered(ask, slot, is_asked=draft is not None)
        tapped = tapped or await agreed(ask, draft)
        if tapped is not None:
            return await self._pressed(ask, tapped)
        if draft is None or asked is None:
            return None
        if folded(text) in CANCELS:
            return await self._cancelled(ask)
        if slot is None or not _fits(draft, asked):
            return None
        known = {**draft.args, slot.name: self._one(slot, ask)}
        await self._take_draft(ask)
        return Call(asked, known, can_retry=slot.kind.can_retry, is_answer=True)

    async def _numbered(self, ask: Ask, slot: Slot | None, *, is_asked: bool) -> str | None:
        """The call of the button whose number was said, if it was one."""
        text = ask.incoming.text
        number = whole_number(text.strip(_AROUND)) if _is_lone_number(text) else None
        if number is None:
            return None
        menu = await ask.unit.chats.menus.of(ask.chat.id, ask.actor.id)
        if slot is not None and slot.kind.is_number:
            named = [call for call in menu if parted(call)[0].partition(".")[0] == f"={number}"]
            if named or not any(parted(call)[0] not in CANCELS for call in menu):
                return named[0] if len(named) == 1 else None
        if 1 <= number <= len(menu):
            return menu[number - 1]
        if menu and not is_asked:
            raise Refusal("button_number", count=len(menu))
        return None

    async def _pressed(self, ask: Ask, call: str) -> Call:
        """What a button calls; it may be stale, foreign or forged."""
        call, question = parted(call)
        draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id) if question else None
        if question and (draft is None or name_of(ask.actor.id, draft) != question):
            raise await not_asked(ask.unit, ask.chat)
        if call in CANCELS:
            return await self._cancelled(ask)
        if len(call.encode("utf-8", "replace")) > MAX_CALL_BYTES:
            raise Refusal("button_stale")
        if call.startswith("="):
            return await self._chosen(ask, call)
        code, *parts = call.split(":")
        command = self._registry.commands.get(code)
        if command is None or command.is_internal:
            raise Refusal("button_stale")
        try:
            return Call(command, command.unpacked(parts))
        except ValueError as error:
            raise Refusal("button_stale") from error

    async def _chosen(self, ask: Ask, call: str) -> Call:
        """A button under a question: a yes, or one of the choices."""
        draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
        command = self._registry.commands.get(draft.command) if draft else None
        is_of_it = draft is not None and (call == YES) == (draft.asking == CONFIRMED)
        if draft is None or command is None or not is_of_it or not _fits(draft, command):
            raise await not_asked(ask.unit, ask.chat)
        await self._take_draft(ask)
        if call == YES:
            return Call(command, draft.args)
        slot = _slot(command, draft.asking)
        if slot is None:
            raise Refusal("button_stale")
        try:
            return Call(command, {**draft.args, slot.name: slot.kind.unpacked(call[1:])})
        except ValueError as error:
            raise Refusal("button_stale") from error

    async def _take_draft(self, ask: Ask) -> None:
        """Let this be the one answer; another that came at the same time has none left to give."""
        if not await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id):
            raise await not_asked(ask.unit, ask.chat)

    async def _cancelled(self, ask: Ask) -> Call:
        await ask.unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        return self._call_to("cancel", {})

    def _call_to(self, code: str, args: Mapping[str, Any]) -> Call:
        return Call(self._registry.commands[code], args)

    def _one(self, slot: Slot, ask: Ask) -> Any:
        """The answer to a question about one argument."""
        text = cleaned(ask.incoming.text)
        if slot.kind.from_pictures or not text:
            return None if slot.is_optional else ""
        try:
            found, _ = slot.kind.parse(text)
        except Refusal as refusal:
            raise misread(refusal) from refusal
        return found


_AROUND: Final = " 。.、．"
_LONGEST_NUMBER: Final = 12


def _is_lone_number(text: str) -> bool:
    return len(text) <= _LONGEST_NUMBER and whole_number(text.strip(_AROUND)) is not None


def _fits(draft: Draft, command: Command) -> bool:
    """Whether what was said so far is what is asked for; not where an earlier release asked."""
    return {*draft.args} <= {slot.name for slot in command.slots}


def _slot(command: Command, name: str) -> Slot | None:
    return next((slot for slot in command.slots if slot.name == name), None)


def _parsed(command: Command, text: str) -> Mapping[str, Any]:
    try:
        return command.parsed(text)
    except Refusal as refusal:
        refusal.facts.setdefault("usage", usage(command))
        raise


def usage(command: Command) -> Words:
    """How a command is said, with an example."""
    return Words(f"help.{command.code}.usage")
