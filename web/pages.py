"""Pages 页面: templates filled in, with the headers that keep foreign code and frames out."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from handlers.wording import Speaker

_HERE: Final = Path(__file__).parent
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
PHOTO_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, max-age=86400",
}

_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
    auto_reload=False,
)


def fragment(template: str, speaker: Speaker, **facts: Any) -> str:
    """A filled template.

    In it ``say`` puts a key under ``web`` into the reader's language, ``word`` any key.
    """

    def say(key: str, **words: object) -> str:
        return speaker.text(f"web.{key}", words)

    return _PAGES.get_template(template).render(
        say=say,
        word=lambda key: speaker.text(key, {}),
        lang=speaker.lang,
        version=static_version(),
        **facts,
    )


def page(template: str, speaker: Speaker, status: int = 200, **facts: Any) -> HTMLResponse:
    """A whole page."""
    return HTMLResponse(fragment(template, speaker, **facts), status, headers=dict(HEADERS))


def plain(speaker: Speaker, key: str, status: int = 200, **facts: object) -> HTMLResponse:
    """A page that only says something: ``web.<key>.title`` and ``web.<key>.words``."""
    return page("plain.html", speaker, status, key=key, facts=facts)


def back_to(path: str) -> Response:
    """Send the browser on with a GET, so that reloading posts nothing again."""
    is_ours = path.startswith("/") and path[1:2] not in {"/", "\\"}
    return RedirectResponse(path if is_ours else "/", 303, headers={"Cache-Control": "no-store"})


@cache
def static_version() -> str:
    """Changes with the style and the script, so that browsers may keep them for long."""
    files = sorted((_HERE / "static").iterdir())
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:12]


class _Kept(StaticFiles):
    """Style and script; their address changes with their content."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def static_files() -> Mount:
    """Route of the style and the script."""
    return Mount("/static", _Kept(directory=_HERE / "static"), name="static")
