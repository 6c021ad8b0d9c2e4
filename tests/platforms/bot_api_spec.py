"""Published Bot API 接口说明: whether a call is one that the Bot API would understand.

The description in ``tests/data/telegram-bot-api.json`` names its source.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent.parent / "data" / "telegram-bot-api.json"
UPLOAD: Final = object()
"""Stands for a file that came with a form."""

_PLAIN: Final[Mapping[str, tuple[type, ...]]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (int, float),
    "Boolean": (bool,),
    "True": (bool,),
}


@cache
def spec() -> Any:
    """The whole description."""
    return json.loads(FILE.read_text("utf-8"))


@cache
def methods() -> Mapping[str, str]:
    """Name in lower case → name; the Bot API reads names in any case."""
    return {name.lower(): name for name in spec()["methods"]}


def problems(method: str, fields: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call; empty where nothing is."""
    name = methods().get(method.lower())
    if name is None:
        return [f"{method}: no such method"]
    return _of_fields(name, spec()["methods"][name]["fields"], fields)


def from_form(method: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a form, where everything but text is written as JSON."""
    name = methods().get(method.lower(), "")
    known = spec()["methods"].get(name, {"fields": {}})["fields"]
    found: dict[str, Any] = {}
    for key, value in fields.items():
        types = known.get(key, {"types": ["String"]})["types"]
        found[key] = json.loads(value) if isinstance(value, str) and _is_json(types) else value
    return found


def _is_json(types: list[str]) -> bool:
    return "String" not in types and "InputFile" not in types


def _of_fields(where: str, known: Mapping[str, Any], fields: Any) -> list[str]:
    if not isinstance(fields, Mapping):
        return [f"{where}: not an object"]
    found = [f"{where}: unknown field {key}" for key in fields if key not in known]
    for key, field in known.items():
        if key not in fields:
            if field["required"]:
                found.append(f"{where}: {key} is missing")
            continue
        found += _of_value(f"{where}.{key}", field["types"], fields[key])
        found += _of_length(f"{where}.{key}", field.get("length"), fields[key])
    return found


def _of_value(where: str, types: list[str], value: Any) -> list[str]:
    """Problems with a value that may be any one of ``types``; those of the likeliest one."""
    tried = [_of_type(where, kind, value) for kind in types]
    return min(tried, key=len)


def _of_type(where: str, kind: str, value: Any) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: not a list"]
        inner = kind.removeprefix("Array of ")
        return [p for i, item in enumerate(value) for p in _of_type(f"{where}[{i}]", inner, item)]
    if kind in _PLAIN:
        is_right = isinstance(value, _PLAIN[kind]) and (
            kind in {"Boolean", "True"} or not isinstance(value, bool)
        )
        return [] if is_right else [f"{where}: not {kind}"]
    if kind == "InputFile":
        return [] if value is UPLOAD else [f"{where}: no file"]
    described = spec()["types"][kind]
    if described["subtypes"]:
        return min((_of_type(where, sub, value) for sub in described["subtypes"]), key=len)
    found = _of_fields(where, described["fields"], value)
    return found + (_of_button(where, value) if kind == "InlineKeyboardButton" else [])


def _of_button(where: str, button: Any) -> list[str]:
    """A button does exactly one thing."""
    actions = set(button) - {"text", "icon_custom_emoji_id", "style"}
    found = [] if len(actions) == 1 else [f"{where}: {len(actions)} actions"]
    return found if button.get("text") else [*found, f"{where}: no text"]


def _of_length(where: str, limits: Any, value: Any) -> list[str]:
    if not limits or not isinstance(value, str | list):
        return []
    least, most, unit = limits
    size = len(value)
    if unit == "bytes":
        size = len(value.encode()) if isinstance(value, str) else size
    elif isinstance(value, str):
        size = len(value.encode("utf-16-le")) // 2  # the stricter of two ways to count
    return [] if least <= size <= most else [f"{where}: {size} {unit}, not {least} to {most}"]
