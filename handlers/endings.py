"""Endings 结束与取消: what ends something for everybody at once is asked about first."""

from collections.abc import Mapping
from typing import Any

from handlers.ask import CANCEL_ROW, Ask
from handlers.messages import Reply
from handlers.numbers import Numbered, carried
from handlers.registry import Handler


async def sure(
    ask: Ask, handler: Handler, what: Numbered, key: str, facts: Mapping[str, Any] | None = None
) -> Reply:
    """Ask whether ``handler`` shall end ``what``; the yes calls it."""
    yes = await ask.confirm(handler, {"number": carried(what)})
    return Reply(key, {"label": what.label, **(facts or {})}, ((yes,), CANCEL_ROW))
