"""Labels 编号: 报1, 票2, 会3 said alone show what they name; 会3改到…, 会3取消 change it.

People read these short names everywhere, so in private they work as they are read.
"""

import re
from collections.abc import Mapping
from typing import Final

from domain.attendance import Answer
from domain.text import cleaned, folded, whole_number

_SHOWS: Final = {
    "报": "show",
    "报事": "show",
    "票": "showpoll",
    "投票": "showpoll",
    "会": "showmeeting",
    "会议": "showmeeting",
    "询": "showsurvey",
    "征询": "showsurvey",
    "表": "showmotion",
    "表决": "showmotion",
    "约": "showconvention",
    "公约": "showconvention",
    "议": "showproposal",
    "提议": "showproposal",
}
"""What a label begins with → the command that shows it."""
_COMES: Final[Mapping[Answer, re.Pattern[str]]] = {
    Answer.YES: re.compile(
        r"(?:好的?|行)?[,，]?(?:我们?|俺)(?:一定|肯定|会|要)*(?:来|去|参加)(?:的|了|参加)?|"
        r"算我一个|(?:我)?报名(?:参加)?|i(?:'ll| will)? (?:come|be there)|i'?m (?:coming|in)"
    ),
    Answer.MAYBE: re.compile(
        r"(?:我)?(?:可能|也许|尽量|看情况)(?:会)?(?:来|去|参加)|(?:来不来|去不去)?(?:还)?(?:说不准|不一定)来?|"
        r"maybe|i might come"
    ),
    Answer.NO: re.compile(
        r"(?:我|我们|对不起|抱歉)?[,，]?(?:有事)?[,，]?(?:不|没法|不能|没空)(?:能)?(?:来|去|参加)了?|"
        r"(?:我)?(?:有事)?[,，]?(?:来|去)不了了?|"
        r"i (?:can't|cannot|won't) come|(?:i'm )?not coming"
    ),
}
"""What people say to an invitation in their own words, and nothing else."""
_NUMBER: Final = r"([0-9０-９]{1,9}|[一二三四五六七八九十百两]{1,9})"
_LONGEST_ANSWER: Final = 24
_LABEL: Final = re.compile(
    rf"(?:看看|看|查看|查)?\s*({'|'.join(_SHOWS)})\s*#?{_NUMBER}号?\s*[。.!！]?"
)
_CHANGED: Final = re.compile(
    rf"会议?\s*#?{_NUMBER}号?\s*[,，]?\s*(?:(改期到?|改到|推迟到|提前到)(.+)|取消了?[,，]?(.*))"
)

_GIVEN: Final = re.compile(
    rf"(?:把|请)?(?:派单?)?\s*报事?\s*#?{_NUMBER}号?\s*[,，]?\s*(?:派单?|转|交)?给\s*(.+)"
)
"""报2派给赵师傅, 派单报2给维修队."""
_DONE: Final = re.compile(
    rf"报事?\s*#?{_NUMBER}号?\s*[,，]?\s*((?:已经?|都)?(?:[修办弄做]好|[办做]完|搞定|完成)了?)[。!！]?"
)
"""报1修好了: finished by whoever works on it, verified by whoever reported it."""
_OF_THE_NEXT: Final = re.compile(
    r"(?:这次|那次|下次)?(?:会议?|开会|夜话)?(?:的?时间|的?地点)?(?:要|先)?"
    r"(?:(?:改期到|改到|推迟到|提前到)(?P<line>.+)|(?<=[会议话])取消(?:了|吧|掉)*[。!！]?)"
)
"""会议改到周五晚8点, 会议取消了: about the meeting to come, which nobody calls by its number."""


def answered(text: str) -> Answer | None:
    """The answer to an invitation that a text is, as a whole; else None."""
    words = folded(text).strip(" 。.!！~～,，啊哦哈") if len(text) <= _LONGEST_ANSWER else ""
    found = [answer for answer, said in _COMES.items() if words and said.fullmatch(words)]
    return found[0] if found else None


def labelled(text: str) -> tuple[str, Mapping[str, str]] | None:
    """The command, and its arguments, that a label alone or with a change means; else None."""
    words = cleaned(text).strip()
    if found := _LABEL.fullmatch(words):
        number = whole_number(found[2])
        return (_SHOWS[found[1]], {"number": str(number)}) if number else None
    if (found := _GIVEN.fullmatch(words)) and (number := whole_number(found[1])):
        return "dispatch", {"number": str(number), "to": found[2].strip(" 。.!！")}
    if (found := _DONE.fullmatch(words)) and (number := whole_number(found[1])):
        return "saiddone", {"number": str(number), "words": found[2]}
    if (found := _CHANGED.fullmatch(words)) and (number := whole_number(found[1])):
        if found[2]:
            return "movemeeting", {"number": str(number), "line": found[3].strip()}
        return "cancelmeeting", {"number": str(number), "why": (found[4] or "").strip()}
    return None


def of_the_next(text: str) -> tuple[str, Mapping[str, str]] | None:
    """The command, and its arguments, that a change means which names no meeting; else None."""
    found = _OF_THE_NEXT.fullmatch(cleaned(text).strip())
    if found is None:
        return None
    line = found["line"]
    return ("movemeeting", {"line": line.strip()}) if line else ("cancelmeeting", {})
