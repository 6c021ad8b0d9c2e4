"""aiogram 3: an echo that stores nothing."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from bench.contestant import play
from bench.reports import Countdown, Desk

TOKEN = "2:aiogram"


class PeerAiogram:
    """Long polling with the defaults: updates beside each other."""

    def __init__(self, port: int) -> None:
        self._desk = Desk(port, TOKEN)
        self._answered = Countdown()
        server = TelegramAPIServer.from_base(f"http://127.0.0.1:{port}")
        self._bot = Bot(TOKEN, session=AiohttpSession(api=server))
        self._dispatcher = Dispatcher()
        self._dispatcher.message.register(self._echo)

    async def open(self) -> None:
        """Poll."""
        polling = self._dispatcher.start_polling(self._bot, handle_signals=False)
        self._polling = asyncio.create_task(polling)

    async def run(self, count: int) -> None:
        """Have reports come in; over when all are answered."""
        self._answered.start(count)
        await self._desk.load(count)
        await self._answered.over()

    async def _echo(self, message: Message) -> None:
        await message.answer(message.text or "")
        self._answered.one()

    async def done(self) -> int:
        """Messages that arrived."""
        return await self._desk.sent()

    async def close(self) -> None:
        """Stop polling."""
        await self._dispatcher.stop_polling()
        await self._polling
        await self._bot.session.close()


if __name__ == "__main__":
    play(PeerAiogram(int(sys.argv[1])))
