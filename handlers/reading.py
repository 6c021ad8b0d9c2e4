"""Reading 识读: which command a message means, if it means us at all."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from domain.refusal import Refusal
from domain.text import cleaned, folded
from handlers.messages import Incoming
from handlers.registry import Command, Registry
from handlers.slots import Slot

_MARKS: Final = " \n,，:：;；.。!！?？、/~～-—"
_LEAD: Final = re.compile(r"^[\s/／!！.。,，、@＠]+")
_HEDGES: Final = ("我要", "我想", "我来", "帮我", "麻烦", "请请", "请我", "请帮", "请麻")
_HEDGE: Final = re.compile(r"^(?:我要|我想|我来|帮我|请|麻烦)+")
_BEGINNING: Final = re.compile(
    r"^(?:我们?|想|要|帮我|请)*"
    r"(?:发起|发布|发出|新建|(?:发|开|搞|办|写|提|起草)(?:一?[个次份条])?)(?:一下)?"
)
"""发起投票, 写纪要, 发个通知: verbs before a command's word, where we alone are spoken to."""
_A_MEETING: Final = re.compile(
    r"^(?:我们?|想|要|帮我|请)*(?:召?开|召集|组织)(?:一?[个次场])会(?:议)?(?:吧|呗|啊|了)?"
)
"""开个会: a meeting that has no name of its own."""
# 报事了吗, 报事情况: neighbours talking about us, not to us.
_TALK: Final = re.compile(
    r"^(?:了|吗|没|呢|的|不|过|完|好|还|吧|哦|啊|得|群|这|情|人|已|电话|流程)"
)
_QUESTION: Final = re.compile(r"吗|呢|么|多少|几点|怎|谁|哪|[?？]")
# 报事怎么说, 投票有什么用: a question about us, which help answers; never a report.
_ASKS_HOW: Final = re.compile(
    r"^(?:怎|咋|如何|是什么|是啥|什么|有什么|有啥|干什么|干啥|how\b|what\b)"
)
# 夜话几点开, 睦邻夜话在哪: whoever asks for a meeting wants to see what is to come.
_ASKS_WHEN: Final = re.compile(
    r"^(?:是|在|要)?(?:什么时候|啥时候|何时|几点|哪天|哪里|哪儿|when\b|where\b)"
)
# 公告栏碎了, 会议室的灯坏了: a thing whose name begins like a command's word.
_THING: Final = re.compile(r"^(?:[栏箱牌板柜屏]|室(?![内外])|处(?![理于])|机(?![动房]))")
_FAULT: Final = re.compile(
    r"[坏漏堵脏臭吵碎歪裂破断丢塌]|掉了|松了|不亮|没[人水电气]|停[水电]|太[高差慢乱贵]"
)
_TAKES_FAULTS: Final = frozenset({"issue", "reopen"})
"""What is broken, or still is, stands behind their words."""
_ONLY_TALK: Final = re.compile(r"(?:了|吗|没|呢|的|吧|过|完|哦|啊|好)+[?？!！。.~～]*")
_START: Final = 64
"""Characters in which a command's word must have come."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A command and the text behind its word.

    ``word`` is the one that was said. ``is_everyday``: nothing but a word was said that neighbours
    also use for something else.
    """

    command: Command
    rest: str
    word: str = ""
    is_everyday: bool = False


class Reader:
    """Finds the command in a text; made once from the registry's words."""

    def __init__(self, registry: Registry) -> None:
        self._words = registry.longest_first
        self._all = tuple(word for word, _ in self._words)
        self._help = registry.commands["help"]
        self._meetings = registry.commands["meetings"]
        self._meeting_word = f"{registry.commands['meeting'].words[0]} "
        openings = (*self._all, *_HEDGES, *(f"请{word}" for word in self._all))
        self._heads = frozenset(part for word in openings for part in (word[0], word[:2]))
        self._may_open = lru_cache(maxsize=4096)(self._opens)
        # A message is asked about up to three times on its way.
        self._may_begin = lru_cache(maxsize=256)(self._begins)
        self._meant = lru_cache(maxsize=256)(self._found)

    def meant(self, text: str, *, is_addressed: bool) -> Meant | None:
        """The command that ``text`` calls.

        Where we are not plainly addressed (a busy group), everyday words call nothing, and the
        word must stand alone or be followed by a mark and by what the command needs, unless the
        command ``runs_on``.
        """
        return self._meant(text, is_addressed)

    def _found(self, text: str, is_addressed: bool) -> Meant | None:
        bare = _LEAD.sub("", cleaned(text))
        is_free = is_addressed or text.lstrip()[:1] in {"/", "／"}
        candidates = [bare, _HEDGE.sub("", bare)]
        if is_addressed:
            named = _A_MEETING.sub(self._meeting_word, bare)
            candidates += [_BEGINNING.sub("", bare), named]
        for candidate in candidates:
            found = self._at_start(candidate, is_free=is_free)
            if found is not None:
                return found
        return None

    def might_concern(self, text: str) -> bool:
        """Whether a group's message could call a command; cheap, for dropping chatter."""
        return self._may_open(text[:2]) and self._may_begin(text[:_START])

    def _begins(self, start: str) -> bool:
        """Whether a message that begins with ``start`` begins with a word that calls a command."""
        small = _LEAD.sub("", folded(start))
        return small.startswith(self._all) or _HEDGE.sub("", small).lstrip().startswith(self._all)

    def _opens(self, head: str) -> bool:
        """Whether a message that begins with ``head`` (two characters) may call a command.

        There are few such pairs, and remembering them drops most chatter before it is folded.
        """
        pair = _LEAD.sub("", folded(head))[:2]
        return not pair or pair in self._heads or pair[0] in self._all

    def _at_start(self, text: str, *, is_free: bool) -> Meant | None:
        small = folded(text)
        if not small.startswith(self._all):
            return None
        for word, command in self._words:
            if not small.startswith(word):
                continue
            rest = _cut(text, word)
            if word.isascii() and rest[:1].isalnum() and rest[:1].isascii():
                continue
            if word in command.alone and rest and rest[0] not in _MARKS:
                continue
            if is_free:
                is_meant = not (_ONLY_TALK.fullmatch(rest) or _is_another_word(word, command, rest))
            else:
                is_meant = _is_meant_in_a_group(word, command, rest)
            if is_meant:
                behind = _behind(rest)
                is_everyday = not behind and word in command.everyday
                return self._or_help(Meant(command, behind, word, is_everyday))
        return None

    def _or_help(self, meant: Meant) -> Meant:
        """What answers a question, where one about the command follows its word."""
        rest = folded(meant.rest[:_START])
        if meant.command.code == "meeting" and _ASKS_WHEN.match(rest):
            return Meant(self._meetings, "")
        if not _ASKS_HOW.match(rest):
            return meant
        return Meant(self._help, meant.command.section)


def _behind(rest: str) -> str:
    """``rest`` without the marks that part it from the word; the minus of a number stays."""
    bare = rest.lstrip(_MARKS)
    sign = rest[: len(rest) - len(bare)][-1:]
    return f"-{bare}" if sign == "-" and bare[:1].isdigit() else bare


def _is_another_word(word: str, command: Command, rest: str) -> bool:
    """Whether ``word`` only begins another one: 会议室的灯坏了, 看不见路灯, 我的门铃坏了."""
    if not rest or rest[0] in _MARKS or word.isascii() or command.code in _TAKES_FAULTS:
        return False
    if _THING.match(rest) or (rest[0] == "不" and word in command.everyday):
        return True
    slot = next(iter(command.said), None)
    takes_any = slot is not None and not slot.is_optional and not slot.kind.is_number
    return not takes_any and bool(_FAULT.search(rest)) and not (slot and _fits(slot, rest))


def _is_meant_in_a_group(word: str, command: Command, rest: str) -> bool:
    """Whether a word at the start of what somebody says in a group calls us."""
    behind = _behind(rest)
    is_joined = bool(rest) and rest[0] not in _MARKS
    slot = next(iter(command.said), None)
    if slot is not None and slot.kind.is_number:
        is_bare = not behind and not word.isascii() and word not in command.everyday
        return is_bare or _fits(slot, behind)
    if word in command.everyday:
        return False
    if not behind:
        return True
    if is_joined and not word.isascii():
        return _runs_on(word, command, rest) and _takes(slot, behind)
    return slot is not None and _takes(slot, behind)


def _takes(slot: Slot | None, text: str) -> bool:
    """Whether what follows is what the command needs; what it may do without has to fit."""
    return slot is None or not slot.is_optional or _fits(slot, text)


def _runs_on(word: str, command: Command, rest: str) -> bool:
    """报事五楼灯坏了, but not 报事了吗."""
    is_first = command.runs_on and word == command.words[0]
    return is_first and len(rest) >= 3 and not _TALK.match(rest) and not _QUESTION.search(rest)


def _fits(slot: Slot, text: str) -> bool:
    try:
        slot.kind.parse(text)
    except Refusal:
        return False
    return True


def _cut(text: str, word: str) -> str:
    """``text`` behind ``word``, with which it begins once it is folded."""
    if text.startswith(word):
        return text[len(word) :]
    for end in range(1, len(text) + 1):
        if len(folded(text[:end])) >= len(word):
            return text[end:]
    return ""


def is_for_us(reader: Reader, incoming: Incoming, *, is_awaited: bool) -> bool:
    """Whether a message is worth a unit of work; the rest is neighbours' own talk."""
    if incoming.is_private or incoming.press or incoming.is_addressed or is_awaited:
        return True
    if not reader.might_concern(incoming.text):
        return False
    return reader.meant(incoming.text, is_addressed=False) is not None
