"""Asked 所问: which question a button belongs to, so that none answers a later one or another's."""

import json
from hashlib import sha256
from typing import Final

from domain.refusal import Refusal
from handlers.messages import Series, Shown
from handlers.registry import MAX_CALL_BYTES, REGISTRY
from storage.chats import Chat, Draft
from storage.unit import Unit

_MARK: Final = "~"
"""Stands before the question's name at the end of a call."""
_LENGTH: Final = 6


def name_of(person_id: int, draft: Draft) -> str:
    """A short name of what somebody is asked; another one as soon as something else is asked."""
    known = json.dumps([person_id, draft.command, draft.args, draft.asking], sort_keys=True)
    return sha256(known.encode()).hexdigest()[:_LENGTH]


def parted(call: str) -> tuple[str, str]:
    """What a button calls, and the name of the question under which it stood; empty for none."""
    bare, _, name = call.partition(_MARK)
    return bare, name


def is_of_question(call: str) -> bool:
    """Whether a call means nothing without its question."""
    command = REGISTRY.commands.get(call.partition(":")[0])
    return call.startswith("=") or (command is not None and command.is_of_question)


async def marked(unit: Unit, message: Shown, person_id: int, chat: Chat) -> Shown:
    """``message`` with the question's name on each button that belongs to what was just asked."""
    if not any(is_of_question(call) for row in message.buttons for _, call in row):
        return message
    draft = await unit.chats.draft(person_id, chat.id)
    if draft is None:
        return message
    mark = f"{_MARK}{name_of(person_id, draft)}"
    message.buttons = [
        [[label, _with(call, mark)] for label, call in row] for row in message.buttons
    ]
    return message


def _with(call: str, mark: str) -> str:
    fits = len(call.encode()) + len(mark) <= MAX_CALL_BYTES
    return call + mark if is_of_question(call) and fits else call


async def not_asked(unit: Unit, chat: Chat) -> Refusal:
    """Why a question's button does nothing: somebody else is asked here, or it was answered."""
    names = await unit.chats.asked_in(chat.id) if not chat.is_private else []
    if names:
        return Refusal("question_not_yours", names=Series(tuple(names)))
    return Refusal("button_stale")
