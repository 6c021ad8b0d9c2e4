"""Redrawing 重画: a card with the words of now, as it is claimed for sending (ADR 7)."""

from msgspec.structs import replace

from handlers.messages import Shown, packed, unpacked
from handlers.showing import calls_of
from handlers.sight import is_in_sight
from handlers.telling import Teller
from storage.cards import Card
from storage.outbox import Post
from storage.unit import Unit


async def redrawn(unit: Unit, post: Post) -> Post | None:
    """A card's post with the words of now; any other post as it is. Its buttons can be answered.

    None, and the card is forgotten, where those in front of it have lost the right to see it.
    """
    if post.card_id is None:
        if post.kind == "send":
            await _shown_now(unit, post)
        return post
    card = await unit.cards.find(post.card_id)
    message = await seen_now(unit, post, card) if card is not None else None
    if card is None or message is None:
        await unit.forgetting.card(post.card_id)
        return None
    now = replace(post, body=packed(message))
    if post.kind == "send":
        await _shown_now(unit, now)
    await unit.chats.menus.change(card.id, calls_of(message))
    return now


async def seen_now(unit: Unit, post: Post, card: Card) -> Shown | None:
    """A card as it stands now; None where those in front of it have lost the right to see it."""
    chat = await unit.chats.at(post.platform, post.address)
    if chat is None or not await is_in_sight(unit, card, chat):
        return None
    community = await unit.places.community(card.community_id) if card.community_id else None
    viewer = await unit.people.actor(card.person_id) if card.person_id else None
    return await Teller(unit, community).drawn(card.kind, card.subject_id, viewer)


async def _shown_now(unit: Unit, post: Post) -> None:
    """What was held back is seen now, so a number answers its buttons from now on."""
    chat = await unit.chats.at(post.platform, post.address)
    calls = calls_of(unpacked(post.body))
    if chat is None or not calls:
        return
    person_id = await unit.people.in_private(post.platform, post.address) if chat.is_private else 0
    if person_id is not None:
        await unit.chats.menus.show(chat.id, person_id, calls, post.card_id)
