"""One scenario with every kind of frame, played by our platform and by Tencent's own client."""

import asyncio
import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from bot.clock import HeldClock
from bot.platforms.wecom.connection import Credentials
from bot.platforms.wecom.platform import Options, WeComPlatform
from handlers.messages import Form, Incoming, Shown, packed
from storage.database import Database
from storage.outbox import Post
from storage.photos import StoredPhoto
from storage.sqlite import SqliteDriver
from storage.unit import Unit
from tests.platforms.desk import until
from tests.platforms.fake_wecom import BOT_ID, SECRET, FakeWeCom
from tests.platforms.fake_wecom_world import Json
from tests.platforms.node_peer import Peer

GOLDEN: Final = Path(__file__).parent.parent / "data" / "wecom-frames.json"
"""What Tencent's client sends in the scenario; ours has to send the same, with or without Node.

Written anew by ``python -m tests.platforms.keep_wecom_frames``.
"""
PICTURE: Final = bytes(range(256)) * 4500
"""More than one chunk and less than three."""
BUTTONS: Final = [[["附议", "second:1.1"]], [["帮助", "help"]]]
FORM: Final = Form("handin:5.1", "车棚建在哪", ("东侧", "西侧"), note="票5 实名")
OPTIONS: Final = [[["东侧", "vote:5.1:0"]], [["西侧", "vote:5.1:1"]]]
SENT: Final = {
    "answer": Shown("好的，已记下"),
    "welcome": Shown("您好，有什么事？"),
    "card": Shown("报1 · 待派单\n五楼灯坏了", BUTTONS),
    "poll": Shown("票5\n车棚建在哪", OPTIONS, form=FORM),
    "push": Shown("明天停水"),
}


class Client(Protocol):
    """Whoever plays the scenario."""

    async def heard(self, req_id: str) -> None:
        """Wait until the callback is here."""

    async def says(self, what: str, req_id: str, to: str) -> None:
        """Say one of ``SENT``, as an answer where there is a ``req_id``."""

    async def shows(self, to: str) -> None:
        """Send the picture."""

    async def notes(self, req_id: str, text: str, who: str, to: str) -> None:
        """Answer a tap with a changed card."""


async def played(fake: FakeWeCom, client: Client) -> list[Json]:
    """The frames that the client sent, without what is different each time."""
    fake.spoken |= {"@wang", "G1"}
    fake.frames.clear()
    req_id = await fake.says("wang", "@助手 报事 灯坏了", "G1")
    await client.heard(req_id)
    await client.says("answer", req_id, "G1")
    req_id = await fake.enters("wang")
    await client.heard(req_id)
    await client.says("welcome", req_id, "@wang")
    await client.says("card", "", "G1")
    req_id = await fake.presses("wang", "附议", "G1")
    await client.heard(req_id)
    await client.notes(req_id, "已附议", "wang", "G1")
    await client.says("poll", "", "G1")
    await client.says("push", "", "@wang")
    await client.shows("G1")
    return [bare(frame) for frame in fake.frames]


_CHANGING: Final = re.compile(r"(REQ|stream_|M|U|c0-)[0-9][0-9A-Za-z_-]*")


def bare(frame: Any) -> Any:
    """A frame without numbers that are drawn anew each time."""
    if isinstance(frame, dict):
        return {key: bare(found) for key, found in sorted(frame.items()) if key != "feedback"}
    if isinstance(frame, list):
        return [bare(one) for one in frame]
    if isinstance(frame, str) and len(frame) > 200:
        return f"{len(frame)} characters"
    if isinstance(frame, str):
        found = re.sub(r"^(aibot_\w+?|ping)_\d{13}_[0-9a-f]{8}$", r"\1", frame)
        return _CHANGING.sub(r"\1", found) if _CHANGING.fullmatch(found) else found
    return frame


@dataclass
class Ours:
    """Our platform."""

    platform: WeComPlatform
    received: list[Incoming]
    picture: int
    number: int = 0

    async def heard(self, req_id: str) -> None:
        self.number += 1
        await until(lambda: len(self.received) >= self.number)

    async def says(self, what: str, req_id: str, to: str) -> None:
        shown = SENT[what]
        if req_id and not to.startswith("@"):
            shown = Shown(shown.text, reply_to=self.received[-1].ref)
        await self.platform.send(Post("wecom", to, "send", packed(shown), id=self.number + 100))

    async def shows(self, to: str) -> None:
        body = packed(Shown("", photo=self.picture))
        await self.platform.send(Post("wecom", to, "send", body, id=999))

    async def notes(self, req_id: str, text: str, who: str, to: str) -> None:
        press = self.received[-1].press
        assert press is not None
        body = packed(Shown(text))
        await self.platform.send(Post("wecom", to, "toast", body, ref=press.ref, id=998))


@dataclass
class Tencents:
    """Tencent's own client, told to say what ours says; ``golden`` are our frames, in order."""

    peer: Peer
    golden: list[Json]
    number: int = 0

    async def heard(self, req_id: str) -> None:
        for event in self.peer.events:
            if event.get("frame", {}).get("headers", {}).get("req_id") == req_id:
                return
        while True:
            self.peer.events.append(await self.peer.line())
            frame = self.peer.events[-1].get("frame", {})
            if frame.get("headers", {}).get("req_id") == req_id:
                return

    async def says(self, what: str, req_id: str, to: str) -> None:
        frame = {"headers": {"req_id": req_id}}
        body = dict(self._next()["body"])
        if what == "answer":
            content = body["stream"]["content"]
            await self._ok("stream", frame=frame, id="stream_1_x", content=content)
        elif what == "welcome":
            await self._ok("welcome", frame=frame, body=body)
        else:
            if "template_card" in body:
                self.number += 1
                task = {"task_id": f"c0-{self.number}-sdk"}
                body["template_card"] = body["template_card"] | task
            await self._ok("send", chatid=body.pop("chatid"), body=body)

    async def shows(self, to: str) -> None:
        while self._next()["cmd"] != "aibot_upload_media_finish":
            pass
        content = base64.b64encode(PICTURE).decode()
        sent = await self._ok("upload", type="image", filename="图片.jpg", content=content)
        media_id = sent["result"]["media_id"]
        body = dict(self._next()["body"]) | {"image": {"media_id": media_id}}
        await self._ok("send", chatid=body.pop("chatid"), body=body)

    async def notes(self, req_id: str, text: str, who: str, to: str) -> None:
        body = self._next()["body"]
        frame = {"headers": {"req_id": req_id}}
        card = body["template_card"] | {"task_id": f"c0-{self.number}-sdk"}
        await self._ok("update", frame=frame, card=card, userids=[who])

    def _next(self) -> Json:
        return self.golden.pop(0)

    async def _ok(self, step: str, **args: Any) -> Json:
        told = await self.peer.does(step, **args)
        assert "result" in told, told
        return told


async def ours(fake: FakeWeCom, folder: Path, clock: HeldClock) -> list[Any]:
    """The scenario's frames, played by our platform."""
    database = Database(SqliteDriver(folder / "mulin.db"), clock)
    await database.open()
    received: list[Incoming] = []

    async def take(incoming: Any) -> None:
        received.append(incoming)

    async def kept(unit: Unit) -> int:
        stored = StoredPhoto("image/jpeg", PICTURE)
        return await unit.photos.add(stored, community_id=None, person_id=None, now=unit.now)

    platform = WeComPlatform(
        Credentials(BOT_ID, SECRET, fake.url), database, Options(bot_name="助手")
    )
    picture = await database.unit(kept)
    running = asyncio.create_task(platform.run(take))
    await until(lambda: platform.state() == "ok")
    frames = await played(fake, Ours(platform, received, picture))
    await platform.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await database.close()
    return frames
