"""Slots 参数: how each argument of a handler is typed, asked for and packed into a button."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin, get_type_hints

from domain.refusal import Refusal
from handlers.messages import Button

if TYPE_CHECKING:
    from handlers.ask import Ask

Choices = Callable[["Ask", str, Mapping[str, Any]], Awaitable[list[Button]]]


@dataclass(frozen=True)
class Kind:
    """How one sort of argument is typed, asked for and packed into a button.

    Attributes:
        key: The question is ``ask.<key>`` unless the command has its own.
        parse: Typed text → value and the text that is left; raises Refusal where it is none.
        unpack: Packed text → value, of a button; by default as if it was typed.
        choices: Buttons offered with the question of the command of that code.
        from_pictures: Filled from the pictures of the message, never asked for.
        from_word: Filled from the word that called the command, never asked for.
        is_tap_only: Only a button carries it; nobody is asked, a button without it is forged.
        is_number: A lone number is this argument, not the choice of a button.
        or_picture: A picture with the message says enough.
        is_personal: Asked for in private only, since a whole group would read the answer.
        can_retry: A refused answer may be given again, as with a mistyped code; what people say
            freely is not asked for twice.
    """

    key: str
    parse: Callable[[str], tuple[Any, str]]
    unpack: Callable[[str], Any] | None = None
    choices: Choices | None = None
    from_pictures: bool = False
    from_word: bool = False
    is_number: bool = False
    is_tap_only: bool = False
    or_picture: bool = False
    is_personal: bool = False
    can_retry: bool = True

    def unpacked(self, text: str) -> Any:
        """The value that a button carries; raises ValueError where it is forged."""
        if self.unpack is not None:
            return self.unpack(text)
        try:
            found, rest = self.parse(text)
        except Refusal as refusal:
            raise ValueError(refusal.key) from refusal
        if rest or found == "":
            raise ValueError(f"{self.key}: more than one value, or none")
        return found


@dataclass(frozen=True)
class Slot:
    """One argument of a handler."""

    name: str
    kind: Kind
    is_optional: bool


def slots_of(handler: Callable[..., Any]) -> tuple[Slot, ...]:
    """The form of ``handler``: its arguments behind the first, each with its kind."""
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
