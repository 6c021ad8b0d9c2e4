"""Serving 网页服务: platforms' pages and webhooks, ``/healthz`` and ``/metrics``, in our loop."""

import contextlib
import logging
import socket
import time
from collections.abc import Iterator, Sequence
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import App
from bot.health import health
from bot.metrics import Meter
from handlers.wording import DEFAULT, texts
from storage.faults import StorageFault

log = logging.getLogger("mulin.web")

_WATCHED: Final = ("/healthz", "/metrics")
CLOSE_WITHIN_S: Final = 2
"""What is left of a stop for pages that are just being answered."""


class WebServer:
    """uvicorn on a socket of ours; signals stay ours too."""

    def __init__(self, application: ASGIApp, listener: socket.socket) -> None:
        self._listener = listener
        self._server = _Server(
            uvicorn.Config(
                application,
                lifespan="off",
                ws="none",  # we serve none, and looking for a library loads it
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=CLOSE_WITHIN_S,
            )
        )

    async def run(self) -> None:
        """Serve until stopped."""
        await self._server.serve(sockets=[self._listener])

    def stop(self) -> None:
        """Take nothing in any more."""
        self._server.should_exit = True


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def application(app: App, routes: Sequence[BaseRoute] = ()) -> Starlette:
    """All that we serve: what is the program's own, then ``routes``, then the platforms'."""
    meter = Meter(app.delivery)
    app.observe = meter.observe
    platforms = [route for platform in app.platforms.values() for route in platform.routes()]
    return Starlette(
        routes=[*_own(app, meter), *routes, *platforms],
        middleware=[Middleware(Requests)],
        exception_handlers={StorageFault: _away},
    )


def _own(app: App, meter: Meter) -> list[BaseRoute]:
    async def healthz(request: Request) -> Response:
        found = await health(app)
        return JSONResponse(found.told(), 200 if found.is_fine else 503)

    async def metrics(request: Request) -> Response:
        found = await health(app)
        content = meter.exposed(found.backlog, found.platforms)
        return Response(content, media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


async def _away(request: Request, error: Exception) -> Response:
    """Nothing can be stored just now; the page may try again."""
    words = texts(DEFAULT)["storage_away_page"]
    return PlainTextResponse(words, 503, headers={"Retry-After": "30"})


class Requests:
    """Logs each request by its route, since paths and queries may hold codes and words."""

    def __init__(self, application: ASGIApp) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and note how it ended."""
        if scope["type"] != "http":
            return await self._application(scope, receive, send)
        begun, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._application(scope, receive, noted)
        finally:
            _log(scope, status, time.perf_counter() - begun)


def _log(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "-")
    facts = {"method": scope["method"], "route": route, "status": status}
    is_failed = status >= 500 and route not in _WATCHED
    level = logging.ERROR if is_failed else logging.DEBUG
    log.log(level, "request", extra={"event": "request", "ms": round(seconds * 1000, 1), **facts})
