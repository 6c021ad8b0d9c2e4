"""Aside 错峰: off the full and the half hour, when every organisation's robots speak at once."""

import zlib
from datetime import datetime, timedelta
from typing import Final

from storage.outbox import Post, Priority

CROWDED: Final = timedelta(minutes=3)
"""From each full and half hour on; whoever comes after it goes at once."""
SPREAD_MINUTES: Final = 9


def aside(post: Post, now: datetime) -> datetime:
    """When a post goes: now, or a few minutes after the rush; the same minute for the same chat."""
    if post.kind != "send" or post.priority is Priority.ANSWER:
        return now
    half = now.replace(minute=now.minute // 30 * 30, second=0, microsecond=0)
    if now - half >= CROWDED:
        return now
    lot = zlib.crc32(post.address.encode())
    return half + CROWDED + timedelta(seconds=lot % (SPREAD_MINUTES * 60))
