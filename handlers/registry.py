"""Registry 能力表: what the bot can do, declared once; the signature is the form."""

import importlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from domain.people import Ability
from domain.refusal import Refusal
from domain.text import folded
from handlers.messages import Button, Reply, Typed, Words
from handlers.modules import MODULES
from handlers.slots import Slot, slots_of

if TYPE_CHECKING:
    from domain.people import Actor
    from handlers.ask import Tick
    from storage.unit import Unit

MAX_CALL_BYTES: Final = 64
"""Telegram's limit for what a button carries."""

Handler = Callable[..., Awaitable[Any]]
CardMaker = Callable[["Unit", int, "Actor | None"], Awaitable[Reply]]
DueJob = Callable[["Tick", int, Mapping[str, str]], Awaitable[None]]
Recurs = Callable[["Unit", int], Awaitable[None]]


@dataclass(frozen=True)
class Command:
    """One thing that people can do.

    Attributes:
        code: The Latin word; also its name in buttons, drafts, help and texts.
        words: Chinese words that call it, the first one is shown; empty for taps only.
        where: ``any``, ``group`` or ``private``.
        runs_on: Its first word may be followed by text without a blank even in a group, as
            voice-to-text writes it.
        everyday: Words of it that neighbours also say to each other; in a group they call it
            only behind a ``/`` or where we are addressed.
        alone: Words of it that mean it only where nothing is joined to them: 提议单 is a list,
            提议单元门口装灯 is none.
        is_internal: No button carries it: a message that corrects another calls it, or the yes to
            what was read back.
        is_of_question: It stands under a question and means nothing once that is answered.
    """

    code: str
    words: tuple[str, ...]
    may: Ability
    handler: Handler
    slots: tuple[Slot, ...]
    section: str
    where: str
    runs_on: bool
    everyday: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    is_internal: bool = False
    is_of_question: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether it can be called in words."""
        return bool(self.words)

    @cached_property
    def said(self) -> tuple[Slot, ...]:
        """Arguments that are typed or tapped: no pictures, nor the word itself."""
        return tuple(
            slot for slot in self.slots if not (slot.kind.from_pictures or slot.kind.from_word)
        )

    def of_word(self, word: str) -> dict[str, Any]:
        """Arguments that the word says by which the command was called."""
        return {s.name: s.kind.parse(word)[0] for s in self.slots if s.kind.from_word}

    def unpacked(self, parts: list[str]) -> dict[str, Any]:
        """Arguments of a tap; raises ValueError where they do not fit."""
        slots = self.said
        if len(parts) > len(slots):
            raise ValueError(f"{self.code}: {len(parts)} arguments")
        return {s.name: s.kind.unpacked(p) for s, p in zip(slots, parts, strict=False) if p}

    def parsed(self, text: str) -> dict[str, Any]:
        """Arguments in typed ``text``, as far as it goes."""
        found: dict[str, Any] = {}
        for slot in self.said:
            text = text.strip()
            if not text:
                break
            try:
                found[slot.name], text = slot.kind.parse(text)
            except Refusal:
                if not slot.is_optional:
                    raise
        return found


@dataclass
class Registry:
    """All commands, taps, cards and due jobs, filled by the decorators below."""

    commands: dict[str, Command] = field(default_factory=dict)
    words: dict[str, Command] = field(default_factory=dict)
    by_handler: dict[Handler, Command] = field(default_factory=dict)
    cards: dict[str, CardMaker] = field(default_factory=dict)
    due: dict[str, DueJob] = field(default_factory=dict)
    recurs: dict[str, Recurs] = field(default_factory=dict)

    def add(self, command: Command) -> None:
        """Take a command in; a word or code that is taken is a bug."""
        names = [command.code, *(folded(word) for word in command.words)]
        for name in names if command.is_typed else ():
            if name in self.words:
                raise ValueError(f"command word {name!r} is taken")
            self.words[name] = command
        if command.code in self.commands:
            raise ValueError(f"command {command.code} is taken")
        self.commands[command.code] = command
        self.by_handler[command.handler] = command

    @property
    def longest_first(self) -> list[tuple[str, Command]]:
        """Words by length, so that 报事列表 is not read as 报事."""
        return sorted(self.words.items(), key=lambda item: (-len(item[0]), item[0]))

    def typed(self) -> list[Command]:
        """Commands that can be called in words, in the order of declaration."""
        return [command for command in self.commands.values() if command.is_typed]


REGISTRY: Final = Registry()


def command(
    *words: str,
    may: Ability,
    section: str,
    where: str = "any",
    runs_on: bool = False,
    everyday: tuple[str, ...] = (),
    alone: tuple[str, ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare a command: Chinese words first, the Latin word last (it is also its code)."""

    def declared(handler: Handler) -> Handler:
        *chinese, code = words
        REGISTRY.add(
            Command(
                code,
                tuple(chinese),
                may,
                handler,
                slots_of(handler),
                section,
                where,
                runs_on,
                frozenset(everyday),
                frozenset(alone),
            )
        )
        return handler

    return declared


def press(
    code: str, *, may: Ability, only_confirmed: bool = False, is_of_question: bool = False
) -> Callable[[Handler], Handler]:
    """Declare what only a tap can do.

    ``only_confirmed``: only the yes to what was read back; ``is_of_question``: only under it.
    """

    def declared(handler: Handler) -> Handler:
        slots = slots_of(handler)
        REGISTRY.add(
            Command(
                code,
                (),
                may,
                handler,
                slots,
                "",
                "any",
                False,
                is_internal=only_confirmed,
                is_of_question=is_of_question,
            )
        )
        return handler

    return declared


def correction(code: str, *, may: Ability) -> Callable[[Handler], Handler]:
    """Declare what happens when somebody corrects an earlier message."""

    def declared(handler: Handler) -> Handler:
        slots = slots_of(handler)
        REGISTRY.add(Command(code, (), may, handler, slots, "", "any", False, is_internal=True))
        return handler

    return declared


def card(kind: str) -> Callable[[CardMaker], CardMaker]:
    """Declare how one kind of thing is shown; the viewer is None for a whole group."""

    def declared(maker: CardMaker) -> CardMaker:
        REGISTRY.cards[kind] = maker
        return maker

    return declared


def due(kind: str, *, recurs: Recurs | None = None) -> Callable[[DueJob], DueJob]:
    """Declare what happens when a deadline of that kind has come.

    ``recurs`` sets the subject's next one, also where this one cannot be done.
    """

    def declared(job: DueJob) -> DueJob:
        REGISTRY.due[kind] = job
        if recurs is not None:
            REGISTRY.recurs[kind] = recurs
        return job

    return declared


def button(handler: Handler, label: str | Words | Typed | None = None, **args: object) -> Button:
    """A button that calls ``handler`` with these arguments; its label is ``button.<code>``.

    Raises:
        ValueError: The call would not fit into 64 bytes; a bug.
    """
    called = REGISTRY.by_handler[handler]
    values = ["" if args.get(s.name) is None else str(args[s.name]) for s in called.said]
    call = ":".join([called.code, *values]).rstrip(":")
    if len(call.encode()) > MAX_CALL_BYTES:
        raise ValueError(f"button {called.code} needs {len(call.encode())} bytes")
    if label is None:
        label = f"button.{called.code}"
    return Button(Words(label) if isinstance(label, str) else label, call)


@cache
def loaded() -> Registry:
    """The registry with every handler module imported, in the order of help and reference."""
    for name in MODULES:
        importlib.import_module(f"handlers.{name}")
    REGISTRY.commands = dict(sorted(REGISTRY.commands.items(), key=lambda item: _place(item[1])))
    return REGISTRY


def _place(command: Command) -> tuple[int, int]:
    """Where a command stands: files as they are listed, lines as they are written."""
    module = command.handler.__module__.rpartition(".")[2]
    return MODULES.index(module), inspect.unwrap(command.handler).__code__.co_firstlineno
