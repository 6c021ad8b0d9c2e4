"""Telling 告知: who is told what, in their language and at a polite hour; writes the outbox."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from domain.digest import Period
from domain.people import Actor, Role
from domain.places import Place, ancestors
from handlers.asked import marked
from handlers.messages import Reply, Shown, packed
from handlers.registry import REGISTRY
from handlers.showing import calls_of, shown
from handlers.wording import Speaker
from storage.chats import Chat
from storage.outbox import Post, Priority
from storage.people import Reach
from storage.places import Community
from storage.unit import Unit

DIGEST_ROLES: Final = (Role.GRID_WORKER, Role.BUILDING_HEAD, Role.COMMITTEE)
"""Who may have a digest in front of them that is kept up to date."""
EVERYBODY: Final = 0
"""Person id of a menu that a whole group sees."""


class Teller:
    """Puts words to people and groups into the outbox of one unit."""

    def __init__(self, unit: Unit, community: Community | None) -> None:
        self.unit = unit
        self.community = community

    def speaker(self, lang: str | None) -> Speaker:
        """Somebody who speaks ``lang``, else the community's language."""
        if self.community is None:
            return Speaker(lang, UTC)
        return Speaker(lang or self.community.lang, self.community.hours.zone)

    async def chat(
        self,
        chat: Chat,
        reply: Reply,
        *,
        reader: Actor | None = None,
        thread: str | None = None,
        reply_to: str | None = None,
        asks: bool = False,
    ) -> None:
        """Answer in ``chat`` at once; ``reader`` None speaks to the whole group."""
        message = shown(reply, self.speaker(reader.lang if reader else None), asks=asks)
        if reader is not None:
            message = await marked(self.unit, message, reader.id, chat)
        message.reply_to = reply_to
        await self._menu(chat, message, reader.id if reader else EVERYBODY)
        post = Post(
            chat.platform, chat.address, "send", packed(message), thread=thread or chat.thread
        )
        await self.unit.outbox.put(post)

    async def passing(self, chat: Chat, note: Reply | None, *, reader: Actor, ref: str) -> None:
        """Answer a tap with a passing note; None only ends its turning."""
        message = shown(note, self.speaker(reader.lang)) if note else Shown("")
        post = Post(chat.platform, chat.address, "toast", packed(message), ref=ref)
        await self.unit.outbox.put(post)

    async def person(
        self, person_id: int, reply: Reply, *, priority: Priority = Priority.REMINDER
    ) -> bool:
        """A private word, held back in quiet hours; False where they cannot be reached."""
        reach = await self.unit.people.reach(person_id)
        if reach is None:
            return False
        message = shown(reply, self.speaker(reach.lang))
        chat = await self._private_chat(reach)
        due_at = self._polite(priority)
        await self._menu(chat, message, person_id, due_at=due_at)
        post = Post(reach.platform, reach.address, "send", packed(message), priority)
        await self.unit.outbox.put(post, due_at)
        return True

    async def people(self, person_ids: Iterable[int], reply: Reply) -> None:
        """The same private word to several, each once."""
        for person_id in sorted(set(person_ids)):
            await self.person(person_id, reply)

    async def person_card(
        self,
        person_id: int,
        kind: str,
        subject_id: int,
        priority: Priority = Priority.REMINDER,
    ) -> bool:
        """A private card, kept up to date from now on; False where they cannot be reached."""
        reach = await self.unit.people.reach(person_id)
        if reach is None:
            return False
        chat = await self._private_chat(reach)
        viewer = await self.unit.people.actor(person_id)
        await self.card(chat, kind, subject_id, viewer=viewer, priority=priority)
        return True

    async def card(
        self,
        chat: Chat,
        kind: str,
        subject_id: int,
        *,
        viewer: Actor | None,
        priority: Priority = Priority.ANSWER,
        thread: str | None = None,
    ) -> None:
        """Show a thing in ``chat`` as a new card; an older card of it there is left as it was."""
        message = await self.drawn(kind, subject_id, viewer)
        community_id = self.community.id if self.community else None
        viewer_id = viewer.id if viewer else None
        card_id = await self.unit.cards.add(chat, community_id, viewer_id, kind, subject_id)
        due_at = self._polite(priority)
        await self._menu(chat, message, viewer_id or EVERYBODY, card_id=card_id, due_at=due_at)
        post = Post(
            chat.platform,
            chat.address,
            "send",
            packed(message),
            priority,
            thread=thread or chat.thread,
            card_id=card_id,
        )
        await self.unit.outbox.put(post, due_at)

    async def drawn(self, kind: str, subject_id: int, viewer: Actor | None) -> Shown:
        """A card as it stands now."""
        reply = await REGISTRY.cards[kind](self.unit, subject_id, viewer)
        return shown(reply, self.speaker(viewer.lang if viewer else None))

    async def group_cards(
        self,
        places: Sequence[Place],
        kind: str,
        subject_id: int,
        *,
        but: int | None = None,
        priority: Priority = Priority.REMINDER,
    ) -> None:
        """A card in the groups of these places, but not in the chat ``but``."""
        for chat in await self.unit.chats.bound_to([place.id for place in places]):
            if chat.id != but:
                await self.card(chat, kind, subject_id, viewer=None, priority=priority)

    async def cards_below(self, path: str, kind: str, subject_id: int, *, but: int) -> None:
        """A card in every group at or below ``path``, but not in the chat ``but``."""
        for chat in await self.unit.chats.bound_below(path):
            if chat.id != but:
                await self.card(chat, kind, subject_id, viewer=None, priority=Priority.REMINDER)

    async def groups_below(self, path: str, reply: Reply, *, but: int | None = None) -> None:
        """The same words to every group at or below ``path``, held back in quiet hours."""
        message = packed(shown(reply, self.speaker(None)))
        for chat in await self.unit.chats.bound_below(path):
            if chat.id != but:
                post = Post(
                    chat.platform,
                    chat.address,
                    "send",
                    message,
                    Priority.REMINDER,
                    thread=chat.thread,
                )
                await self.unit.outbox.put(post, self._polite(Priority.REMINDER))

    async def refresh(self, kind: str, *subject_ids: int) -> None:
        """Let every card of these things show how they stand, as soon as its chat takes an edit."""
        await self.unit.outbox.refresh(kind, *subject_ids)

    async def refresh_for(self, people: Collection[int], kind: str, *subject_ids: int) -> None:
        """The same, where the cards of these people alone have changed."""
        await self.unit.outbox.refresh(kind, *subject_ids, only_of=people)

    async def refresh_digests(self, path: str) -> None:
        """Let the digests of those who answer for ``path`` show what was done."""
        told = await self.unit.people.reachable(DIGEST_ROLES, ancestors(path))
        people = {person_id for found in told.values() for person_id in found}
        for period in Period:
            await self.refresh(period.card, *people)

    async def staff(self, path: str, *roles: Role, always: Role | None = None) -> list[int]:
        """Those with one of ``roles`` at or above ``path``: the nearest level that can be told.

        Who holds the role ``always``, one of ``roles``, is told besides, at whatever level.
        """
        levels = ancestors(path)
        found = await self.unit.people.holders(roles, levels)
        nearest = max(found, key=lambda held: levels.index(held.place_id), default=None)
        return sorted(
            {
                held.person_id
                for held in found
                if held.role is always or (nearest and held.place_id == nearest.place_id)
            }
        )

    async def _private_chat(self, reach: Reach) -> Chat:
        return await self.unit.chats.met(reach.platform, reach.address, is_private=True)

    async def _menu(
        self,
        chat: Chat,
        message: Shown,
        person_id: int,
        *,
        card_id: int | None = None,
        due_at: datetime | None = None,
    ) -> None:
        """Remember the buttons; those of a message that is held back, only when it is sent."""
        calls = calls_of(message)
        if calls and (due_at is None or due_at <= self.unit.now):
            await self.unit.chats.menus.show(chat.id, person_id, calls, card_id)

    def polite_at(self) -> datetime:
        """The first instant from now on at which an unasked word may arrive."""
        if self.community is None:
            return self.unit.now
        return self.community.hours.polite_at(self.unit.now)

    async def puts_off(self, kind: str, subject_id: int, facts: Mapping[str, str]) -> bool:
        """Let a deadline that fell into the night wait for the morning; whether it has to.

        A word that is written at night and sent in the morning may be untrue by then.
        """
        at = self.polite_at()
        if at <= self.unit.now:
            return False
        await self.unit.deadlines.set(kind, subject_id, at, facts)
        return True

    def _polite(self, priority: Priority) -> datetime | None:
        return None if priority is Priority.ANSWER else self.polite_at()
