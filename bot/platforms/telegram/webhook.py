"""Webhook 回调: the route that Telegram posts updates to; 200 means that they are stored."""

import hmac
from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.platforms.lanes import Lanes
from bot.platforms.telegram.wire import Update, update_in

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
DEFAULT_PATH: Final = "/telegram"
MAX_BYTES: Final = 1_000_000


def with_path(url: str) -> str:
    """``url`` with our path where it names none, so that it does not meet the front page."""
    parts = urlsplit(url)
    return url if not url or parts.path.strip("/") else f"{url.rstrip('/')}{DEFAULT_PATH}"


def webhook_route(url: str, secret: str, lanes: Callable[[], Lanes[Update] | None]) -> Route:
    """The route behind the public ``url``; without a secret it takes nothing."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(HEADER, "")
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if int(request.headers.get("content-length") or 0) > MAX_BYTES:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        ready = lanes()
        if ready is None:
            return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
        return await _stored(ready, await request.body())

    return Route(urlsplit(url).path, receive, methods=["POST"])


async def _stored(lanes: Lanes[Update], body: bytes) -> Response:
    """200 once it is stored or nothing to store; else Telegram is asked to come again."""
    update = update_in(body)
    if update is None:
        return Response(status_code=HTTPStatus.OK)
    future = lanes.put(update)
    try:
        await future
    finally:
        is_stored = future.done() and not future.cancelled()
    return Response(status_code=HTTPStatus.OK if is_stored else HTTPStatus.SERVICE_UNAVAILABLE)
