"""python-telegram-bot decodes chatter and looks through 38 handlers, none of which wants it."""

import json

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes, MessageHandler, filters

from bench import chatter
from bench.contestant import play

Context = ContextTypes.DEFAULT_TYPE
LATIN = (
    *("issue", "mine", "list", "todo", "second", "dispatch", "accept", "decline", "finish"),
    *("verify", "reopen", "escalate", "withdraw", "show", "bind", "role", "code", "join", "help"),
)
CHINESE = (
    *("报事", "我的报事", "报事列表", "待办", "附议", "派单", "接单", "退单", "办结", "验单"),
    *("退回", "上报", "撤回", "看", "绑定", "任命", "邀请码", "加入", "帮助"),
)


class PeerPtbChatter:
    """A Latin and a Chinese handler for each of 19 commands."""

    def __init__(self) -> None:
        self._app = Application.builder().token("1:chatter").updater(None).build()
        self._seen = 0
        for word in LATIN:
            self._app.add_handler(CommandHandler(word, self._wanted))
        for word in CHINESE:
            self._app.add_handler(MessageHandler(filters.Regex(f"^{word}"), self._wanted))
        self._calls = 0

    async def open(self) -> None:
        """Nothing to connect to."""
        self._app._initialized = True

    async def run(self, count: int) -> None:
        """Decode and dismiss."""
        for answer in chatter.answers(count):
            for raw in json.loads(answer)["result"]:
                update = Update.de_json(raw, self._app.bot)
                await self._app.process_update(update)
                self._seen += 1

    async def _wanted(self, update: Update, context: Context) -> None:
        self._calls += 1

    async def done(self) -> int:
        """Updates that were dismissed."""
        return self._seen

    async def close(self) -> None:
        """Nothing to let go."""


if __name__ == "__main__":
    play(PeerPtbChatter())
