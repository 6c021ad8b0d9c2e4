"""Mulin decodes chatter and drops it before any unit of work."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import chatter
from bench.contestant import play
from bot.platforms.telegram.reading import Heard, Lens
from bot.platforms.telegram.request import AiohttpRequest
from bot.platforms.telegram.wire import Me, updates_in
from handlers.ask import Links
from handlers.registry import loaded
from handlers.router import Router
from storage.database import Database
from storage.sqlite import SqliteDriver


class OursChatter:
    """The Telegram platform's decoding and the router's first question."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        database = Database(SqliteDriver(Path("never-opened")), lambda: now)
        self._router = Router(database, loaded(), Links("http://127.0.0.1"))
        self._lens = Lens(Me(id=1, is_bot=True, first_name="睦邻", username="mulin_bot"))
        self._dropped = 0

    async def open(self) -> None:
        """Nothing to connect to."""

    async def run(self, count: int) -> None:
        """Decode and drop."""
        for answer in chatter.answers(count):
            envelope: dict[str, Any] = AiohttpRequest.parse_json_payload(answer)
            for update in updates_in(envelope["result"]):
                heard = self._lens.read(update)
                is_ours = isinstance(heard, Heard) and self._router.concerns(heard.incoming)
                self._dropped += not is_ours

    async def done(self) -> int:
        """Updates that were dropped."""
        return self._dropped

    async def close(self) -> None:
        """Nothing to let go."""


if __name__ == "__main__":
    play(OursChatter())
