"""python-telegram-bot with its ``AIORateLimiter``: reminders to many groups, answers between."""

import asyncio
import json
import sys

from telegram import Update
from telegram.ext import (
    AIORateLimiter,
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
)

from bench.fake_api import chat_id_of
from bench.pace_town import EACH, GROUPS, WORDS

TOKEN = "8:peer"
MAX_RETRIES = 100
PATIENCE_S = 600.0
"""For a connection; with the default of one second most reminders would be lost."""


async def _run(port: int) -> None:
    limiter = AIORateLimiter(max_retries=MAX_RETRIES)
    url = f"http://127.0.0.1:{port}/bot"
    builder = ApplicationBuilder().token(TOKEN).base_url(url).concurrent_updates(True)
    builder = builder.pool_timeout(PATIENCE_S)
    app = builder.rate_limiter(limiter).build()
    app.add_handler(CommandHandler("help", _helped))
    await app.initialize()
    await app.start()
    assert app.updater is not None
    await app.updater.start_polling()
    print(json.dumps({"ready": True}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    chats = [chat_id_of(group) for _ in range(EACH) for group in range(GROUPS)]
    sent = (app.bot.send_message(chat, WORDS) for chat in chats)
    await asyncio.gather(*sent, return_exceptions=True)


async def _helped(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text("怎么用")


if __name__ == "__main__":
    asyncio.run(_run(int(sys.argv[1])))
