"""Welcome 欢迎: the first words to strangers and groups, and to what cannot be understood."""

import re
from typing import Final

from domain.people import Ability
from domain.text import MAX_WORDS, cleaned, folded, shortened
from handlers.ask import Ask
from handlers.messages import Button, ChatEvent, Reply, Row, Typed, Words
from handlers.registry import REGISTRY, button
from handlers.telling import Teller
from storage.unit import Unit

_SMALL_TALK: Final = re.compile(
    r"(?:你|您)(?:好|是谁|是什么|会什么|能做什么|能干什么)(?:啊|呀|吗|呢)?|在吗|在不在|有人吗|"
    r"谢谢(?:你|您|了|啊)*|好的?|嗯+|哦+|早|早上好|晚上好|晚安|再见|辛苦了|"
    r"hi|hello|hey|thanks?|thank you|ok|okay|who are you|[\W_]*"
)
"""What is said to us without anything to do: the answer is what we can do."""
_END: Final = " .!?~,。"


def help_row() -> Row:
    """The same 帮助 button everywhere."""
    return (button(REGISTRY.commands["help"].handler),)


def private_button() -> Button:
    """A button that leads to our private chat."""
    return Button(Words("button.private"), "", opens_private=True)


def taps() -> tuple[Row, ...]:
    """What a stranger needs: say where they live, use a code, read more."""
    handler = {code: REGISTRY.commands[code].handler for code in ("join", "code")}
    return (
        (button(handler["join"], "button.join"),),
        (button(handler["code"], "button.code"),),
        help_row(),
    )


async def stranger(ask: Ask) -> Reply | None:
    """Greet whoever has not joined yet: once in a group, whenever they write in private."""
    is_first = await ask.unit.chats.greet(ask.chat.id, ask.actor.id)
    if ask.incoming.press is not None:
        return Reply("hello.not_joined", is_brief=True)
    if not ask.chat.is_private and not is_first:
        return None
    place = ask.place.name if ask.place else ""
    return Reply("hello.stranger", {"name": ask.actor.name, "place": place}, taps())


async def unclear(ask: Ask) -> Reply | None:
    """Answer what is no command: silence in a busy group, an offer in private."""
    if not ask.chat.is_private and not ask.incoming.is_addressed:
        return None
    if ask.actor.is_stranger:
        return await stranger(ask)
    words = cleaned(ask.incoming.text)
    if words and _SMALL_TALK.fullmatch(folded(words).strip(_END)):
        return await REGISTRY.commands["help"].handler(ask)  # type: ignore[no-any-return]
    can_report = ask.chat.is_private and ask.actor.can(Ability.REPORT_ISSUE)
    if not can_report or not (words or ask.incoming.pictures):
        return Reply("hello.unclear", buttons=(help_row(),))
    return await offer_report(ask, words[:MAX_WORDS])


async def offer_report(ask: Ask, words: str) -> Reply:
    """Somebody just says what is broken: offer to report it, with one tap."""
    report = REGISTRY.commands["issue"].handler
    pictures = await ask.keep_pictures()
    yes = await ask.confirm(report, {"what": words, "photos": pictures})
    no = Button(Words("button.cancel"), "=cancel")
    shown = Typed(shortened(words, 60)) if words else Words("issue.only_photo")
    return Reply("hello.report_this", {"words": shown}, ((yes, no), help_row()))


async def into_group(unit: Unit, event: ChatEvent) -> None:
    """Say who we are when we are added to a group, and what staff has to do."""
    chat = await unit.chats.met(event.platform, event.chat, is_private=False)
    await unit.chats.back(event.platform, event.chat)
    community = await unit.places.community(chat.community_id) if chat.community_id else None
    key = "hello.back" if chat.place_id else "hello.group"
    await Teller(unit, community).chat(chat, Reply(key, buttons=(help_row(),)))
