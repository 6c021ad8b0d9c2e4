"""Settings file 设置文件: reads ``config.toml`` and tells every mistake at once."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from bot.settings import PREFIX, Settings
from handlers.messages import Facts

OTHER_VARIABLES: Final = frozenset({"MULIN_CONFIG", "MULIN_TEST_POSTGRES"})
"""Ours, but no settings."""

_KEY = r"""(?:"[^"]*"|'[^']*'|[^\s"'.=\[\]]+)"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"^\s*\[({_KEYS})\]")
_SET = re.compile(rf"^\s*({_KEYS})\s*=")
_AT_LINE = re.compile(r"\(at line (\d+)")
_WORDS_OF: Final = {
    "int_parsing": "integer",
    "int_type": "integer",
    "int_from_float": "integer",
    "float_parsing": "number",
    "float_type": "number",
    "greater_than_equal": "range",
    "less_than_equal": "range",
    "literal_error": "choice",
    "bool_type": "yes_no",
    "bool_parsing": "yes_no",
    "string_type": "text",
    "string_too_short": "length",
    "string_too_long": "length",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
    "list_type": "list",
    "time_parsing": "clock_time",
    "extra_forbidden": "unknown",
    "missing": "required",
}
"""Pydantic's names of mistakes → ours under ``setting`` in ``texts/``."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: ``kind`` and ``facts`` make the sentence, the rest says where.

    ``variable`` names an environment variable; without it ``line`` is one of the file, from 1.
    """

    kind: str
    key: str = ""
    line: int = 0
    variable: str = ""
    facts: Facts = field(default_factory=dict)


class SettingsWrong(Exception):
    """The settings cannot be used; ``mistakes`` are all that were found, in order."""

    def __init__(self, path: Path, mistakes: Sequence[Mistake]) -> None:
        super().__init__(", ".join(mistake.kind for mistake in mistakes))
        self.path = path
        self.mistakes = sorted(mistakes, key=lambda m: (bool(m.variable), m.line, m.variable))


def variables() -> list[str]:
    """Names of the environment's variables that set something, or look as if they did."""
    named = {name for name in os.environ if name.upper().startswith(PREFIX) and os.environ[name]}
    return sorted(named - OTHER_VARIABLES)


def read_settings(path: Path) -> Settings:
    """Settings from the file, where there is one, and the environment.

    Raises:
        SettingsWrong: With all mistakes.
    """
    text, table, mistakes = _file(path)
    mistakes += [_unknown_variable(name) for name in variables() if not _is_known(name)]
    try:
        settings = Settings(**table)
    except ValidationError as error:
        mistakes += [_mistake(detail, text) for detail in error.errors(include_input=False)]
    if mistakes:
        raise SettingsWrong(path, mistakes)
    return settings


def _file(path: Path) -> tuple[str, dict[str, Any], list[Mistake]]:
    """Text and table of the file; a file that cannot be read is a mistake, its rest unknown."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return text, tomllib.loads(text), []
    except FileNotFoundError:
        return "", {}, []
    except OSError:
        return "", {}, [Mistake("unreadable", line=1)]
    except UnicodeDecodeError as error:
        return "", {}, [Mistake("encoding", line=error.object.count(b"\n", 0, error.start) + 1)]
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        return text, {}, [Mistake("syntax", line=line)]


def _is_known(name: str) -> bool:
    return name.removeprefix(PREFIX).lower().partition("__")[0] in Settings.model_fields


def _unknown_variable(name: str) -> Mistake:
    return Mistake("unknown", name, variable=name, facts={"guess": _guess(name, _all_variables())})


def _mistake(detail: Mapping[str, Any], text: str) -> Mistake:
    facts = dict(detail.get("ctx") or {})
    keys = [str(part) for part in detail["loc"] if part != "[key]"]
    keys += [facts["key"]] if "key" in facts else []
    named = [key for key in keys if not key.isdigit()]
    kind = _WORDS_OF.get(detail["type"], detail["type"])
    variable = _variable(keys)
    line = 0 if variable else line_of(text, named)
    key = variable or ".".join(named)
    if kind == "unknown" and variable:
        return _unknown_variable(variable)
    return Mistake(kind, key, line, variable, _facts(kind, facts, named))


def _facts(kind: str, context: Mapping[str, Any], keys: Sequence[str]) -> Facts:
    if kind == "unknown":
        beside = [k[-1] for k in _all_keys() if k[:-1] == tuple(keys[:-1])]
        tops = list(Settings.model_fields) if len(keys) == 1 else []
        return {"guess": _guess(keys[-1], [*beside, *tops])}
    if kind == "range":
        limits = _field_limits(keys)
        return {"low": limits[0], "high": limits[1]}
    if kind == "choice":
        return {"choices": str(context.get("expected", "")).replace(" or ", ", ")}
    return {"key": keys[-1] if keys else ""}


def _field_limits(keys: Sequence[str]) -> tuple[Any, Any]:
    section = Settings.model_fields[keys[0]].annotation
    assert isinstance(section, type) and issubclass(section, BaseModel)
    rules = section.model_fields[keys[1]].metadata
    low = next((rule.ge for rule in rules if hasattr(rule, "ge")), "")
    high = next((rule.le for rule in rules if hasattr(rule, "le")), "")
    return low, high


def _guess(name: str, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(name, known, 1, 0.75)), "")


def _all_keys() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, one in Settings.model_fields.items():
        if isinstance(one.annotation, type) and issubclass(one.annotation, BaseModel):
            found += [(name, key) for key in one.annotation.model_fields]
        else:
            found.append((name,))
    return found


def _all_variables() -> list[str]:
    return [f"{PREFIX}{'__'.join(keys).upper()}" for keys in _all_keys()]


def _variable(keys: Sequence[str]) -> str:
    """The variable that set ``keys``, or a part that holds them; empty if none did."""
    present = {name.upper(): name for name in variables()}
    for length in range(len(keys), 0, -1):
        name = f"{PREFIX}{'__'.join(keys[:length])}".upper()
        if name in present:
            return present[name]
    return ""


def line_of(text: str, keys: Sequence[str]) -> int:
    """The line on which ``keys`` are set, from 1; the nearest part above where they are absent."""
    best, best_length = 1, 0
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            section = found = _split(header[1])
        elif setting := _SET.match(line):
            found = (*section, *_split(setting[1]))
        else:
            continue
        if len(found) > best_length and found == tuple(keys[: len(found)]):
            best, best_length = number, len(found)
    return best


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))
