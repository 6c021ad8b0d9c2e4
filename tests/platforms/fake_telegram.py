"""Fake Bot API 假服务器: checks every call, holds the published limits, and can be nasty.

In a test it runs on the test's own loop. For benchmarks it is a process of its own::

    python -m tests.platforms.fake_telegram --port 8081 --no-limits

where ``POST /control/says`` (``{"who": …, "text": …, "at": …, "times": 1}``) lets somebody speak
and ``GET /control/state`` counts what has happened.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from aiohttp import web

from tests.platforms.bot_api_limits import Limits
from tests.platforms.bot_api_methods import METHODS, Refused, answer_for
from tests.platforms.bot_api_spec import UPLOAD, from_form, problems
from tests.platforms.fake_world import BOT_ID, Json, World

TOKEN: Final = "777:test-token"
KEPT_CALLS: Final = 20_000


@dataclass(slots=True)
class Fault:
    """What goes wrong with ``times`` calls of ``method`` (empty: of any), ``after`` so many.

    ``kind`` is ``refuse`` (with ``status``, ``description``, ``parameters``), ``break_before`` and
    ``break_after`` (the connection goes before or after the call is done), ``slow`` (``seconds``).
    ``then`` is called when it strikes.
    """

    kind: str
    method: str = ""
    times: int = 1
    after: int = 0
    status: int = 500
    description: str = "Internal Server Error"
    parameters: Mapping[str, Any] | None = None
    seconds: float = 0.0
    then: Callable[[], None] = lambda: None


class FakeTelegram(World):
    """One bot's Bot API. ``problems`` must be empty at the end of every test."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        limits: Limits | None = None,
        is_checking: bool = True,
    ) -> None:
        super().__init__()
        self.token = token
        self.limits = limits
        self.problems: list[str] = []
        self.uploads: list[str] = []
        self.calls: deque[tuple[str, Json]] = deque(maxlen=KEPT_CALLS)
        self.counts: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.files: dict[str, bytes] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.webhook: Json = {"url": ""}
        self.reads_all = False
        self.reverse = False
        self.confirmed = 0
        self.hold_s = 60.0
        self.polls = 0
        self.url = ""
        self._is_checking = is_checking
        self._pushed = asyncio.Event()
        self._poll = 0
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Serve on a port of the loopback; 0 takes any free one."""
        app = web.Application(client_max_size=30_000_000)
        app.router.add_route("*", "/bot{token}/{method}", self._called)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        app.router.add_post("/control/says", self._control_says)
        app.router.add_get("/control/state", self._control_state)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Serve no more."""
        self._poll += 1
        self._pushed.set()
        if self._runner is not None:
            await self._runner.cleanup()

    def push(self, update: Json) -> int:
        """As in ``World``; whoever polls is woken."""
        number = super().push(update)
        self._pushed.set()
        return number

    def called(self, method: str) -> list[Json]:
        """The fields of all calls of a method."""
        return [fields for name, fields in self.calls if name == method]

    # HTTP

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"].lower()
        if request.match_info["token"] != self.token:
            return _refusal(Refused(401, "Unauthorized"))
        fields = await _fields(request, method, self.uploads)
        self.counts[method] += 1
        fault = self._fault(method)
        if fault is not None:
            if fault.kind == "refuse":
                return _refusal(Refused(fault.status, fault.description, fault.parameters))
            if fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
        if fault is not None and fault.kind == "break_before":
            return _broken(request)
        try:
            result = await self._done(method, fields)
        except Refused as refused:
            return _refusal(refused)
        if fault is not None and fault.kind == "break_after":
            return _broken(request)
        return web.json_response({"ok": True, "result": result})

    async def _done(self, method: str, fields: Json) -> Any:
        if self._is_checking:
            wrong = problems(method, fields)
            self.problems += wrong
            if wrong:
                raise Refused(400, f"Bad Request: {wrong[0]}")
            self.calls.append((METHODS.get(method, method), fields))
        if method == "getupdates":
            return await self._updates(fields)
        return answer_for(self, method, fields)

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.times > 0 and fault.method.lower() in {"", method}:
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                fault.then()
                return fault
        return None

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.files.get(request.match_info["path"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    # getUpdates

    async def _updates(self, fields: Json) -> list[Json]:
        """Long polling; the younger of two requests at once ends the elder with a conflict."""
        if self.webhook["url"]:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        self.polls += 1
        mine = self._poll
        self._pushed.set()
        self._confirm(fields.get("offset"))
        until = time.monotonic() + min(fields.get("timeout", 0), self.hold_s)
        while True:
            if self._poll != mine:
                raise Refused(409, "Conflict: terminated by other getUpdates request")
            found = self._from(fields.get("offset"), fields.get("limit", 100))
            if found:
                return found[::-1] if self.reverse else found
            left = until - time.monotonic()
            if left <= 0:
                return []
            self._pushed.clear()
            try:
                await asyncio.wait_for(self._pushed.wait(), left)
            except TimeoutError:
                return []

    def _from(self, offset: int | None, limit: int) -> list[Json]:
        """The eldest updates, from ``offset`` on where it is given."""
        wanted = (u for u in self.updates if offset is None or u["update_id"] >= offset)
        return list(islice(wanted, limit))

    def _confirm(self, offset: int | None) -> None:
        """Updates below ``offset`` vanish for good."""
        if offset is None:
            return
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()
            self.confirmed += 1

    # Control, for other processes

    async def _control_says(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        for number in range(int(said.get("times", 1))):
            text = said["text"].replace("{n}", str(number))
            self.says(said["who"].replace("{n}", str(number)), text, said.get("at", ""))
        return web.json_response({"ok": True})

    async def _control_state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(
            {
                "calls": dict(self.counts),
                "waiting": len(self.updates),
                "confirmed": self.confirmed,
                "messages": sum(len(bubbles) for bubbles in self.chats.values()),
                "problems": self.problems[:10],
                "refused": self.limits.refused if self.limits else 0,
                "bot": BOT_ID,
            }
        )


async def _fields(request: web.Request, method: str, uploads: list[str]) -> Json:
    """The fields of a call, from JSON or from a form with files, whose names are noted."""
    if request.content_type == "application/json":
        return dict(await request.json())
    if request.content_type != "multipart/form-data":
        return from_form(method, await request.post())
    form = await request.post()
    uploads += [value.filename for value in form.values() if isinstance(value, web.FileField)]
    found = {k: UPLOAD if isinstance(v, web.FileField) else v for k, v in form.items()}
    return from_form(method, found)


def _refusal(refused: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        body["parameters"] = dict(refused.parameters)
    return web.json_response(body, status=refused.status)


def _broken(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _serve(port: int, *, has_limits: bool, is_checking: bool) -> None:
    fake = FakeTelegram(limits=Limits() if has_limits else None, is_checking=is_checking)
    await fake.start(port)
    print(fake.url, flush=True)
    await asyncio.Event().wait()


def main(argv: list[str]) -> None:
    """Serve until killed; the address is the first line of the output."""
    parser = argparse.ArgumentParser(prog="fake_telegram", description="A fake Bot API server")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--no-limits", action="store_true", help="let any number through")
    parser.add_argument("--no-checks", action="store_true", help="do not check calls")
    given = parser.parse_args(argv)
    asyncio.run(_serve(given.port, has_limits=not given.no_limits, is_checking=not given.no_checks))


if __name__ == "__main__":
    main(sys.argv[1:])
