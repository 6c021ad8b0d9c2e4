"""python-telegram-bot with its defaults and aiosqlite, doing all that Mulin does for a report."""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CommandHandler, ContextTypes

from bench import same_work
from bench.contestant import play
from bench.reports import Countdown, Desk

Context = ContextTypes.DEFAULT_TYPE
TOKEN = "4:same"


class PeerPtbSame:
    """Long polling, handlers one after the other, one connection, one await per statement."""

    def __init__(self, port: int, path: str) -> None:
        self._store = same_work.Desk(path)
        self._desk = Desk(port, TOKEN)
        self._answered = Countdown()
        url = f"http://127.0.0.1:{port}/bot"
        self._app = Application.builder().token(TOKEN).base_url(url).build()
        self._app.add_handler(CommandHandler("issue", self._report))

    async def open(self) -> None:
        """Connect and poll."""
        await self._store.open()
        await self._app.initialize()
        await self._app.start()
        assert self._app.updater is not None
        await self._app.updater.start_polling()

    async def run(self, count: int) -> None:
        """Have reports come in; over when all are stored, answered and settled."""
        self._answered.start(count)
        await self._desk.load(count)
        await self._answered.over()

    async def _report(self, update: Update, context: Context) -> None:
        message, chat, who = update.message, update.effective_chat, update.effective_user
        assert message is not None and chat is not None and who is not None
        card = await self._store.report(
            str(update.update_id),
            str(chat.id),
            str(who.id),
            f"{chat.id}:{message.message_id}",
            " ".join(context.args or ()),
        )
        if card is None:
            return
        buttons = [InlineKeyboardButton(label, callback_data=call) for label, call in card.buttons]
        sent = await context.bot.send_message(
            chat.id, card.text, reply_markup=InlineKeyboardMarkup([buttons])
        )
        await self._store.arrived(card, sent.message_id)
        self._answered.one()

    async def done(self) -> int:
        """Messages that arrived, if as many are stored and none waits."""
        return min(await self._desk.sent(), await self._store.done())

    async def close(self) -> None:
        """Stop polling and disconnect."""
        assert self._app.updater is not None
        await self._app.updater.stop()
        await self._app.stop()
        await self._app.shutdown()
        await self._store.close()


if __name__ == "__main__":
    play(PeerPtbSame(int(sys.argv[1]), sys.argv[2]))
