"""Menus store 菜单: the buttons last shown in a chat, which a number or their words answer."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec

from domain.text import folded
from storage.statement import Statement, value

_MARKED: Final = "\t"
"""Parts a button's call from the mark of its words."""
_AROUND: Final = " 。.!！~～「」“”"


class Menus:
    """Repository of the buttons that were shown last, to each person of each chat."""

    async def show(
        self, chat_id: int, person_id: int, buttons: Sequence[str], card_id: int | None = None
    ) -> None:
        """Remember the buttons last shown, so that a number answers them.

        What a whole group sees (``person_id`` 0) comes below what its members were shown before.
        """
        if person_id == 0:
            await Statement("delete from menus where chat_id = ? and person_id <> 0", chat_id)
        await Statement(
            "insert into menus (chat_id, person_id, buttons, card_id) values (?, ?, ?, ?) "
            "on conflict (chat_id, person_id) do update set buttons = excluded.buttons, "
            "card_id = excluded.card_id",
            chat_id,
            person_id,
            _packed(buttons),
            card_id,
        )

    async def change(self, card_id: int, buttons: Sequence[str]) -> None:
        """Let a number answer what a card shows now, where that card was shown last."""
        await Statement(
            "update menus set buttons = ? where card_id = ?",
            _packed(buttons),
            card_id,
        )

    async def drop_with(self, chat_id: int, call: str) -> None:
        """Forget the buttons of a chat if one of them begins with ``call``."""
        await Statement(
            "delete from menus where chat_id = ? and buttons like ?", chat_id, f'%"{call}%'
        )

    async def of(self, chat_id: int, person_id: int) -> list[str]:
        """The buttons last shown to that person in that chat, as they are packed."""
        return [call for call, _ in await self._shown(chat_id, person_id)]

    async def pressed_by(self, words: str, chat_id: int, person_id: int) -> str | None:
        """The one button last shown to that person on which just these words stand."""
        wanted = mark_of(words)
        found = [call for call, mark in await self._shown(chat_id, person_id) if mark == wanted]
        return found[0] if len(found) == 1 else None

    async def _shown(self, chat_id: int, person_id: int) -> list[tuple[str, str]]:
        found = await value(
            "select buttons from menus where chat_id = ? and person_id in (?, 0) "
            "order by person_id desc limit 1",
            chat_id,
            person_id,
        )
        parts = [entry.partition(_MARKED) for entry in json.loads(found)] if found else []
        return [(call, mark) for call, _, mark in parts]


def mark_of(label: str) -> str:
    """Names a button's words without keeping them: neighbours' names and reports stand there."""
    return sha256(folded(label).strip(_AROUND).encode()).hexdigest()[:12]


def menu_entry(call: str, label: str) -> str:
    """A button as a menu keeps it."""
    return f"{call}{_MARKED}{mark_of(label)}"


def _packed(buttons: Sequence[str]) -> str:
    return msgspec.json.encode(buttons).decode()
