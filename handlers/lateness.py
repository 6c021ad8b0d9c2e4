"""Lateness 迟到: what is late, after an outage, wakes nobody at night."""

from datetime import datetime, timedelta
from typing import Final

from domain.places import ancestors
from storage.outbox import Post, Priority
from storage.places import Community
from storage.statement import instant
from storage.unit import Unit

LATE: Final = timedelta(minutes=15)
"""From then on a word is sent at another hour than it was meant for."""


async def put_off_until(unit: Unit, post: Post) -> datetime | None:
    """The morning on which a late word that nobody waits for may arrive; None for now."""
    is_unasked = post.kind == "send" and post.priority is not Priority.ANSWER
    if not is_unasked or not post.due_at or unit.now - instant(post.due_at) < LATE:
        return None
    community = await _community_of(unit, post)
    at = community.hours.polite_at(unit.now) if community else unit.now
    return at if at > unit.now else None


async def _community_of(unit: Unit, post: Post) -> Community | None:
    """Whose night it is: the group's, or where the reader lives or serves."""
    chat = await unit.chats.at(post.platform, post.address)
    community_id = chat.community_id if chat else None
    person_id = await unit.people.in_private(post.platform, post.address)
    if community_id is None and person_id is not None:
        grants = (await unit.people.actor(person_id)).grants
        homes = [await unit.places.get(ancestors(grant.home)[-1]) for grant in grants[:1]]
        community_id = next((home.community_id for home in homes), None)
    return await unit.places.community(community_id) if community_id is not None else None
