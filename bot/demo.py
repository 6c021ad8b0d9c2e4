"""Demo 示例小区: fills the example with the last days' life, and moves its clock forward."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from bot.app import App
from bot.clock import ShiftedClock, system_clock
from bot.example import GRIDS, RESIDENTS, STAFF, ZONE, cast, seed
from bot.example_weather import POSITION
from bot.platforms.webchat import WebChatPlatform
from domain.people import Role
from handlers.ask import YES
from web.demo import Character, DemoPages, Stage
from web.talk import Voice, private_chat

STARRING: Final = ("王阿姨", "李网格", "赵师傅", "刘大爷")
"""Who carries the story; their parts are told on the first page."""
DAYS: Final = 5
"""So many days of life are there when a visitor comes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Somebody says or taps something, so many days before today, in a group or in private."""

    days_ago: int
    at: time
    who: str
    words: str = ""
    group: str = ""
    taps: str = ""


HISTORY: Final = (
    Scene(5, time(9, 12), "冯叔", "报事 一楼信箱锁坏了", "1号楼"),
    Scene(5, time(9, 40), "李网格", "派单 报1 维修队"),
    Scene(5, time(10, 5), "赵师傅", "接单 报1"),
    Scene(5, time(16, 20), "赵师傅", "办结 报1 换了新锁，钥匙放在楼长家"),
    Scene(5, time(18, 31), "冯叔", "验单 报1"),
    Scene(4, time(19, 3), "吴老师", "今天楼道真干净，谢谢保洁", "3号楼"),
    Scene(3, time(8, 15), "郑师母", "报事 二楼半楼梯扶手松了，老人扶着不稳", "3号楼"),
    Scene(3, time(8, 50), "小陈", "附议 报2", "3号楼"),
    Scene(3, time(9, 30), "吴老师", "附议 报2", "3号楼"),
    Scene(3, time(9, 45), "李网格", "派单 报2 维修队"),
    Scene(3, time(10, 20), "赵师傅", "接单 报2"),
    Scene(2, time(15, 10), "赵师傅", "办结 报2 扶手已经重新固定，请大家试试"),
    Scene(2, time(17, 2), "钱伯", "报事 单元门口的地砖翘起来了，容易绊倒", "4号楼"),
    Scene(2, time(17, 30), "小杨", "附议 报3", "4号楼"),
    Scene(2, time(18, 10), "唐网格", "派单 报3 维修队"),
    Scene(2, time(19, 5), "张楼长", "征询 楼道装声控灯，每户15元，同意吗 五天后晚8点"),
    Scene(2, time(19, 6), "张楼长", taps=YES),
    Scene(2, time(19, 20), "吴老师", group="3号楼", taps="surveyanswer:1:yes"),
    Scene(2, time(19, 48), "郑师母", group="3号楼", taps="surveyanswer:1:yes"),
    Scene(2, time(20, 15), "小陈", group="3号楼", taps="surveyanswer:1:no"),
    Scene(1, time(10, 26), "刘大爷", "报事 楼下快递堆在门口，轮椅过不去", "3号楼"),
    Scene(1, time(11, 5), "李网格", "派单 报4 自己"),
    Scene(1, time(11, 6), "李网格", "接单 报4"),
    Scene(1, time(18, 40), "张楼长", "投票 楼下车棚建在哪 东侧/西侧/不建 三天后晚8点"),
    Scene(1, time(18, 41), "张楼长", taps=YES),
    Scene(1, time(18, 55), "吴老师", group="3号楼", taps="vote:1:0"),
    Scene(1, time(19, 2), "郑师母", group="3号楼", taps="vote:1:0"),
    Scene(1, time(19, 30), "小陈", group="3号楼", taps="vote:1:1"),
    Scene(1, time(19, 48), "小陈", "报事 充电桩第3个插座没电", "3号楼"),
    Scene(1, time(20, 10), "小陈", "谁知道物业周末上班吗？", "3号楼"),
    Scene(1, time(20, 30), "张楼长", "睦邻夜话 四天后晚7点 凉亭，车棚和车位"),
    Scene(1, time(20, 31), "张楼长", taps=YES),
    Scene(1, time(20, 35), "刘大爷", group="3号楼", taps="rsvp:1:yes"),
    Scene(1, time(20, 40), "吴老师", group="3号楼", taps="rsvp:1:yes"),
    Scene(1, time(20, 52), "周业委", taps="attend:1"),
)


def demo_clock() -> ShiftedClock:
    """The example's clock; it starts some days back and is moved to today by ``Demo.open``."""
    return ShiftedClock(-timedelta(days=DAYS + 1))


class Demo:
    """The example neighbourhood on the web chat of ``app``, under ``clock``."""

    def __init__(self, app: App, platform: WebChatPlatform, clock: ShiftedClock) -> None:
        self._app = app
        self._platform = platform
        self._clock = clock
        self._zone = ZoneInfo(ZONE)
        self._deliveries = count(1)
        platform.has_home = False
        stage = Stage(characters(), cast().groups, self._zone, self.forward)
        self._pages = DemoPages(app.database, platform.hub, platform.talk, stage)

    def routes(self) -> list[BaseRoute]:
        """The example's pages, besides the platform's own."""
        return self._pages.routes()

    async def open(self) -> None:
        """Fill an empty database with the last days' life; then let the clock show today.

        Called after ``App.open`` and before ``App.run``. A database that is there already is left
        as it is: its clock goes on where it had been moved to.
        """
        database = self._app.database
        known = await database.unit(lambda unit: unit.webchat.newest_at())
        if known is None:
            await database.unit(lambda unit: seed(unit, self._platform.name, POSITION))
            await self._live_through(system_clock())
        now = max(known or system_clock(), system_clock())
        await self.forward(now - self._clock())

    async def forward(self, by: timedelta) -> None:
        """Move the clock on; all that is due on the way fires, and is sent, at its time."""
        target = self._clock() + by
        app = self._app
        await app.delivery.drain()
        while (due := await app.alarm.next_due()) is not None and due <= target:
            self._clock.forward(due - self._clock())
            fired = await app.alarm.fire()
            await self._settle()
            if not fired and await app.alarm.next_due() == due:
                break
        self._clock.forward(target - self._clock())
        app.delivery.take((), has_waiting=True)
        app.alarm.nudge()

    async def _settle(self) -> None:
        """Let everything that was caused appear, and the weather that was asked for."""
        if self._app.forecasting:
            await self._app.forecasting.fetch()
        await self._app.delivery.drain()

    async def _live_through(self, today: datetime) -> None:
        self._platform.talk.received = self._app.received
        for scene in HISTORY:
            day = today.astimezone(self._zone).date() - timedelta(days=scene.days_ago)
            at = datetime.combine(day, scene.at, self._zone)
            await self.forward(at - self._clock())
            voice = Voice(scene.who, scene.group or private_chat(scene.who), scene.who)
            delivery, talk = f"scene-{next(self._deliveries)}", self._platform.talk
            if scene.taps:
                await talk.press(voice, scene.taps, delivery)
            else:
                await talk.say(voice, scene.words, (), delivery)
            await self._settle()
        self._platform.talk.received = None


def characters() -> list[Character]:
    """Everybody in the example as the page shows them, those of the story first."""
    found = {name: _resident(name, flat) for flat, name in RESIDENTS.items()}
    for name, role, place in STAFF:
        found[name] = Character(name, role, place, _group(place))
    others = [found[name] for name in cast().people if name not in STARRING]
    return [*(found[name] for name in STARRING), *others]


def _resident(name: str, flat: str) -> Character:
    return Character(name, Role.RESIDENT, flat, f"{flat.partition('-')[0]}号楼")


def _group(place: str) -> str:
    """The building group in which somebody of that place is: their own, else the liveliest."""
    if place in GRIDS:
        return "3号楼" if "3号楼" in GRIDS[place] else GRIDS[place][0]
    return place if place.endswith("号楼") else "3号楼"
