"""Menu 命令菜单: the list behind Telegram's menu button, made from the registry."""

import asyncio
from typing import Any, Final

from bot.platforms.telegram.api import Api
from bot.platforms.telegram.wire import BotCommand
from domain.people import ABILITIES, Ability, Role
from handlers.registry import Command, Registry
from handlers.wording import DEFAULT, texts

SCOPES: Final = {"all_private_chats": "private", "all_group_chats": "group"}
LANGUAGE_CODES: Final = {"": DEFAULT, "zh": "zh", "en": "en"}
"""Language of the client (empty: any other) → the language of our words."""
MAX_DESCRIPTION: Final = 256
MAX_COMMANDS: Final = 100

_EVERYBODYS: Final = ABILITIES[Role.RESIDENT] | {Ability.ASK}


def menu(registry: Registry, where: str, lang: str) -> list[BotCommand]:
    """What every resident may call ``where`` (``private`` or ``group``).

    Staff finds its own words under 帮助, which knows who asks; this menu does not.
    """
    found = [
        BotCommand(command.code, _description(command, lang))
        for command in registry.typed()
        if command.may in _EVERYBODYS and command.where in {"any", where}
    ]
    return found[:MAX_COMMANDS]


async def set_menus(api: Api, registry: Registry) -> int:
    """Bring all menus up to date; how many had to be changed. Raises TelegramError."""
    changed = await asyncio.gather(
        *(
            _set_menu(api, scope, code, menu(registry, where, lang))
            for scope, where in SCOPES.items()
            for code, lang in LANGUAGE_CODES.items()
        )
    )
    return sum(changed)


async def _set_menu(api: Api, scope: str, code: str, wanted: list[BotCommand]) -> bool:
    """Set one menu unless it is there already; whether it had to be set."""
    fields: dict[str, Any] = {"scope": {"type": scope}, "language_code": code or None}
    if await api.call("getMyCommands", list[BotCommand], **fields) == wanted:
        return False
    commands = [{"command": c.command, "description": c.description} for c in wanted]
    return await api.call("setMyCommands", bool, commands=commands, **fields)


def _description(command: Command, lang: str) -> str:
    """The first line of the command's usage."""
    words = texts(lang)
    line = words.get(f"help.{command.code}.menu") or words[f"help.{command.code}.usage"]
    return line.split("\n")[0][:MAX_DESCRIPTION]
