"""Logs 日志: one JSON object a line, of ids and names of events; nobody's words are in it."""

import json
import logging
import re
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TextIO

OURS: Final = "mulin"
"""Head of our loggers' names. What others say may hold anything, so only where is kept of it."""
MAX_ERRORS: Final = 8
MAX_FRAMES: Final = 12

_USUAL: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_.:/@+{}-]{0,64}")
_ROOT: Final = Path(__file__).parent.parent


def set_up(
    level: str, form: str, secrets: Sequence[str] = (), stream: TextIO | None = None
) -> None:
    """Log everything of this process to ``stream`` (standard error).

    Args:
        form: ``json``, ``plain``, or ``auto`` (plain on a terminal).
        secrets: Values that are blotted out, should one ever get so far.
    """
    out = stream or sys.stderr
    is_plain = form == "plain" or (form == "auto" and out.isatty())
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines(secrets, is_plain=is_plain))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
    logging.captureWarnings(True)
    sys.excepthook = _crashed


class Lines(logging.Formatter):
    """Writes records of ours in full, of others where they came from."""

    def __init__(self, secrets: Sequence[str] = (), *, is_plain: bool = False) -> None:
        super().__init__()
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)
        self._is_plain = is_plain

    def format(self, record: logging.LogRecord) -> str:
        """One line; in the plain form an error's places follow on lines of their own."""
        facts = self._facts(record)
        text = _plain(facts) if self._is_plain else json.dumps(facts, ensure_ascii=False)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "log": record.name}
        if record.name.partition(".")[0] == OURS:
            facts |= {"event": _event(record), **_extras(record)}
        else:
            facts["event"] = f"{Path(record.pathname).stem}.{record.funcName}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            facts["errors"] = errors(record.exc_info[1])
        return facts


def _event(record: logging.LogRecord) -> str:
    return str(getattr(record, "event", "")) or str(record.msg)


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    given = {k: v for k, v in vars(record).items() if k not in _USUAL and k != "event"}
    return {key: _name(value) for key, value in sorted(given.items())}


def _name(value: object) -> Any:
    """Numbers and names of ours as they are; a text that could be somebody's words is not kept."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    return text if _PLAIN_NAME.fullmatch(text) else "…"


def errors(error: BaseException) -> list[dict[str, Any]]:
    """An error and those behind it: kinds and places, never messages, which may hold words."""
    found: list[dict[str, Any]] = []
    waiting: list[BaseException] = [error]
    while waiting and len(found) < MAX_ERRORS:
        one = waiting.pop(0)
        told: dict[str, Any] = {"error": type(one).__qualname__, "in": _places(one)}
        if fault := getattr(one, "fault", None):
            told["fault"] = _name(fault)
        found.append(told)
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        behind = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        waiting += [behind] if behind else []
    return found


def _places(error: BaseException) -> list[str]:
    frames = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    shown = frames[:2] + frames[max(2, len(frames) - MAX_FRAMES + 2) :]
    return [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}" for frame, line in shown
    ]


def _short(file: str) -> str:
    path = Path(file)
    if path.is_relative_to(_ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(_ROOT))
    return "/".join(path.parts[-2:])


def _plain(facts: dict[str, Any]) -> str:
    facts = dict(facts)
    found = facts.pop("errors", [])
    at, level = facts.pop("at")[11:19], facts.pop("level")
    head = f"{at} {level:7} {facts.pop('log')} {facts.pop('event')}"
    lines = [" ".join([head, *(f"{key}={value}" for key, value in facts.items())])]
    for one in found:
        fault = f" ({one['fault']})" if "fault" in one else ""
        lines += [f"    {one['error']}{fault}", *(f"        {place}" for place in one["in"])]
    return "\n".join(lines)


def _crashed(kind: type[BaseException], error: BaseException, places: TracebackType | None) -> None:
    """The last word of a process that breaks, as careful as any other line."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger(f"{OURS}.crash").critical("crashed", exc_info=(kind, error, places))
