"""Endings 结束与取消: what ends something for everybody at once is asked about first."""

from collections.abc import Mapping
from typing import Any

from handlers.ask import CANCEL, Ask
from handlers.messages import Button, Reply, Words
from handlers.numbers import Numbered, carried
from handlers.registry import Handler

KEEP_ROW = (Button(Words("button.keep_it"), CANCEL),)
"""Not 取消: under a question that asks whether something is called off, that says the opposite."""


async def sure(
    ask: Ask, handler: Handler, what: Numbered, key: str, facts: Mapping[str, Any] | None = None
) -> Reply:
    """Ask whether ``handler`` shall end ``what``; the yes calls it."""
    yes = await ask.confirm(handler, {"number": carried(what)})
    return Reply(key, {"label": what.label, **(facts or {})}, ((yes,), KEEP_ROW))
