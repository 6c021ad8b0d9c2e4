"""Numbers 编号: 报7 as people say it, or ``7.12`` as a button carries it: with its community."""

import re
from typing import Final

from domain.conventions import Convention
from domain.issues import Issue
from domain.meetings import Meeting
from domain.motions import Motion
from domain.notices import Notice
from domain.polls import Poll
from domain.proposals import Proposal
from domain.surveys import Survey

_CARRIED: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,18}))?")


Numbered = Issue | Poll | Meeting | Motion | Survey | Notice | Convention | Proposal


def carried(thing: Numbered) -> str:
    """The number of ``thing`` and whose number it is, for a button."""
    return f"{thing.number}.{thing.community_id}"


def checked(text: str) -> str:
    """``text`` as a button may carry it; raises ValueError where it is forged."""
    if not _CARRIED.fullmatch(text):
        raise ValueError("no number")
    return text


def parts_of(number: str) -> tuple[int, int | None]:
    """The number itself and the id of its community, None where it was typed."""
    found = _CARRIED.fullmatch(number)
    if found is None:
        raise ValueError("no number")
    return int(found[1]), int(found[2]) if found[2] else None
