"""Evening card 择日卡: evenings to choose from, a poll about them, and what came of it."""

from domain.evenings import Evening, best_voted, evening_at, proposed
from domain.meetings import Meeting, MeetingState
from domain.people import Actor
from domain.polls import Poll, PollState
from handlers.evening_choice import choose, drop_choice, own_time
from handlers.evening_poll import ask_everybody, end_poll
from handlers.evening_words import avoided_words, evening_words, weather_line, why_words
from handlers.evenings import Prospect, minute_of, prospect_of
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import button, card
from storage.unit import Unit


@card("evenings")
async def evening_card(unit: Unit, meeting_id: int, viewer: Actor | None) -> Reply:
    """How the choice of an evening stands; once it is made, one line and no buttons."""
    meeting = await unit.meetings.by_id(meeting_id)
    if meeting.state is not MeetingState.CHOOSING:
        facts = {"label": meeting.label, "kind": meeting.kind, "at": meeting.starts_at or ""}
        is_over = meeting.state is MeetingState.CANCELLED
        return Reply("evening.dropped" if is_over else "evening.fixed", facts)
    poll_id = await unit.evenings.poll_of(meeting.id)
    if poll_id is None:
        return await _proposals(unit, meeting)
    poll = await unit.polls.by_id(poll_id)
    if poll.state is PollState.OPEN:
        return await _being_asked(unit, meeting, poll)
    return await _voted(unit, meeting, poll)


async def _proposals(unit: Unit, meeting: Meeting) -> Reply:
    """Three evenings, each with its reasons, and what was avoided."""
    prospect = await prospect_of(unit, meeting)
    choice = proposed(prospect.horizon)
    year = prospect.year_not_arranged
    facts = {
        **await _head(unit, meeting),
        "lines": [line for line in map(why_words, choice.evenings) if line is not None],
        "avoided": avoided_words(choice.avoided, prospect.horizon),
        "not_arranged": Words("evening.not_arranged", {"year": year}) if year else None,
        "weather": weather_line(prospect),
    }
    rows = [(_pick(meeting, evening),) for evening in choice.evenings]
    rows.append((button(ask_everybody, number=carried(meeting)),))
    return Reply("evening.card", facts, (*rows, _others(meeting)))


async def _being_asked(unit: Unit, meeting: Meeting, poll: Poll) -> Reply:
    """A poll is open: how many have answered, and a tap that ends it."""
    facts = {
        **await _head(unit, meeting),
        "poll": poll.label,
        "at": poll.closes_at,
    }
    end = button(end_poll, number=carried(meeting))
    return Reply("evening.asked", facts, ((end,), _others(meeting)))


async def _voted(unit: Unit, meeting: Meeting, poll: Poll) -> Reply:
    """A poll has ended: the evening that suits most people first; a tap confirms it."""
    prospect = await prospect_of(unit, meeting)
    ranked = await _ranked(unit, poll, prospect)
    still_to_come = [(e, count) for e, count in ranked if e.starts_at > unit.now]
    lines = [
        Words("evening.vote_line", {"name": evening_words(evening), "count": count})
        for evening, count in still_to_come
    ]
    facts = {**await _head(unit, meeting), "lines": lines, "weather": weather_line(prospect)}
    rows = [(_pick(meeting, evening),) for evening, _ in still_to_come]
    key = "evening.voted" if still_to_come and poll.voters else "evening.voted_none"
    return Reply(key, facts, (*rows, _others(meeting)))


async def _ranked(unit: Unit, poll: Poll, prospect: Prospect) -> list[tuple[Evening, int]]:
    """The evenings of a poll with their votes, the best first."""
    starts = await unit.evenings.offered(poll.id)
    left = [
        (evening_at(starts_at, prospect.horizon), count)
        for starts_at, count in zip(starts, poll.votes, strict=True)
    ]
    found = []
    while left:
        best = best_voted([evening for evening, _ in left], [count for _, count in left])
        found.append(next(one for one in left if one[0] == best))
        left.remove(found[-1])
    return found


async def _head(unit: Unit, meeting: Meeting) -> dict[str, object]:
    place = await unit.places.get(meeting.place_id)
    return {
        "label": meeting.label,
        "kind": meeting.kind,
        "place": place.name,
        "venue": Typed(meeting.venue) if meeting.venue else Words("evening.no_venue"),
    }


def _pick(meeting: Meeting, evening: Evening) -> Button:
    """The button that calls the meeting for that evening, whatever the card shows by then."""
    minute = minute_of(evening.starts_at)
    return button(choose, evening_words(evening), number=carried(meeting), minute=minute)


def _others(meeting: Meeting) -> Row:
    """Another time, or no meeting after all."""
    number = carried(meeting)
    return (button(own_time, number=number), button(drop_choice, number=number))
