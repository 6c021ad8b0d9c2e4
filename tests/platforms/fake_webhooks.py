"""Fake webhooks 假回调地址: a robot's webhook, or the ``response_url`` of a callback."""

from typing import Any

from aiohttp import web


class FakeWebhooks:
    """``said`` is what was posted, by path; ``errcodes`` are told in order, then 0."""

    def __init__(self) -> None:
        self.said: dict[str, list[Any]] = {}
        self.errcodes: list[int] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Serve on a free port of the loopback."""
        app = web.Application()
        app.router.add_post("/{path}", self._post)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    def words(self, path: str) -> list[str]:
        """What was said there."""
        return [body["markdown"]["content"] for body in self.said.get(path, [])]

    async def _post(self, request: web.Request) -> web.StreamResponse:
        code = self.errcodes.pop(0) if self.errcodes else 0
        if not code:
            self.said.setdefault(request.match_info["path"], []).append(await request.json())
        return web.json_response({"errcode": code, "errmsg": "ok"})
