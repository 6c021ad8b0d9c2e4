"""Meeting card 会议卡: when, where, who comes, and what can be tapped now."""

from domain.attendance import PARTIES, can_answer, doors_are_open, parties_of
from domain.meetings import Meeting, MeetingState, is_convener
from domain.people import Actor
from handlers import agenda
from handlers.evening_choice import show_evenings
from handlers.forwarding import forward_row
from handlers.meeting_answers import answer_row, attend
from handlers.meeting_calendar import to_calendar
from handlers.meeting_calling import about
from handlers.meeting_entry import check_in, entry_code
from handlers.messages import Reply, Row, Typed, Words
from handlers.minutes import minutes_rows
from handlers.minutes_card import three_parties
from handlers.numbers import carried
from handlers.ratings import rating_line
from handlers.registry import button, card
from storage.unit import Unit


@card("meeting")
async def meeting_card(unit: Unit, meeting_id: int, viewer: Actor | None) -> Reply:
    """A meeting as it stands; each subject brings its own lines and buttons."""
    meeting = await unit.meetings.by_id(meeting_id)
    place = await unit.places.get(meeting.place_id)
    facts = {
        "label": meeting.label,
        "kind": meeting.kind,
        "state": _state(meeting, unit),
        "at": meeting.starts_at or Words("meeting.no_date"),
        "venue": Typed(meeting.venue),
        "place": place.name,
        "lines": await _lines(unit, meeting, viewer),
    }
    rows = await _rows(unit, meeting, viewer)
    rows += [*agenda.card_rows(meeting), *await minutes_rows(unit, meeting, viewer)]
    if meeting.state is MeetingState.CALLED:
        rows = [*rows, *forward_row(viewer, meeting)]
    return Reply("meeting.card", facts, tuple(rows))


def _state(meeting: Meeting, unit: Unit) -> MeetingState | Words:
    """Where it stands; nobody signs up any more once it has begun."""
    if meeting.state is MeetingState.CALLED and meeting.span[0] <= unit.now:
        return Words("meeting.under_way")
    return meeting.state


async def _lines(unit: Unit, meeting: Meeting, viewer: Actor | None) -> list[Words]:
    """What the card says below time and place."""
    if meeting.state is MeetingState.CANCELLED:
        return []
    found = [about(meeting.topic_line), await _repeats(unit, meeting)]
    found.append(await _who_comes(unit, meeting))
    found.append(await _ones_own(unit, meeting, viewer))
    if meeting.state is MeetingState.CALLED:
        found.append(await three_parties(unit, meeting))
    found += await agenda.card_lines(unit, meeting)
    found.append(await rating_line(unit, meeting))
    return [line for line in found if line is not None]


async def _rows(unit: Unit, meeting: Meeting, viewer: Actor | None) -> list[Row]:
    """What can be tapped; only what can be done now."""
    rows: list[Row] = []
    if meeting.state is MeetingState.CHOOSING and viewer and is_convener(meeting, viewer):
        rows.append((button(show_evenings, number=carried(meeting)),))
    if doors_are_open(meeting, unit.now):
        rows.append((button(check_in, number=carried(meeting)), *_code(meeting, viewer)))
    if not can_answer(meeting, unit.now):
        return rows
    rows.append(answer_row(meeting))
    if doors_are_open(meeting, unit.now):  # who stands at the door needs nothing else
        return rows
    more = [button(to_calendar, number=carried(meeting)), *_code(meeting, viewer)]
    if await _is_asked(unit, meeting, viewer):
        more.append(button(attend, number=carried(meeting)))
    return [*rows, tuple(more)]


def _code(meeting: Meeting, viewer: Actor | None) -> Row:
    """What its convener alone can show or print."""
    if viewer is None or viewer.id != meeting.author_id:
        return ()
    return (button(entry_code, number=carried(meeting)),)


async def _repeats(unit: Unit, meeting: Meeting) -> Words | None:
    """How the meeting comes again, while it does."""
    if meeting.series_id is None:
        return None
    series = await unit.series.by_id(meeting.series_id)
    return None if series.is_stopped else Words("meeting.repeats", {"repeat": series.repeat})


async def _who_comes(unit: Unit, meeting: Meeting) -> Words | None:
    """How many come 报名; after the end how many came, never who."""
    if meeting.state is MeetingState.CHOOSING:
        return None
    counts = await unit.attendance.counts(meeting)
    if meeting.state is MeetingState.HELD:
        return Words("meeting.came", {"count": counts.came, "yes": counts.yes})
    facts = {"yes": counts.yes, "maybe": counts.maybe, "no": counts.no}
    answers = Words("meeting.answers", facts)
    if not doors_are_open(meeting, unit.now):
        return answers
    return Words("meeting.there", {"answers": answers, "count": counts.came})


async def _ones_own(unit: Unit, meeting: Meeting, viewer: Actor | None) -> Words | None:
    """What the reader has said, on their own card alone."""
    if viewer is None or meeting.state is not MeetingState.CALLED:
        return None
    said = await unit.attendance.answer_of(meeting, viewer.id)
    return Words("meeting.yours", {"answer": said}) if said else None


async def _is_asked(unit: Unit, meeting: Meeting, viewer: Actor | None) -> bool:
    """Whether a party may still confirm here; one person is asked only for their own."""
    confirmed = await unit.attendance.confirmed(meeting)
    asked = PARTIES if viewer is None else parties_of(viewer, meeting.path)
    return any(party not in confirmed for party in asked)
