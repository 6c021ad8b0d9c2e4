"""Ask 请求: what a handler is given: who asks, where, when, and the unit of work."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from domain.conventions import Convention
from domain.issues import Issue
from domain.meetings import Meeting
from domain.motions import Motion
from domain.notices import Notice
from domain.people import ABILITIES, Ability, Actor
from domain.places import Place, ancestors, within
from domain.polls import Poll
from domain.proposals import Proposal
from domain.refusal import Refusal
from domain.surveys import Survey
from handlers.messages import Button, Document, Incoming, Reply, Typed, Words
from handlers.numbers import parts_of
from handlers.registry import REGISTRY, Handler
from handlers.telling import Teller
from storage.chats import Chat, Draft
from storage.photos import StoredPhoto
from storage.places import Community
from storage.unit import Unit

DOCUMENT_LIFE: Final = timedelta(days=30)
CONFIRMED = "!"
"""What a draft asks for when nothing but a yes is missing."""
YES = "=!"
"""The call of the button that says yes to it."""
CANCEL = "=cancel"
"""The call of the button that forgets a question."""
CANCEL_ROW = (Button(Words("button.cancel"), CANCEL),)


@dataclass(frozen=True, slots=True)
class Links:
    """Where our pages are, for links and QR codes; ``base`` without a slash at its end."""

    base: str

    def household(self, code: str) -> str:
        """Link that opens the web chat with a one-time code."""
        return f"{self.base}/j/{code}"

    def entry(self, code: str) -> str:
        """Link that checks a resident in at a meeting."""
        return f"{self.base}/in/{code}"

    def forwarded(self, token: str) -> str:
        """Link that opens what was forwarded into a group where we are not."""
        return f"{self.base}/f/{token}"


@dataclass(frozen=True, slots=True)
class Tick:
    """What a due job is given; nobody asks, the clock does."""

    unit: Unit

    async def tell(self, community_id: int) -> Teller:
        """Somebody who speaks to that community."""
        return Teller(self.unit, await self.unit.places.community(community_id))


_Found = TypeVar("_Found", Issue, Poll, Meeting, Motion, Survey, Notice, Proposal, Convention)


@dataclass(slots=True)
class Ask:
    """One question of one person. ``place`` is None where nothing tells where they are.

    ``community`` and ``tell`` follow the issue, poll or meeting that it turns out to be about:
    somebody may live in one community and work in another.
    """

    unit: Unit
    actor: Actor
    chat: Chat
    place: Place | None
    community: Community | None
    incoming: Incoming
    tell: Teller
    links: Links

    @property
    def now(self) -> datetime:
        """The instant of the unit."""
        return self.unit.now

    @property
    def here(self) -> Place:
        """The place that this is about; refuses where nothing tells it."""
        if self.place is None:
            raise Refusal("place_unknown_here")
        return self.place

    @property
    def tenant(self) -> Community:
        """The community that this is about; refuses where nothing tells it."""
        if self.community is None:
            raise Refusal("place_unknown_here")
        return self.community

    @property
    def source(self) -> str | None:
        """The message that asks, named so that a correction of it is recognised."""
        ref = self.incoming.ref
        return f"{self.chat.id}:{ref}" if ref else None

    async def issue(self, number: str) -> Issue:
        """The issue 报``number``, if the asker may know of it.

        Raises:
            Refusal: ``issue_absent``, or ``number_many`` where it was typed and several fit.
        """

        async def of(plain: int, community_id: int) -> Issue:
            return await self.unit.issues.get(plain, community_id=community_id, seen_by=self.actor)

        return await self._numbered(number, of)

    async def poll(self, number: str) -> Poll:
        """The poll 票``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Poll:
            return await self.unit.polls.get(plain, community_id=community_id, seen_by=self.actor)

        return await self._numbered(number, of)

    async def meeting(self, number: str) -> Meeting:
        """The meeting 会``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Meeting:
            return await self.unit.meetings.get(
                plain, community_id=community_id, seen_by=self.actor
            )

        return await self._numbered(number, of)

    async def motion(self, number: str) -> Motion:
        """The motion 表``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Motion:
            return await self.unit.motions.get(plain, community_id=community_id, seen_by=self.actor)

        return await self._numbered(number, of)

    async def convention(self, number: str) -> Convention:
        """The convention 约``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Convention:
            return await self.unit.conventions.get(
                plain, community_id=community_id, seen_by=self.actor
            )

        return await self._numbered(number, of)

    async def survey(self, number: str) -> Survey:
        """The survey 询``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Survey:
            return await self.unit.surveys.get(plain, community_id=community_id, seen_by=self.actor)

        return await self._numbered(number, of)

    async def notice(self, number: str) -> Notice:
        """The notice 告``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Notice:
            return await self.unit.notices.get(plain, community_id=community_id, seen_by=self.actor)

        return await self._numbered(number, of)

    async def proposal(self, number: str) -> Proposal:
        """The proposal 议``number``, if the asker may know of it; raises as ``issue`` does."""

        async def of(plain: int, community_id: int) -> Proposal:
            return await self.unit.proposals.get(
                plain, community_id=community_id, seen_by=self.actor
            )

        return await self._numbered(number, of)

    async def _numbered(self, number: str, of: Callable[[int, int], Awaitable[_Found]]) -> _Found:
        plain, given = parts_of(number)
        found: list[_Found] = []
        absent = Refusal("place_unknown_here")
        for community_id in [given] if given is not None else await self.communities():
            try:
                found.append(await of(plain, community_id))
            except Refusal as refusal:
                absent = refusal
        if len(found) > 1:
            raise Refusal("number_many", label=found[0].label)
        if not found:
            raise absent
        await self._turn_to(found[0].community_id)
        return found[0]

    async def communities(self) -> list[int]:
        """Whose numbers may be meant here: the group's; in private, of all where one belongs."""
        if self.chat.community_id is not None:
            return [self.chat.community_id]
        around = None if self.chat.is_private else self.here.path
        return [
            tenant.id
            for tenant in await self.unit.places.communities()
            if self.actor.sees(tenant.path) and (around is None or within(tenant.path, around))
        ]

    async def turn_to(self, place: Place) -> None:
        """Let it be about ``place``, and speak to its community."""
        self.place = place
        if place.community_id is not None:
            await self._turn_to(place.community_id)

    async def stand_at(self, place: Place) -> None:
        """Let this be about ``place``, whose community speaks from now on."""
        self.place = place
        if place.community_id is not None:
            await self._turn_to(place.community_id)

    async def _turn_to(self, community_id: int) -> None:
        if self.community is None or self.community.id != community_id:
            self.community = await self.unit.places.community(community_id)
            self.tell = Teller(self.unit, self.community)

    def is_of_here(self, path: str) -> bool:
        """Whether this chat may read of it: in private always, else where its place lies."""
        if self.chat.is_private:
            return True
        return self.place is not None and within(path, self.place.path)

    async def teller(self, place: Place) -> Teller:
        """Somebody who speaks to the community of ``place``, wherever the asker belongs."""
        if place.community_id is None:
            return Teller(self.unit, None)
        return Teller(self.unit, await self.unit.places.community(place.community_id))

    async def not_allowed(
        self, command: Words, ability: Ability, *, at: str | None = None
    ) -> Refusal:
        """That the asker may not do it, and who may: the first in office at the nearest level.

        ``at`` is the path of what it is about; by default the place where it was asked.
        """
        path = at or (self.place.path if self.place else None)
        levels = reversed(ancestors(path)) if path else ()
        for place_id in levels:
            for role, name in await self.unit.people.officers(place_id):
                if ability in ABILITIES[role]:
                    whom = Words("refusal.whom_to_ask", {"role": role, "name": Typed(name)})
                    return Refusal("not_allowed", command=command, whom=whom)
        return Refusal("not_allowed", command=command, whom=None)

    async def keep_pictures(self) -> list[int]:
        """Store the pictures that came with the message; their ids."""
        community_id = self.community.id if self.community else None
        kept = []
        for picture in self.incoming.pictures:
            photo = StoredPhoto(picture.mime, picture.content)
            kept.append(
                await self.unit.photos.add(
                    photo, community_id=community_id, person_id=self.actor.id, now=self.now
                )
            )
        return kept

    async def keep_document(self, name: str, mime: str, content: bytes) -> Document:
        """Store a file that goes with the answer; it can be downloaded for a month."""
        file = await self.unit.photos.add(
            StoredPhoto(mime, content),
            community_id=self.community.id if self.community else None,
            person_id=self.actor.id,
            now=self.now,
            until=self.now + DOCUMENT_LIFE,
        )
        return Document(file, name)

    async def confirm(self, handler: Handler, args: Mapping[str, Any]) -> Button:
        """A yes button for a call whose arguments would not fit into one; kept as a draft."""
        draft = Draft(REGISTRY.by_handler[handler].code, dict(args), CONFIRMED)
        await self.unit.chats.save_draft(self.actor.id, self.chat.id, draft, self.now)
        return Button(Words(f"yes.{draft.command}"), YES)

    async def question(
        self,
        handler: Handler,
        known: Mapping[str, Any],
        slot: str,
        words: Words,
        offered: Sequence[Button] = (),
    ) -> Reply:
        """Ask ``words`` for one argument; what is answered completes the ``known`` ones."""
        draft = Draft(REGISTRY.by_handler[handler].code, dict(known), slot)
        await self.unit.chats.save_draft(self.actor.id, self.chat.id, draft, self.now)
        rows = tuple((choice,) for choice in offered)
        return Reply(words.key, words.facts, (*rows, CANCEL_ROW))
