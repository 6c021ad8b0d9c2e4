"""Fake WeCom 假企业微信: one bot's long connection, with the refusals that are documented.

It checks what Tencent's pages say and what was seen in the field; ``problems`` must be empty at
the end of every test. Its clock is the one that is handed in, so that five seconds pass when the
test says so.
"""

import base64
import hashlib
import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from bot.platforms.wecom.crypto import encrypted
from bot.platforms.wecom.timing import LoopTiming, Timing
from tests.platforms.fake_wecom_rules import (
    Quota,
    Refused,
    check_card,
    check_media,
    check_reply,
    check_text,
)
from tests.platforms.fake_wecom_world import Json, WeComWorld

BOT_ID: Final = "BOT1"
SECRET: Final = "a-secret-of-the-long-connection"
ANSWER_WITHIN_S: Final = 5.0
REPLY_WITHIN_S: Final = 24 * 3600.0


@dataclass(slots=True)
class Asked:
    """A callback that may be answered: what it was, where, and when."""

    kind: str
    address: str
    userid: str
    at: float
    task_id: str = ""


@dataclass(slots=True)
class Upload:
    """A file on its way."""

    kind: str
    size: int
    chunks: int
    md5: str
    parts: dict[int, bytes] = field(default_factory=dict)


class FakeWeCom(WeComWorld):
    """The server. ``frames`` is all that clients sent, but heartbeats and subscriptions apart."""

    def __init__(self, timing: Timing | None = None, *, has_limits: bool = True) -> None:
        super().__init__()
        self.timing = timing or LoopTiming()
        self.has_limits = has_limits
        self.url = ""
        self.problems: list[str] = []
        self.frames: list[Json] = []
        self.pings = 0
        self.last_msgid = ""
        self.subscribes: list[str] = []
        self.refusals: Counter[int] = Counter()
        self.next_refusals: dict[str, list[int]] = {}
        self.is_mute = False
        self.loses_acks = False
        self.socket: ServerConnection | None = None
        self._open: dict[str, Asked] = {}
        self._tasks: set[str] = set()
        self._uploads: dict[str, Upload] = {}
        self._quota, self._uploads_quota = Quota(), Quota()
        self._store: dict[str, tuple[bytes, str]] = {}
        self._server: Server | None = None

    async def start(self) -> None:
        """Serve on a free port of the loopback."""
        self._server = await serve(
            self._connected,
            "127.0.0.1",
            0,
            process_request=self._fetched,
            ping_interval=None,
            max_size=None,
            close_timeout=0.2,
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    # Files that people send

    def stored(self, content: bytes, name: str = "photo.jpg") -> Json:
        """Put a file on the store, encrypted; its address and key as a callback tells them."""
        key = os.urandom(32)
        path = f"/media/{len(self._store)}"
        self._store[path] = encrypted(key, content), name
        url = self.url.replace("ws://", "http://") + path
        return {"url": url, "aeskey": base64.b64encode(key).decode()}

    def _fetched(self, connection: ServerConnection, request: Request) -> Response | None:
        if not request.path.startswith("/media/"):
            return None
        content, name = self._store.get(request.path, (b"", ""))
        headers = Headers({"Content-Length": str(len(content)), "Connection": "close"})
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return Response(200 if content else 404, "OK", headers, content)

    # What happens to the connection

    async def close(self, code: int) -> None:
        """Close as a server that restarts does."""
        if self.socket is not None:
            await self.socket.close(code)

    def abort(self) -> None:
        """Break the connection off."""
        if self.socket is not None:
            self.socket.transport.abort()

    async def kick(self) -> None:
        """Another client has connected with the same bot."""
        await self.event("", {"eventtype": "disconnected_event"})

    # One connection

    async def _connected(self, socket: ServerConnection) -> None:
        is_subscribed = False
        with suppress(ConnectionClosed):
            async for text in socket:
                if self.is_mute:
                    continue
                found = json.loads(text)
                if found["cmd"] == "aibot_subscribe":
                    is_subscribed = await self._subscribed(socket, found)
                elif not is_subscribed:
                    self.problems.append(f"{found['cmd']} before subscribe")
                else:
                    await self._asked(socket, found)
        if self.socket is socket:
            self.socket = None

    async def _subscribed(self, socket: ServerConnection, found: Json) -> bool:
        body = found["body"]
        self.subscribes.append(body["bot_id"])
        codes = self.next_refusals.get("aibot_subscribe")
        code = codes.pop(0) if codes else 0
        if (body["bot_id"], body["secret"]) != (BOT_ID, SECRET):
            code = 853000
        elder, is_new = self.socket, not code
        if is_new:
            if elder is not None and elder is not socket:
                await self.kick()
            self.socket = socket
        await self._ack(socket, found, code)
        return is_new

    async def _asked(self, socket: ServerConnection, found: Json) -> None:
        if found["cmd"] == "ping":
            self.pings += 1
            await self._ack(socket, found)
            return
        self.frames.append(found)
        body = None
        try:
            self._scripted(found["cmd"])
            body = self._done(found)
            code = 0
        except Refused as refused:
            code = refused.code
            self.refusals[code] += 1
        if not self.loses_acks:
            await self._ack(socket, found, code, body)

    async def _ack(
        self, socket: ServerConnection, found: Json, code: int = 0, body: Json | None = None
    ) -> None:
        answer: Json = {"headers": {"req_id": found["headers"]["req_id"]}, "errcode": code}
        answer["errmsg"] = "ok" if not code else f"refused {code}"
        if body is not None:
            answer["body"] = body
        with suppress(ConnectionClosed):
            await socket.send(json.dumps(answer))

    def _scripted(self, cmd: str) -> None:
        codes = self.next_refusals.get(cmd)
        code = codes.pop(0) if codes else 0
        if code:
            raise Refused(code)

    def _done(self, found: Json) -> Json | None:
        cmd, body = found["cmd"], found["body"]
        if cmd == "aibot_send_msg":
            self._pushed(body)
        elif cmd.startswith("aibot_respond"):
            self._responded(cmd, found["headers"]["req_id"], body)
        elif cmd.startswith("aibot_upload_media"):
            return self._uploaded(cmd.rpartition("_")[2], body)
        else:
            self.problems.append(f"unknown cmd {cmd}")
            raise Refused(40008)
        return None

    # What a client sends

    def _pushed(self, body: Json) -> None:
        if body.get("chat_type") not in {1, 2}:
            self.problems.append("a push without chat_type")
        address = f"@{body['chatid']}" if body.get("chat_type") == 1 else body["chatid"]
        if body["msgtype"] not in {"markdown", "template_card", "image", "file", "voice", "video"}:
            raise Refused(40008)
        if address in self.left:
            raise Refused(93008)
        if address not in self.spoken:
            raise Refused(93006)
        self._checked(body)
        self._counted(address)
        self.show(address, body)

    def _responded(self, cmd: str, req_id: str, body: Json) -> None:
        kind = {
            "aibot_respond_msg": "message",
            "aibot_respond_welcome_msg": "welcome",
            "aibot_respond_update_msg": "click",
        }[cmd]
        asked = self._open.get(req_id)
        if asked is None or asked.kind != kind:
            raise Refused(846605)
        limit = REPLY_WITHIN_S if kind == "message" else ANSWER_WITHIN_S
        if self.timing.now() - asked.at > limit:
            raise Refused(846605)
        if kind == "click":
            self._updated(req_id, asked, body)
            return
        check_reply(kind, body)
        self._checked(body)
        self._counted(asked.address)
        if kind == "welcome":
            del self._open[req_id]
        self.show(asked.address, body, reply_to=asked.userid)

    def _updated(self, req_id: str, asked: Asked, body: Json) -> None:
        if body.get("response_type") != "update_template_card":
            raise Refused(40008)
        card = body["template_card"]
        check_card(card)
        if card.get("task_id") != asked.task_id:
            raise Refused(42014)
        if body.get("userids") != [asked.userid]:
            self.problems.append("a card updated for others than the clicker")
        del self._open[req_id]
        self.update_card(asked.task_id, asked.userid, card)

    def _checked(self, body: Json) -> None:
        if body["msgtype"] == "template_card":
            check_card(body["template_card"])
            task_id = body["template_card"]["task_id"]
            if task_id in self._tasks:
                raise Refused(42014)
            self._tasks.add(task_id)
        elif body["msgtype"] in {"image", "file"}:
            if body[body["msgtype"]]["media_id"] not in self.files:
                raise Refused(40007)
        else:
            check_text(body)

    def _counted(self, address: str) -> None:
        if self.has_limits:
            self._quota.count(address, self.timing.now())

    def _uploaded(self, step: str, body: Json) -> Json | None:
        if step == "init":
            check_media(body)
            if self.has_limits:
                self._uploads_quota.count("", self.timing.now())
            upload_id = f"U{len(self._uploads)}"
            self._uploads[upload_id] = Upload(
                body["type"], body["total_size"], body["total_chunks"], body["md5"]
            )
            return {"upload_id": upload_id}
        upload = self._uploads.get(body["upload_id"])
        if upload is None:
            raise Refused(40007)
        if step == "chunk":
            part = base64.b64decode(body["base64_data"], validate=True)
            if len(part) > 512 * 1024 or not 0 <= body["chunk_index"] < upload.chunks:
                raise Refused(40009)
            upload.parts[body["chunk_index"]] = part
            return None
        content = b"".join(part for _, part in sorted(upload.parts.items()))
        is_whole = len(upload.parts) == upload.chunks and len(content) == upload.size
        if not is_whole or hashlib.md5(content).hexdigest() != upload.md5:
            raise Refused(40009)
        media_id = f"M{len(self.files)}"
        self.files[media_id] = content
        return {"type": upload.kind, "media_id": media_id, "created_at": "1380000000"}

    # What people do

    async def push(self, cmd: str, body: Json, asked: Asked | None = None) -> str:
        """Send a callback to whoever is connected; its req_id."""
        req_id = self.next_req_id()
        self.last_msgid = body["msgid"]
        if asked is not None:
            self._open[req_id] = asked
        sent = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        if self.socket is not None:
            with suppress(ConnectionClosed):
                await self.socket.send(json.dumps(sent, ensure_ascii=False))
        return req_id

    async def says(self, who: str, text: str = "", at: str = "", **more: Any) -> str:
        """Somebody writes; in a group they have to mention the bot themselves."""
        body = self.message(who, text, at, **more)
        asked = Asked("message", self.address(who, at), who, self.timing.now())
        return await self.push("aibot_msg_callback", body, asked)

    async def event(self, who: str, event: Json, at: str = "", asked: Asked | None = None) -> str:
        """Something happens."""
        return await self.push("aibot_event_callback", self.happening(who, event, at), asked)

    async def enters(self, who: str) -> str:
        """Somebody opens the private chat, for the first time that day."""
        asked = Asked("welcome", f"@{who}", who, self.timing.now())
        self.spoken.add(f"@{who}")
        return await self.event(who, {"eventtype": "enter_chat"}, asked=asked)

    async def presses(self, who: str, label: str, at: str = "") -> str:
        """Somebody taps what they see: a button, or an option and then the card's own button."""
        card, key, selected = self.tapped(who, label, at)
        return await self.taps(who, card, key, selected, at)

    async def taps(self, who: str, card: Json, key: str, selected: Json, at: str = "") -> str:
        """Somebody's client sends any event of a card."""
        task_id = card["task_id"]
        details = {"card_type": card["card_type"], "event_key": key, "task_id": task_id}
        if selected:
            details["selected_items"] = {"selected_item": [selected]}
        asked = Asked("click", self.address(who, at), who, self.timing.now(), task_id)
        event = {"eventtype": "template_card_event", "template_card_event": details}
        return await self.event(who, event, at, asked)
