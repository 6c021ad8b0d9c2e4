"""Pauses 停顿: what would keep everybody waiting for tens of milliseconds, kept short."""

import gc
import sys
from typing import Final

SWITCH_EVERY_S: Final = 0.001
"""How long the database's thread may go on before the event loop gets its turn."""


def keep_pauses_short() -> None:
    """For a process that serves; called once all is imported and open.

    What lives as long as the program need not be looked through again and again by the collector:
    25 ms each time, some ten times while five thousand reminders go out (``bench storm``).
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(SWITCH_EVERY_S)
