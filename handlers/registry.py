"""Registry 能力表: what the bot can do, declared once; the signature is the form."""

import importlib
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args, get_origin, get_type_hints

from domain.people import Ability
from domain.text import folded
from handlers.messages import Button, Reply, Typed, Words

if TYPE_CHECKING:
    from domain.people import Actor
    from handlers.ask import Ask, Tick
    from storage.unit import Unit

MAX_CALL_BYTES: Final = 64
"""Telegram's limit for what a button carries."""

Handler = Callable[..., Awaitable[Any]]
CardMaker = Callable[["Unit", int, "Actor | None"], Awaitable[Reply]]
DueJob = Callable[["Tick", int, Mapping[str, str]], Awaitable[None]]


@dataclass(frozen=True)
class Kind:
    """How one sort of argument is typed, asked for and packed into a button.

    Attributes:
        key: The question is ``ask.<key>`` unless the command has its own.
        parse: Typed text → value and the text that is left; raises Refusal where it is none.
        unpack: Packed text → value, of a button; raises ValueError where it is forged.
        choices: Buttons offered with the question.
        from_pictures: Filled from the pictures of the message, never asked for.
        is_number: A lone number is this argument, not the choice of a button.
        or_picture: A picture with the message says enough.
    """

    key: str
    parse: Callable[[str], tuple[Any, str]]
    unpack: Callable[[str], Any] = str
    choices: Callable[["Ask", Mapping[str, Any]], Awaitable[list[Button]]] | None = None
    from_pictures: bool = False
    is_number: bool = False
    or_picture: bool = False


@dataclass(frozen=True)
class Slot:
    """One argument of a handler."""

    name: str
    kind: Kind
    is_optional: bool


@dataclass(frozen=True)
class Command:
    """One thing that people can do.

    Attributes:
        code: The Latin word; also its name in buttons, drafts, help and texts.
        words: Chinese words that call it, the first one is shown; empty for taps only.
        where: ``any``, ``group`` or ``private``.
        runs_on: Its word may be followed by text without a blank even in a group, as
            voice-to-text writes it.
    """

    code: str
    words: tuple[str, ...]
    may: Ability
    handler: Handler
    slots: tuple[Slot, ...]
    section: str
    where: str
    runs_on: bool

    @property
    def is_typed(self) -> bool:
        """Whether it can be called in words."""
        return bool(self.words)

    def unpacked(self, parts: list[str]) -> dict[str, Any]:
        """Arguments of a tap; raises ValueError where they do not fit."""
        slots = [slot for slot in self.slots if not slot.kind.from_pictures]
        if len(parts) > len(slots):
            raise ValueError(f"{self.code}: {len(parts)} arguments")
        return {s.name: s.kind.unpack(p) for s, p in zip(slots, parts, strict=False) if p}

    def parsed(self, text: str, known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Arguments in typed ``text``, those already ``known`` left out."""
        found: dict[str, Any] = dict(known or {})
        for slot in self.slots:
            if slot.name in found or slot.kind.from_pictures:
                continue
            text = text.strip()
            if not text:
                break
            found[slot.name], text = slot.kind.parse(text)
        return found


@dataclass
class Registry:
    """All commands, taps, cards and due jobs, filled by the decorators below."""

    commands: dict[str, Command] = field(default_factory=dict)
    words: dict[str, Command] = field(default_factory=dict)
    by_handler: dict[Handler, Command] = field(default_factory=dict)
    cards: dict[str, CardMaker] = field(default_factory=dict)
    due: dict[str, DueJob] = field(default_factory=dict)

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
    *words: str, may: Ability, section: str, where: str = "any", runs_on: bool = False
) -> Callable[[Handler], Handler]:
    """Declare a command: Chinese words first, the Latin word last (it is also its code)."""

    def declared(handler: Handler) -> Handler:
        *chinese, code = words
        slots = _slots(handler)
        REGISTRY.add(Command(code, tuple(chinese), may, handler, slots, section, where, runs_on))
        return handler

    return declared


def press(code: str, *, may: Ability) -> Callable[[Handler], Handler]:
    """Declare what only a tap can do."""

    def declared(handler: Handler) -> Handler:
        REGISTRY.add(Command(code, (), may, handler, _slots(handler), "", "any", False))
        return handler

    return declared


def card(kind: str) -> Callable[[CardMaker], CardMaker]:
    """Declare how one kind of thing is shown; the viewer is None for a whole group."""

    def declared(maker: CardMaker) -> CardMaker:
        REGISTRY.cards[kind] = maker
        return maker

    return declared


def due(kind: str) -> Callable[[DueJob], DueJob]:
    """Declare what happens when a deadline of that kind has come."""

    def declared(job: DueJob) -> DueJob:
        REGISTRY.due[kind] = job
        return job

    return declared


def button(handler: Handler, label: str | Words | Typed | None = None, **args: object) -> Button:
    """A button that calls ``handler`` with these arguments; its label is ``button.<code>``.

    Raises:
        ValueError: The call would not fit into 64 bytes; a bug.
    """
    called = REGISTRY.by_handler[handler]
    values = ["" if args.get(s.name) is None else str(args[s.name]) for s in called.slots]
    call = ":".join([called.code, *values]).rstrip(":")
    if len(call.encode()) > MAX_CALL_BYTES:
        raise ValueError(f"button {called.code} needs {len(call.encode())} bytes")
    if label is None:
        label = f"button.{called.code}"
    return Button(Words(label) if isinstance(label, str) else label, call)


def loaded() -> Registry:
    """The registry with every handler module imported."""
    for name in ("issues", "issue_card", "issue_lists", "people", "places", "help"):
        importlib.import_module(f"handlers.{name}")
    return REGISTRY


def _slots(handler: Handler) -> tuple[Slot, ...]:
    hints = get_type_hints(handler, include_extras=True)
    parameters = list(inspect.signature(handler).parameters.values())[1:]
    return tuple(
        Slot(p.name, _kind(hints[p.name]), p.default is not inspect.Parameter.empty)
        for p in parameters
    )


def _kind(hint: Any) -> Kind:
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Annotated:
            return next(extra for extra in get_args(part)[1:] if isinstance(extra, Kind))
    raise TypeError(f"{hint} is no kind of argument")
