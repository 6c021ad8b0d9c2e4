"""Fake Bot API 假接口: as much of Telegram as the benchmarks need, faster than any contestant.

``python -m bench.fake_api`` prints its port. Each token is a bot of its own. ``POST
/load/<token>/<count>`` lets that many neighbours report something; ``GET /sent/<token>`` tells how
many messages arrived; ``POST /press/<token>/<people>/<each>`` lets so many people press so many
buttons each of the newest message in their group, the next one as soon as they are answered, and
answers with the milliseconds. ``GET /reached/<token>`` tells to how many chats messages went, and
how often to the same. No limits, unless ``POST /limit/<token>`` asks for the published ones; ``POST
/ask/<token>/<count>/<every_ms>`` lets that many people ask for help in private and answers with
the milliseconds, ``GET /refused/<token>`` tells how many messages were too many.
"""

import asyncio
import json
import re
from collections import Counter
from typing import Any, Final

from bench.fake_askers import Askers
from bench.fake_voters import Voters
from tests.platforms.bot_api_limits import Limits

GROUPS: Final = 1000
"""Groups in which neighbours speak, one after the other."""
PORT_LINE: Final = "port"
ADMIN: Final = 777000

PROBLEMS: Final = (
    "三楼楼道灯坏了",
    "电梯按钮失灵",
    "垃圾桶满了没人收",
    "地下车库漏水",
    "门禁刷不开",
    "晾衣架松动",
    "花坛里的树枝断了",
    "快递柜挡住消防通道",
    "楼顶水箱有异味",
    "健身器材生锈",
    "窨井盖翘起来了",
    "外墙瓷砖脱落",
)
"""Nothing alike, so that no report is taken for a second one of the same thing."""

_NUMBER = re.compile(rb'(?:^|[?&\s"])offset"?(?:=|:\s*|\r\n\r\n)(-?\d+)')
_CHAT = re.compile(rb'chat_id"?(?:=|:\s*"?|\r\n\r\n)(-?\d+|%2D\d+)')
_LENGTH = re.compile(rb"(?i)content-length:\s*(\d+)")
_ME: Final = {
    "id": ADMIN,
    "is_bot": True,
    "first_name": "睦邻",
    "username": "mulin_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": True,
    "supports_inline_queries": False,
}


def chat_id_of(group: int) -> int:
    """The group's chat."""
    return -1_000_000_000_000 - group


def user_id_of(group: int) -> int:
    """The neighbour who speaks in it."""
    return 10_000 + group


def update(number: int) -> dict[str, Any]:
    """The ``number``-th report, as the Bot API tells it."""
    group, turn = number % GROUPS, number // GROUPS
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "from": {
                "id": user_id_of(group),
                "is_bot": False,
                "first_name": f"邻居{group}",
                "username": f"neighbour_{group}",
                "language_code": "zh-hans",
            },
            "chat": {"id": chat_id_of(group), "title": f"{group}号楼", "type": "supergroup"},
            "date": 1795233600 + number,
            "text": f"/issue {PROBLEMS[turn % len(PROBLEMS)]}",
            "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
        },
    }


class Bot:
    """One token's updates and what it sent."""

    def __init__(self) -> None:
        self.waiting: list[tuple[int, bytes]] = []
        self.next_number = 1
        self.sent = 0
        self.pollers: list[asyncio.Future[None]] = []
        self.buttons = b""
        self.voters: Voters | None = None
        self.askers: Askers | None = None
        self.limits: Limits | None = None
        self.reached: Counter[int] = Counter()

    def load(self, count: int) -> None:
        """Let ``count`` reports wait."""
        numbers = range(self.next_number, self.next_number + count)
        self.waiting += [(n, json.dumps(update(n)).encode()) for n in numbers]
        self.next_number += count

    def push(self, happened: dict[str, Any]) -> None:
        """Let one more update wait."""
        body = json.dumps({"update_id": self.next_number, **happened}).encode()
        self.waiting.append((self.next_number, body))
        self.next_number += 1
        self.wake()

    def wake(self) -> None:
        """Answer those who poll."""
        for poller in self.pollers:
            if not poller.done():
                poller.set_result(None)
        self.pollers.clear()

    def handed_out(self, offset: int) -> bytes:
        """What waits from ``offset`` on; what lies before it is acknowledged."""
        gone = 0
        while gone < len(self.waiting) and self.waiting[gone][0] < offset:
            gone += 1
        del self.waiting[:gone]
        return b"[" + b",".join(body for _, body in self.waiting[:100]) + b"]"


BOTS: Final[dict[bytes, Bot]] = {}


class Connection(asyncio.Protocol):
    """One kept-alive HTTP/1.1 connection."""

    def __init__(self) -> None:
        self._buffer = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the wire."""
        assert isinstance(transport, asyncio.Transport)
        self._wire = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            found = _LENGTH.search(head)
            size = end + 4 + (int(found[1]) if found else 0)
            if len(self._buffer) < size:
                return
            body, self._buffer = self._buffer[end + 4 : size], self._buffer[size:]
            self._answer(head.split(b" ", 2)[1].lstrip(b"/").split(b"/"), body)

    def _answer(self, path: list[bytes], body: bytes) -> None:
        if not path[0].startswith(b"bot"):
            self._control(path, body)
            return
        bot = BOTS.setdefault(path[0].removeprefix(b"bot"), Bot())
        method = path[1].partition(b"?")[0].lower()
        if method == b"sendmessage":
            self._sent(bot, body)
        elif method == b"getupdates":
            task = asyncio.create_task(self._updates(bot, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif method == b"answercallbackquery":
            if bot.voters is not None:
                bot.voters.answered(json.loads(body)["callback_query_id"])
            self._ok(b"true")
        elif method == b"getme":
            self._ok(json.dumps(_ME).encode())
        elif method == b"getmycommands":
            self._ok(b"[]")
        else:
            self._ok(b"true")

    def _sent(self, bot: Bot, body: bytes) -> None:
        found = _CHAT.search(body)
        chat = found[1].replace(b"%2D", b"-") if found else b"0"
        wait = bot.limits.take(int(chat)) if bot.limits is not None else 0
        if wait:
            self._refused(wait)
            return
        bot.sent += 1
        bot.reached[int(chat)] += 1
        if b"callback_data" in body:
            bot.buttons = body
        if bot.askers is not None:
            bot.askers.answered(int(chat))
        self._ok(_message(bot.sent, chat))

    def _control(self, path: list[bytes], body: bytes) -> None:
        bot = BOTS.setdefault(path[1], Bot())
        if path[0] in {b"press", b"ask"}:
            task = asyncio.create_task(self._played(bot, path))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        if path[0] == b"load":
            bot.load(int(path[2]))
            bot.wake()
        if path[0] == b"limit":
            bot.limits = Limits()
        self._ok(json.dumps(_told(bot, path[0])).encode())

    async def _played(self, bot: Bot, path: list[bytes]) -> None:
        """Let people press, or ask, and tell how long they waited."""
        first, second = int(path[2]), int(path[3])
        if path[0] == b"press":
            bot.voters = Voters(first, second, _calls(bot.buttons), bot.push)
            told = await bot.voters.over()
        else:
            bot.askers = Askers(bot.push)
            told = await bot.askers.ask(first, second / 1_000)
        self._ok(json.dumps(told).encode())

    async def _updates(self, bot: Bot, body: bytes) -> None:
        found = _NUMBER.search(body)
        offset = int(found[1]) if found else 0
        answer = bot.handed_out(offset)
        if answer == b"[]" and not _is_short(body):
            poller = asyncio.get_running_loop().create_future()
            bot.pollers.append(poller)
            await asyncio.wait([poller], timeout=5)
            answer = bot.handed_out(offset)
        self._ok(answer)

    def _ok(self, result: bytes) -> None:
        self._write(b"200 OK", b'{"ok":true,"result":' + result + b"}")

    def _refused(self, wait: int) -> None:
        self._write(
            b"429 Too Many Requests",
            b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
            b'"parameters":{"retry_after":%d}}' % (wait, wait),
        )

    def _write(self, status: bytes, body: bytes) -> None:
        head = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._wire.write(head % (status, len(body)) + body)


def _is_short(body: bytes) -> bool:
    """Whether the poll is not to be held (``timeout`` 0 or none)."""
    return not re.search(rb'timeout"?(?:=|:\s*|\r\n\r\n)[1-9]', body)


def _told(bot: Bot, what: bytes) -> object:
    if what == b"reached":
        return [len(bot.reached), max(bot.reached.values(), default=0)]
    if what == b"refused":
        return bot.limits.refused if bot.limits is not None else 0
    return bot.sent


def _calls(body: bytes) -> list[str]:
    """The data of a message's buttons."""
    rows = json.loads(body)["reply_markup"]["inline_keyboard"]
    return [key["callback_data"] for row in rows for key in row if "callback_data" in key]


def _message(number: int, chat: bytes) -> bytes:
    return (
        b'{"message_id":%d,"from":{"id":777000,"is_bot":true,"first_name":"Mulin",'
        b'"username":"mulin_bot"},"chat":{"id":%s,"title":"Mulin","type":"supergroup"},'
        b'"date":1795233600,"text":"ok"}' % (number, chat)
    )


async def _served() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0)
    print(json.dumps({PORT_LINE: server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_served())
