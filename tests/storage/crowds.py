"""Crowds 人群: neighbours who speak at once, to one worker or to several."""

import asyncio
from datetime import timedelta

from bot.app import App
from handlers.messages import Incoming, Press
from handlers.router import Handled
from storage.outbox import Post
from storage.statement import Statement
from storage.unit import Unit


class Crowd:
    """Neighbours who speak at once, to one worker or to several."""

    def __init__(self, apps: list[App]) -> None:
        self.apps = apps
        self.count = 0

    def said(self, who: str, text: str, chat: str = "") -> Incoming:
        self.count += 1
        return Incoming(
            "memory", f"c{self.count}", chat or f"@{who}", not chat, who, who, text,
            ref=f"r{self.count}",
        )  # fmt: skip

    def pressed(self, who: str, call: str) -> Incoming:
        self.count += 1
        return Incoming(
            "memory", f"c{self.count}", f"@{who}", True, who, who, press=Press(call, f"{who}|1")
        )

    async def at_once(self, messages: list[Incoming]) -> list[Handled]:
        workers = [self.apps[i % len(self.apps)] for i in range(len(messages))]
        jobs = [w.router.receive(m) for w, m in zip(workers, messages, strict=True)]
        return list(await asyncio.gather(*jobs))


async def hung(unit: Unit, *, is_shown: bool) -> None:
    """A card of a poll waits to be sent in 3号楼, or hangs there and waits for an edit."""
    chat = await unit.chats.met("memory", "3号楼", is_private=False)
    card_id = await unit.cards.add(chat, None, None, "poll", 1)
    if is_shown:
        await unit.outbox.refresh("poll", 1)
        return
    post = Post("memory", "3号楼", "send", "", card_id=card_id)
    await unit.outbox.put(post, unit.now + timedelta(seconds=1))
    await Statement("update outbox set due_at = made_at")
