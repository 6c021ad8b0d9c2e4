"""Garbage 垃圾回收: how often Python looks for what nobody needs."""

import gc
from typing import Final

LOOK_EVERY: Final = 20_000
"""Objects made and kept between two looks at the young ones; Python's own 700 are fewer than one
message makes, so that each message would pay for a look or two."""
OLDER_EVERY: Final = (20, 100)


def look_less_often() -> None:
    """Leave what was loaded at the start alone, and look for garbage less often; once, when
    everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY, *OLDER_EVERY)
