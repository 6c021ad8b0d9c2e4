"""Sight 可见: whether a card still concerns those in front of it, asked before it is drawn anew."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol, TypeVar

from domain.digest import Period
from domain.issues import is_visible
from domain.people import Ability, Actor
from domain.places import Place, same_line
from domain.proposals import is_visible as is_proposal_visible
from storage.cards import Card
from storage.chats import Chat
from storage.unit import Unit


class Placed(Protocol):
    """Whatever concerns a place and all below it."""

    @property
    def path(self) -> str: ...


T = TypeVar("T", bound=Placed)
Onlooker = Actor | Place
"""One person, or the place of a group."""
Sight = Callable[[Unit, int, Onlooker], Awaitable[bool]]


async def is_in_sight(unit: Unit, card: Card, chat: Chat) -> bool:
    """Whether the card's reader, and in a group the group's place, still have a right to it.

    Roles end and groups are bound anew, while a card stays where it was posted.
    """
    onlookers: list[Onlooker] = []
    if card.person_id:
        onlookers.append(await unit.people.actor(card.person_id))
    if not chat.is_private:
        if chat.place_id is None:
            return False
        onlookers.append(await unit.places.get(chat.place_id))
    sight = SIGHTS[card.kind]
    return bool(onlookers) and all(
        [await sight(unit, card.subject_id, onlooker) for onlooker in onlookers]
    )


def _along(
    find: Callable[[Unit, int], Awaitable[T]], is_visible: Callable[[T, Actor], bool]
) -> Sight:
    """A group sees what lies on one line with its place; a person, what the kind's rule allows."""

    async def sight(unit: Unit, subject_id: int, onlooker: Onlooker) -> bool:
        subject = await find(unit, subject_id)
        if isinstance(onlooker, Place):
            return same_line(subject.path, onlooker.path)
        return is_visible(subject, onlooker)

    return sight


def _is_near(subject: Placed, actor: Actor) -> bool:
    return actor.sees(subject.path)


async def _digest(unit: Unit, person_id: int, onlooker: Onlooker) -> bool:
    return isinstance(onlooker, Actor) and onlooker.can(Ability.READ_DIGEST)


_MEETING: Final = _along(lambda unit, number: unit.meetings.by_id(number), _is_near)

SIGHTS: Final[Mapping[str, Sight]] = {
    "issue": _along(lambda unit, number: unit.issues.by_id(number), is_visible),
    "poll": _along(lambda unit, number: unit.polls.by_id(number), _is_near),
    "survey": _along(lambda unit, number: unit.surveys.by_id(number), _is_near),
    "meeting": _MEETING,
    "evenings": _MEETING,
    "minutes": _MEETING,
    "motion": _along(lambda unit, number: unit.motions.by_id(number), _is_near),
    "convention": _along(lambda unit, number: unit.conventions.by_id(number), _is_near),
    "notice": _along(lambda unit, number: unit.notices.by_id(number), _is_near),
    "proposal": _along(lambda unit, number: unit.proposals.by_id(number), is_proposal_visible),
    **{period.card: _digest for period in Period},
}
"""Kind of card → who may look at it."""
