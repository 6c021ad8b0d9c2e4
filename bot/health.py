"""Health 健康: whether the program can do its work, as ``/healthz`` tells it."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Final

from bot.app import App
from bot.metrics import Backlog
from storage.faults import Fault, StorageFault
from storage.statement import instant
from storage.unit import Unit

ANSWER_WITHIN_S: Final = 3.0
FAULT_COUNTS_FOR_S: Final = 60.0
"""A unit that could not be stored makes us unwell for so long, unless reading fails anyway."""
LATE_S: Final = 120.0
"""Deadlines are looked for every 30 seconds at least; so much later something is wrong."""


@dataclass(frozen=True, slots=True)
class Health:
    """``database`` is ``ok`` or the name of a fault; ``platforms`` maps names to states."""

    database: str
    platforms: dict[str, str]
    backlog: Backlog

    @property
    def is_fine(self) -> bool:
        """Whether nothing needs a look."""
        states = {self.database, *self.platforms.values()}
        return states <= {"ok", "standby"} and self.backlog.deadline_lag_s < LATE_S

    def told(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {
            "status": "ok" if self.is_fine else "failing",
            "database": self.database,
            "platforms": self.platforms,
            "outbox_backlog": self.backlog.posts,
            "deadline_lag_s": self.backlog.deadline_lag_s,
            "failed_deadlines": self.backlog.failed_deadlines,
        }


async def health(app: App) -> Health:
    """How the program is now."""
    states = {name: platform.state() for name, platform in app.platforms.items()}
    try:
        backlog = await asyncio.wait_for(_backlog(app), ANSWER_WITHIN_S)
    except StorageFault as fault:
        return Health(fault.fault, states, Backlog(0, 0))
    except TimeoutError:
        return Health(Fault.LOCKED, states, Backlog(0, 0))
    return Health(_last_fault(app), states, backlog)


def _last_fault(app: App) -> str:
    if app.fault is None:
        return "ok"
    fault, at = app.fault
    return str(fault) if time.monotonic() - at < FAULT_COUNTS_FOR_S else "ok"


async def _backlog(app: App) -> Backlog:
    async def asked(unit: Unit) -> tuple[int, str | None, int]:
        deadlines = unit.deadlines
        return await unit.outbox.waiting(), await deadlines.next_due(), await deadlines.failed()

    waiting, due, failed = await app.database.read(asked)
    lag = (app.clock() - instant(due)).total_seconds() if due else 0.0
    return Backlog(waiting, max(lag, 0.0), failed)
