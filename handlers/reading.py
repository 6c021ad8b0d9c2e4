"""Reading 识读: which command a message means, if it means us at all."""

import re
from dataclasses import dataclass
from typing import Final

from domain.text import cleaned, folded
from handlers.messages import Incoming
from handlers.registry import Command, Registry

_MARKS: Final = " \n,，:：;；.。!！?？、/~～-—"
_LEAD: Final = re.compile(r"^[\s/／!！.。,，、@＠]+")
_HEDGE: Final = re.compile(r"^(?:我要|我想|我来|帮我|请|麻烦)+")
# 报事了吗, 投票了没: neighbours talking about us, not to us.
_TALK: Final = re.compile(r"^(?:了|吗|没|呢|的|不|过|完|好|还|吧|哦|啊|得|群|这)")


@dataclass(frozen=True, slots=True)
class Meant:
    """A command and the text behind its word."""

    command: Command
    rest: str


class Reader:
    """Finds the command in a text; made once from the registry's words."""

    def __init__(self, registry: Registry) -> None:
        self._words = registry.longest_first
        self._first = frozenset(word[0] for word, _ in self._words)

    def meant(self, text: str, *, is_addressed: bool) -> Meant | None:
        """The command that ``text`` calls.

        Where we are not plainly addressed (a busy group), the word must stand alone or be followed
        by a blank or a mark, unless its command ``runs_on``.
        """
        bare = _LEAD.sub("", cleaned(text))
        slashed = is_addressed or text.lstrip()[:1] in {"/", "／"}
        for candidate in (bare, _HEDGE.sub("", bare)):
            found = self._at_start(candidate, is_free=slashed)
            if found is not None:
                return found
        return None

    def might_concern(self, text: str) -> bool:
        """Whether a group's message could call a command; cheap, for dropping chatter."""
        start = text[:24].lstrip(" \n")
        first = start[:1]
        if first in {"/", "／", "@", "＠"}:
            return True
        small = folded(start)
        return small[:1] in self._first or bool(_HEDGE.match(small))

    def _at_start(self, text: str, *, is_free: bool) -> Meant | None:
        small = folded(text)
        for word, command in self._words:
            if not small.startswith(word):
                continue
            rest = _cut(text, len(word))
            if word.isascii() and rest[:1].isalnum() and rest[:1].isascii():
                continue
            if rest and rest[0] not in _MARKS and not word.isascii():
                runs_on = command.runs_on and len(rest) >= 3 and not _TALK.match(rest)
                if not (is_free or runs_on):
                    continue
            return Meant(command, rest.lstrip(_MARKS))
        return None


def _cut(text: str, folded_length: int) -> str:
    """``text`` behind its first ``folded_length`` folded characters."""
    for end in range(1, len(text) + 1):
        if len(folded(text[:end])) >= folded_length:
            return text[end:]
    return ""


def is_for_us(reader: Reader, incoming: Incoming, *, is_awaited: bool) -> bool:
    """Whether a message is worth a unit of work; the rest is neighbours' own talk."""
    if incoming.is_private or incoming.press or incoming.is_addressed or is_awaited:
        return True
    if not reader.might_concern(incoming.text):
        return False
    return reader.meant(incoming.text, is_addressed=False) is not None
