"""Settings example 设置样例: ``config.example.toml``, written from the class that declares them."""

import json
from collections.abc import Iterator
from datetime import time
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.settings import PREFIX, Settings

HEAD = f"""\
# 睦邻的设置。复制为 config.toml 再改；每一项都可以不写，下面写着的就是不写时的值。
# 也可以用环境变量，例如 {PREFIX}TELEGRAM__TOKEN；环境变量优先。改完后运行：python -m bot check
#
# Settings of Mulin. Copy to config.toml and change; each may be left out, and then is as shown.
# Environment variables work too, such as {PREFIX}TELEGRAM__TOKEN, and win over the file.
"""


def example() -> str:
    """The whole example file."""
    return "\n".join([HEAD, *_settings(Settings, ())])


def _settings(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[str]:
    sections = []
    for name, setting in model.model_fields.items():
        if isinstance(setting.annotation, type) and issubclass(setting.annotation, BaseModel):
            sections.append((name, setting.annotation))
            continue
        yield from _comment(setting.description or "")
        yield from _lines(name, setting, above)
        yield ""
    for name, section in sections:
        yield f"# {'─' * 20}"
        yield from _comment(section.__doc__ or "")
        yield f"[{name}]"
        yield ""
        yield from _settings(section, (*above, name))


def _comment(words: str) -> Iterator[str]:
    for line in words.split("\n"):
        yield f"# {line.strip()}".rstrip()


def _lines(name: str, setting: FieldInfo, above: tuple[str, ...]) -> Iterator[str]:
    """The setting with its default; one that has none is shown by an example, commented out."""
    if get_origin(setting.annotation) is Literal:
        yield f"# {' | '.join(json.dumps(choice) for choice in get_args(setting.annotation))}"
    mark, value = "", setting.get_default()
    if setting.examples:
        mark, value = "# ", setting.examples[0]
    if isinstance(value, dict):
        yield f"{mark}[{'.'.join((*above, name))}]"
        for key, inner in value.items():
            yield f"{mark}{_toml(key)} = {_toml(inner)}"
    else:
        yield f"{mark}{name} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, time):
        value = value.isoformat("minutes")
    return json.dumps(value, ensure_ascii=False)
