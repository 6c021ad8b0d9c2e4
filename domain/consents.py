"""Consents 同意: what a resident agrees to at joining, each thing for itself.

Source: 个人信息保护法 articles 14, 15 (withdrawn as easily as given), 39 (what leaves the
country needs a consent of its own).
"""

from enum import StrEnum
from typing import Final


class Consent(StrEnum):
    """What is agreed to. ``STORE``: name, door and words are kept here; ``ABROAD``: the chat in
    which they are said is kept abroad by whoever runs it."""

    STORE = "store"
    ABROAD = "abroad"


_ABROAD: Final = frozenset({"telegram"})
"""Platforms that keep what is said outside of the mainland."""


def needed(platform: str) -> tuple[Consent, ...]:
    """What somebody has to agree to who joins on ``platform``."""
    return (Consent.STORE, Consent.ABROAD) if platform in _ABROAD else (Consent.STORE,)
