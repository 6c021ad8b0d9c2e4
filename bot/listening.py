"""Listening 监听: the socket that the web server is given."""

import errno
import socket
from typing import Final

BACKLOG: Final = 256


class PortTaken(Exception):
    """Another program listens there, or we may not."""


def listen(host: str, port: int, *, or_any: bool = False) -> socket.socket:
    """A socket that listens; with ``or_any`` at a free port where that one is taken.

    Raises:
        PortTaken: It cannot be had.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if or_any and error.errno == errno.EADDRINUSE:
            return listen(host, 0)
        raise PortTaken(f"{host}:{port}") from error
