"""Checking 检查: what ``python -m bot check`` tells about WeCom."""

import asyncio

from bot.platforms.base import Finding
from bot.platforms.wecom.callback import Endpoint
from bot.platforms.wecom.connection import Connection, Credentials
from bot.platforms.wecom.socket import turn_of
from bot.platforms.wecom.timing import LoopTiming, Timing
from storage.database import Database
from storage.faults import Fault, StorageFault

WITHIN_S = 15.0
_SETTLED = frozenset({"ok", "auth_failed", "unreachable", "superseded"})


async def findings(
    entry: Credentials | Endpoint, database: Database, bot_name: str, timing: Timing | None = None
) -> list[Finding]:
    """Connection and name. While the program runs nothing is tried: the two would part it."""
    if isinstance(entry, Endpoint):
        found = [Finding("wecom.check.callback", True, {"url": entry.url})]
        found.append(Finding("wecom.check.no_push", True))
    else:
        found = [await _connection(entry, database, timing or LoopTiming())]
    if not bot_name:
        found.append(Finding("wecom.check.no_name", False))
    return found


async def _connection(credentials: Credentials, database: Database, timing: Timing) -> Finding:
    if await _is_running(database, credentials):
        return Finding("wecom.check.in_use", True)
    state = await _state(credentials, timing)
    if state in {"ok", "auth_failed"}:
        return Finding(f"wecom.check.{state}", state == "ok", {"bot": credentials.bot_id})
    return Finding("wecom.check.unreachable", False, {"url": credentials.url})


async def _is_running(database: Database, credentials: Credentials) -> bool:
    """Whether a process of ours has the connection just now."""
    try:
        await database.open(migrate=False)
    except StorageFault as fault:
        return fault.fault is Fault.LOCKED
    try:
        return await database.read(lambda unit: unit.turns.is_taken(turn_of(credentials)))
    finally:
        await database.close()


async def _state(credentials: Credentials, timing: Timing) -> str:
    """Connect once and tell how that went."""
    told: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def tell(state: str) -> None:
        if state in _SETTLED and not told.done():
            told.set_result(state)

    connection = Connection(credentials, heard=lambda frame: None, tell=tell, timing=timing)
    running = asyncio.create_task(connection.run())
    try:
        async with asyncio.timeout(WITHIN_S):
            return await told
    except TimeoutError:
        return "unreachable"
    finally:
        await connection.stop()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
