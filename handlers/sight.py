"""Sight 可见: whether a card still concerns those in front of it, asked before it is drawn anew."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from domain.digest import Period
from domain.issues import is_visible
from domain.people import Ability, Actor
from domain.places import Place, same_line
from domain.proposals import is_visible as is_proposal_visible
from storage.chats import Chat
from storage.outbox import Card
from storage.unit import Unit

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


async def _issue(unit: Unit, issue_id: int, onlooker: Onlooker) -> bool:
    issue = await unit.issues.by_id(issue_id)
    if isinstance(onlooker, Place):
        return same_line(issue.path, onlooker.path)
    return is_visible(issue, onlooker)


async def _poll(unit: Unit, poll_id: int, onlooker: Onlooker) -> bool:
    poll = await unit.polls.by_id(poll_id)
    if isinstance(onlooker, Place):
        return same_line(poll.path, onlooker.path)
    return onlooker.sees(poll.path)


async def _meeting(unit: Unit, meeting_id: int, onlooker: Onlooker) -> bool:
    meeting = await unit.meetings.by_id(meeting_id)
    if isinstance(onlooker, Place):
        return same_line(meeting.path, onlooker.path)
    return onlooker.sees(meeting.path)


async def _motion(unit: Unit, motion_id: int, onlooker: Onlooker) -> bool:
    motion = await unit.motions.by_id(motion_id)
    if isinstance(onlooker, Place):
        return same_line(motion.path, onlooker.path)
    return onlooker.sees(motion.path)


async def _survey(unit: Unit, survey_id: int, onlooker: Onlooker) -> bool:
    survey = await unit.surveys.by_id(survey_id)
    if isinstance(onlooker, Place):
        return same_line(survey.path, onlooker.path)
    return onlooker.sees(survey.path)


async def _convention(unit: Unit, convention_id: int, onlooker: Onlooker) -> bool:
    convention = await unit.conventions.by_id(convention_id)
    if isinstance(onlooker, Place):
        return same_line(convention.path, onlooker.path)
    return onlooker.sees(convention.path)


async def _notice(unit: Unit, notice_id: int, onlooker: Onlooker) -> bool:
    notice = await unit.notices.by_id(notice_id)
    if isinstance(onlooker, Place):
        return same_line(notice.path, onlooker.path)
    return onlooker.sees(notice.path)


async def _proposal(unit: Unit, proposal_id: int, onlooker: Onlooker) -> bool:
    proposal = await unit.proposals.by_id(proposal_id)
    if isinstance(onlooker, Place):
        return same_line(proposal.path, onlooker.path)
    return is_proposal_visible(proposal, onlooker)


async def _digest(unit: Unit, person_id: int, onlooker: Onlooker) -> bool:
    return isinstance(onlooker, Actor) and onlooker.can(Ability.READ_DIGEST)


SIGHTS: Final[Mapping[str, Sight]] = {
    "issue": _issue,
    "poll": _poll,
    "survey": _survey,
    "meeting": _meeting,
    "evenings": _meeting,
    "minutes": _meeting,
    "motion": _motion,
    "convention": _convention,
    "notice": _notice,
    "proposal": _proposal,
    **{period.card: _digest for period in Period},
}
"""Kind of card → who may look at it."""
