"""Sessions 会话: a random token in the browser, of which only the hash is stored."""

import hashlib
import hmac
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

COOKIE: Final = "mulin"
COOKIE_LIFE_S: Final = 400 * 24 * 3600
"""As long as browsers allow; every visit begins it anew."""


def new_token() -> str:
    """A fresh token, 256 bits."""
    return secrets.token_urlsafe(32)


def new_account() -> str:
    """A fresh account on this platform; it says nothing about anybody."""
    return f"w{secrets.token_hex(8)}"


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(token: str) -> str:
    """What our own pages put into their forms; a foreign page cannot know it."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()[:32]


def is_form_token(token: str, given: str) -> bool:
    """Whether a form came from a page that we gave to the holder of ``token``."""
    return hmac.compare_digest(form_token(token).encode(), given.encode("utf-8", "replace"))


class Cookie:
    """Where a browser keeps its token; behind HTTPS only our very host can have set it."""

    def __init__(self, *, is_secure: bool) -> None:
        self._name = f"__Host-{COOKIE}" if is_secure else COOKIE
        self._is_secure = is_secure

    def token_of(self, request: Request) -> str:
        """The browser's token, or an empty text."""
        return request.cookies.get(self._name, "")[:100]

    def keep(self, response: Response, token: str) -> None:
        """Let the browser keep its token."""
        response.set_cookie(
            self._name,
            token,
            max_age=COOKIE_LIFE_S,
            httponly=True,
            samesite="lax",
            secure=self._is_secure,
        )

    def drop(self, response: Response) -> None:
        """Let the browser forget its token."""
        response.delete_cookie(self._name, httponly=True, samesite="lax", secure=self._is_secure)
