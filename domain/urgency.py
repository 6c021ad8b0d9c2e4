"""Urgency 紧急: words that mean danger to life, for which nobody waits for the morning."""

import re
from typing import Final

from domain.text import folded

_DANGER: Final = re.compile(
    r"着火|起火|失火|火灾|冒烟|煤气|燃气|天然气味|爆炸|救命|晕倒|昏倒|触电|漏电|跳楼|坠楼|砸伤|"
    r"(?:困|关|卡)在?电梯|电梯.{0,12}(?:困|关着|卡住|夹)|"
    r"\bfire\b|gas leak|smell of gas|explosion|unconscious|trapped in the (?:lift|elevator)"
)
_ONLY_ABOUT: Final = re.compile(r"燃气费|煤气费|燃气表|抄表|灭火器|消防通道|演练")


def is_emergency(words: str) -> bool:
    """Whether ``words`` tell of danger to life; meters, bills and drills do not."""
    small = folded(words)
    return bool(_DANGER.search(_ONLY_ABOUT.sub("", small)))
