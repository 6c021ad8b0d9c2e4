"""Pace town 提醒潮: what both contestants remind of; standard library only."""

from typing import Final

GROUPS: Final = 5_000
EACH: Final = 2
"""Reminders into each group."""
WORDS: Final = "会1 明天 19:00 睦邻夜话，在凉亭。"
