"""Asking 请求: asks a web application without a server."""

from typing import Any

from starlette.types import ASGIApp


async def asked(
    application: ASGIApp, path: str, *, method: str = "GET", query: str = ""
) -> tuple[int, str]:
    """Status and text of the answer."""
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"test")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await application(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in said)
    return said[0]["status"], body.decode()
