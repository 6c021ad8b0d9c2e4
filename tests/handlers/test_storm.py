"""Storm 乱来: thousands of odd messages and presses over the real router end without a bug."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

import asyncpg
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.clock import HeldClock
from bot.example import cast, seed
from bot.platforms.memory import MemoryPlatform
from handlers.messages import Incoming, Picture, Press, unpacked
from handlers.registry import loaded
from handlers.router import Handled
from storage.database import Database, Driver
from storage.postgres import PostgresDriver
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import NEEDS_POSTGRES, NOON, POSTGRES, QUICK_POSTGRES
from tests.templates import QuickDriver

SHORT: Final = 1_500
"""Characters of the longest answer: an issue's card with 300 characters, or a page of a list."""
LIFE: Final = ("issue", "second", "dispatch", "accept", "finish", "verify", "reopen", "escalate")
ODD: Final = (
    "🙂🙂🙂",
    "👨‍👩‍👧‍👦",
    "\u202eمرحبا\u202c",
    "\u200b\u200d\ufeff",
    "<b>灯</b>",
    "*灯* _坏_ [x](y)",
    "'; drop table issues; --",
    '" or 1=1',
    "\ud83d",
    "a\ud800b",
    "\x00\x01",
    "灯" * 10_000,
    "一" * 5_000,
    "9" * 5_000,
    "99999999999999999999",
    "-1",
    "0",
    "１",
    "二",
    "2.",
    "{label}",
    "%s%n",
    "\n\n\n",
    "/",
    "@",
    "=!",
    "３号楼２单元５０１",
    "3-2-501",
    "AAAA-BBBB",
    "ﷺ" * 100,
    "İ" * 30,
)

commands = sorted(loaded().commands.values(), key=lambda command: command.code)
words = sorted({word for command in commands for word in (*command.words, command.code)})
people = [*cast().people[:5], *cast().people[-12:], "生人甲", "生人乙", "\ud83dx", "王" * 300]
places = [
    "",
    "",
    "",
    "",
    "",
    "3号楼",
    "3号楼",
    "3号楼",
    "5号楼",
    "第一网格",
    "睦邻社区",
    "没绑定的群",
]
args = st.one_of(
    st.sampled_from(ODD),
    st.integers(-2, 12).map(str),
    st.integers(0, 2**70).map(str),
    st.sampled_from([*cast().people[:4], "楼栋长", "3号楼", "s1", "p1", "zh", "维修队"]),
    st.text(max_size=40),
)
number = st.integers(1, 9).map(str)
sane = st.one_of(
    st.builds(
        "报事 {}楼的{}".format, number, st.sampled_from(["灯坏了", "门坏了", "水管漏", *ODD[:9]])
    ),
    st.builds(
        "{} {}".format,
        st.sampled_from(["附议", "接单", "验单", "撤回", "看", "经过", "派单", "/show"]),
        number,
    ),
    st.builds("派单 {} {}".format, number, st.sampled_from(["维修队", "自己", "吴老师", "谁呢"])),
    st.builds("{} {} {}".format, st.sampled_from(["办结", "退单", "退回", "上报"]), number, args),
    st.builds(
        "投票 {}车棚建在哪 东侧/西侧/不建 {}".format,
        st.sampled_from(["", "匿名 ", "多选 ", "每户 "]),
        st.sampled_from(["明晚8点", "周五晚8点", "8点", "昨天", ""]),
    ),
    st.builds(
        "{} {}".format, st.sampled_from(["议题 会1", "议定 会1", "列入议题", "期限 1"]), args
    ),
    st.sampled_from(["睦邻夜话 明晚7点 凉亭", "召集", "议程", "议程 会1", "纪要 会1", "议题 堆物"]),
    st.sampled_from(["列表", "我的报事", "待办", "帮助", "语言 en", "语言 zh", "登记 3-2-102"]),
    st.sampled_from(["五楼灯坏了", "取消", "算了", "1", "2", "3", "维修队", "好了"]),
)
odd = st.one_of(
    st.builds(" ".join, st.lists(st.one_of(st.sampled_from(words), args), max_size=4)),
    st.builds("{}{}".format, st.sampled_from(words), args),
    args,
)
spoken = st.one_of(sane, sane, odd)
calls = st.one_of(
    st.builds(
        ":".join,
        st.tuples(
            st.sampled_from([command.code for command in commands]),
            st.integers(-1, 12).map(str),
            args,
        ),
    ),
    st.builds("{}:{}".format, st.sampled_from([c.code for c in commands]), st.integers(1, 6)),
    st.sampled_from(["=!", "=cancel", "=s1", "=p1", "=1", "=en", "=zh", "=", ""]),
    args,
)
SAYS, PRESSES, FORGES = "says", "presses", "forges"
messages = st.fixed_dictionaries(
    {
        "who": st.sampled_from(people),
        "at": st.sampled_from(places),
        "text": spoken,
        "way": st.sampled_from([SAYS] * 5 + [PRESSES] * 4 + [FORGES]),
        "call": calls,
        "has_picture": st.sampled_from([False, False, False, True]),
        "is_edit": st.sampled_from([False, False, False, False, True]),
        "is_addressed": st.booleans(),
        "is_repeated": st.sampled_from([False] * 9 + [True]),
        "pick": st.integers(0, 50),
        "later": st.sampled_from([0, 0, 0, 0, 5, 700, 5_000]),
    }
)


class Storm:
    """The program with everybody shouting at it."""

    def __init__(self, driver: Driver) -> None:
        self.clock = HeldClock(NOON)
        self.screen = MemoryPlatform()
        self.app = App(Database(driver, self.clock), [self.screen])
        self.app.observe = self.handled
        self.last: Incoming | None = None
        self.now: Incoming | None = None
        self.count = 0
        self.outcomes: dict[str, int] = {}
        self.done: set[str] = set()

    async def hit(self, message: dict[str, object]) -> None:
        """One message, and what has to hold after it."""
        incoming = self.incoming(message)
        self.clock.move_to(self.clock() + timedelta(minutes=int(str(message["later"]))))
        self.now = incoming
        self.count += 1
        await self.app.received(incoming)
        await self.app.delivery.drain()
        await self.app.alarm.fire()

    def handled(self, kind: str, handled: Handled, seconds: float | None) -> None:
        """What has to hold after every message and deadline."""
        self.outcomes[handled.outcome] = self.outcomes.get(handled.outcome, 0) + 1
        self.done |= {handled.code} if handled.outcome in {"answered", "silent"} else set()
        assert handled.outcome != "bug", (kind, handled.code, self.now)
        for post in handled.posts:
            shown = unpacked(post.body)
            assert len(shown.text) <= SHORT
            assert all(len(call.encode()) <= 64 for row in shown.buttons for _, call in row)

    def incoming(self, message: dict[str, object]) -> Incoming:
        """The message; sometimes the one before is delivered again."""
        if message["is_repeated"] and self.last is not None:
            return self.last
        who, at = str(message["who"]), str(message["at"])
        chat = at or f"@{who}".encode("utf-8", "replace").decode()
        call = str(message["call"]) if message["way"] == FORGES else None
        if message["way"] == PRESSES:
            call = self._shown(chat, int(str(message["pick"])))
        picture = Picture("image/png", b"x")
        self.last = Incoming(
            platform=self.screen.name,
            delivery=f"d{self.count}",
            chat=chat,
            is_private=not at,
            account=who.encode("utf-8", "replace").decode(),
            name=who,
            text="" if call is not None else str(message["text"]),
            ref=f"m{int(str(message['pick'])) % 9}",
            press=Press(call, f"{who}|1".encode("utf-8", "replace").decode())
            if call is not None
            else None,
            pictures=(picture,) if message["has_picture"] else (),
            is_addressed=bool(message["is_addressed"]),
            is_edit=bool(message["is_edit"]) and call is None,
        )
        return self.last

    def _shown(self, chat: str, pick: int) -> str | None:
        found = [
            call
            for bubble in self.screen.chats.get(chat, [])[-6:]
            for row in bubble.shown.buttons
            for _, call in row
        ]
        return found[pick % len(found)] if found else None

    async def is_whole(self) -> bool:
        """Whether the chain is unbroken and every state stands in it."""

        async def asked(unit: Unit) -> bool:
            community = (await unit.places.communities())[0]
            last = await rows(
                "select i.id from issues i where i.version <> "
                "(select count(*) from journal j where j.subject = 'issue' "
                "and j.subject_id = i.id)"
            )
            return await unit.journal.first_break(community.id) is None and not last

        return await self.app.database.unit(asked)


@asynccontextmanager
async def storm(driver: Driver) -> AsyncIterator[Storm]:
    """A storm over the example neighbourhood."""
    made = Storm(driver)
    await made.app.open()
    await made.app.database.unit(lambda unit: seed(unit, made.screen.name))
    try:
        yield made
    finally:
        await made.app.close()


def rage(runner: asyncio.Runner, made: Storm, examples: int) -> None:
    """Let hypothesis think of messages."""

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(messages, min_size=10, max_size=10))
    def one_run(run: list[dict[str, object]]) -> None:
        for message in run:
            runner.run(made.hit(message))

    one_run()


def test_two_thousand_odd_messages_on_sqlite(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        made_in = storm(QuickDriver(tmp_path / "storm.db"))
        made = runner.run(made_in.__aenter__())
        try:
            rage(runner, made, 210)
            assert made.count >= 2_000
            assert {"answered", "refused", "silent", "repeated"} <= set(made.outcomes)
            assert len(set(LIFE) & made.done) >= 6
            assert runner.run(made.is_whole())
        finally:
            runner.run(made_in.__aexit__(None, None, None))


@NEEDS_POSTGRES
def test_some_hundred_odd_messages_on_postgres() -> None:
    schema = f"test_{uuid4().hex[:12]}"
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(POSTGRES))
        runner.run(connection.execute(f"create schema {schema}"))
        made_in = storm(PostgresDriver(QUICK_POSTGRES, schema))
        made = runner.run(made_in.__aenter__())
        try:
            rage(runner, made, 40)
            assert made.count >= 400
            assert runner.run(made.is_whole())
        finally:
            runner.run(made_in.__aexit__(None, None, None))
            runner.run(connection.execute(f"drop schema {schema} cascade"))
            runner.run(connection.close())
