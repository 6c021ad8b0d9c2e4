"""Choosing an evening 择日: one tap calls the meeting; another time can be said instead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from domain import meetings as rules
from domain.meetings import Meeting, MeetingState, Move, checked_venue, why_not
from domain.moments import Moment, Question
from domain.people import Ability
from domain.polls import PollState
from domain.refusal import Refusal
from domain.text import shortened
from handlers import evenings
from handlers.ask import CANCEL_ROW, Ask, Tick
from handlers.evenings import instant_of, minute_of, prospect_of
from handlers.kinds import FreeText, Id
from handlers.meeting_calling import fix_date
from handlers.meeting_kinds import MeetingLine, MeetingNumber, found_in
from handlers.messages import Reply, Typed, Words
from handlers.moments import asking, setting_of
from handlers.numbers import carried
from handlers.proposal_meetings import after_cancelled
from handlers.registry import button, due, press


@press("evening", may=Ability.CALL_MEETING)
async def choose(
    ask: Ask, number: MeetingNumber, minute: Id, venue: FreeText | None = None
) -> Reply | None:
    """Call a meeting for an evening that was offered; where nobody knows the place, ask for it."""
    found = await _chosen_by(ask, number)
    starts_at = instant_of(minute)
    rules.checked_start(starts_at, ask.now, ask.tenant.hours)
    where = venue or found.venue
    if not where:
        known = {"number": carried(found), "minute": minute}
        return await ask.question(choose, known, "venue", Words("ask.meeting.venue"))
    found = replace(found, venue=checked_venue(where))
    await fix_date(ask, found, starts_at)
    await _is_over(ask, found)
    return None


@press("ownevening", may=Ability.CALL_MEETING)
async def own_time(ask: Ask, number: MeetingNumber, when: MeetingLine | None = None) -> Reply:
    """Read back another evening, in the convener's own words, for a tap that calls it."""
    found = await _chosen_by(ask, number)
    known = {"number": carried(found)}
    if not when:
        return await ask.question(own_time, known, "when", Words("ask.meeting.line"))
    said = found_in(when, setting_of(ask))
    if said is None:
        raise Refusal("no_moment", text=Typed(shortened(when, 20)))
    if isinstance(said.answer, Question):
        return await ask.question(own_time, known, "when", asking(said.answer))
    starts_at = await _at_an_hour(ask, found, said.answer)
    rules.checked_start(starts_at, ask.now, ask.tenant.hours)
    call = button(choose, "button.evening_yes", number=carried(found), minute=minute_of(starts_at))
    return Reply("evening.own", {"label": found.label, "at": starts_at}, ((call,), CANCEL_ROW))


async def _at_an_hour(ask: Ask, meeting: Meeting, moment: Moment) -> datetime:
    """A day alone means the hour at which people use to meet."""
    if moment.has_hour:
        return moment.start.astimezone(UTC)
    hour = (await prospect_of(ask.unit, meeting)).horizon.habit.hour
    return moment.start.replace(hour=hour.hour, minute=hour.minute).astimezone(UTC)


@press("dropevening", may=Ability.CALL_MEETING)
async def drop_choice(ask: Ask, number: MeetingNumber) -> Reply:
    """No meeting after all; a poll about its evening is called off with it."""
    found = rules.cancelled(await _chosen_by(ask, number), by=ask.actor)
    await ask.unit.meetings.save(found, Move.CANCEL, by=ask.actor.id, now=ask.now)
    await after_cancelled(ask.unit, ask.tell, found)
    await _is_over(ask, found)
    return Reply("evening.you_dropped", {"label": found.label}, is_brief=True)


async def _is_over(ask: Ask, meeting: Meeting) -> None:
    """Nothing more is to be chosen; a poll that still asks for it is called off."""
    unit = ask.unit
    await unit.deadlines.drop("meeting.choice", meeting.id)
    await ask.tell.refresh("evenings", meeting.id)
    poll_id = await unit.evenings.poll_of(meeting.id)
    poll = await unit.polls.by_id(poll_id) if poll_id is not None else None
    if poll is None or poll.state is not PollState.OPEN:
        return
    ended = replace(poll, state=PollState.CANCELLED)
    await unit.polls.save(ended, "cancel", by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("poll", poll.id)


@press("showevenings", may=Ability.CALL_MEETING)
async def show_evenings(ask: Ask, number: MeetingNumber) -> None:
    """The card on which an evening is chosen, once more."""
    found = await _chosen_by(ask, number)
    await ask.unit.forecasts.want(found.community_id)
    await evenings.show(ask, found)


async def _chosen_by(ask: Ask, number: str) -> Meeting:
    """A meeting whose evening the asker may choose now."""
    found = await ask.meeting(number)
    rules.check_convener(found, ask.actor)
    if found.state is not MeetingState.CHOOSING:
        raise Refusal(why_not(found), label=found.label)
    return found


@due("meeting.choice")
async def give_up(tick: Tick, meeting_id: int, facts: Mapping[str, str]) -> None:
    """Forget a meeting for which nobody has chosen an evening; nobody was invited to it yet."""
    found = await tick.unit.meetings.by_id(meeting_id)
    if found.state is not MeetingState.CHOOSING:
        return
    gone = replace(found, state=MeetingState.CANCELLED)
    await tick.unit.meetings.save(gone, Move.CANCEL, by=None, now=tick.unit.now)
    await after_cancelled(tick.unit, await tick.tell(gone.community_id), gone)
    await (await tick.tell(found.community_id)).refresh("evenings", found.id)
