"""python-telegram-bot with its defaults and aiosqlite: reports stored and answered."""

import sys

import aiosqlite
from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bench import workload
from bench.contestant import play
from bench.fake_api import chat_id_of
from bench.reports import Countdown, Desk

Context = ContextTypes.DEFAULT_TYPE
TOKEN = "1:ptb"


class PeerPtb:
    """Long polling, handlers one after the other, one connection, one await per statement."""

    def __init__(self, port: int, path: str) -> None:
        self._path = path
        self._desk = Desk(port, TOKEN)
        self._answered = Countdown()
        url = f"http://127.0.0.1:{port}/bot"
        self._app = Application.builder().token(TOKEN).base_url(url).build()
        self._app.add_handler(CommandHandler("issue", self._report))

    async def open(self) -> None:
        """Connect and poll."""
        workload.prepare_sqlite(self._path)
        self._db = await aiosqlite.connect(self._path, isolation_level=None)
        for pragma in workload.PRAGMAS:
            await self._db.execute(pragma)
        await self._app.initialize()
        await self._app.start()
        assert self._app.updater is not None
        await self._app.updater.start_polling()

    async def run(self, count: int) -> None:
        """Have reports come in; over when all are stored and answered."""
        self._answered.start(count)
        await self._desk.load(count)
        await self._answered.over()

    async def _report(self, update: Update, context: Context) -> None:
        assert update.effective_chat is not None and update.message is not None
        chat = update.effective_chat
        label = await self._stored(chat.id, update.message.text or "")
        await context.bot.send_message(chat.id, label)
        self._answered.one()

    async def _stored(self, chat_id: int, words: str) -> str:
        number = next(workload.numbers)
        execute = self._db.execute
        address = workload.address_of(chat_id_of(0) - chat_id)
        await execute("begin immediate")
        async with execute(workload.READ, (address,)) as cursor:
            place = await cursor.fetchone()
        assert place is not None
        await execute(workload.ISSUE, (place[0], number, words, "reported", workload.AT))
        await execute(workload.ENTRY, (number, "report", workload.AT))
        await execute(workload.POST, (address, words, "waiting"))
        await self._db.commit()
        return f"报{number} {place[1]}\n{words}"

    async def done(self) -> int:
        """Messages that arrived, if as many are stored."""
        async with self._db.execute("select count(*) from outbox") as cursor:
            found = await cursor.fetchone()
        assert found is not None
        return min(await self._desk.sent(), int(found[0]))

    async def close(self) -> None:
        """Stop polling and disconnect."""
        assert self._app.updater is not None
        await self._app.updater.stop()
        await self._app.stop()
        await self._app.shutdown()
        await self._db.close()


if __name__ == "__main__":
    play(PeerPtb(int(sys.argv[1]), sys.argv[2]))
