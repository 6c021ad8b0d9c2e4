"""Entry 签到: checking in at a meeting with a tap, a word, or a QR code that hangs at the place."""

from domain import attendance as rules
from domain import meetings
from domain.meetings import Meeting
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.meeting_kinds import EntryCode, MeetingNumber
from handlers.messages import Button, QrCode, Reply, Typed, Words
from handlers.numbers import carried
from handlers.people import new_code
from handlers.registry import button, command, press

PREFIX = "in_"
"""Begins the word of a platform's own link, so that it is no invitation."""


@press("checkin", may=Ability.SEE_ISSUES)
async def check_in(ask: Ask, number: MeetingNumber) -> Reply:
    """Say that one is there: from half an hour before the start until the end."""
    return await let_in(ask, await ask.meeting(number))


@command(
    "签到",
    "我到了",
    "arrive",
    may=Ability.SEE_ISSUES,
    section="meetings",
    everyday=("签到", "我到了"),
    alone=("我到了",),
)
async def arrive(ask: Ask, code: EntryCode | None = None) -> Reply:
    """Check in by the code of the place's QR code, or where one meeting is open now."""
    if code is not None:
        found = await ask.unit.meetings.entered_by(code)
        if found is None or not ask.actor.sees(found.path):
            raise Refusal("entry_unknown")
        return await let_in(ask, found)
    near = await ask.unit.meetings.coming_for(ask.actor)
    now_open = [meeting for meeting in near if rules.doors_are_open(meeting, ask.now)]
    if len(now_open) == 1:
        return await let_in(ask, now_open[0])
    rows = tuple((_named(meeting),) for meeting in now_open)
    return Reply("meeting.which" if now_open else "meeting.none_open", buttons=rows)


def _named(meeting: Meeting) -> Button:
    facts = {"label": meeting.label, "kind": meeting.kind}
    return button(check_in, Words("meeting.name", facts), number=carried(meeting))


async def let_in(ask: Ask, meeting: Meeting) -> Reply:
    """Check the asker in; once is enough."""
    rules.check_doors(meeting, ask.now)
    is_new = await ask.unit.attendance.check_in(meeting, ask.actor.id, ask.now)
    await ask.tell.refresh("meeting", meeting.id)
    key = "meeting.checked_in" if is_new else "meeting.already_in"
    return Reply(key, {"label": meeting.label}, is_brief=True)


@command("签到码", "entrycode", may=Ability.CALL_MEETING, section="meetings")
async def entry_code(ask: Ask, number: MeetingNumber) -> Reply:
    """The QR code to be shown or printed at the place; always the same one for a meeting."""
    found = await ask.meeting(number)
    meetings.check_convener(found, ask.actor)
    if not meetings.can_move(found, meetings.Move.HOLD):
        raise Refusal(meetings.why_not(found), label=found.label)
    code = await ask.unit.meetings.entry_code(found, new_code())
    facts = {
        "label": found.label,
        "kind": found.kind,
        "at": found.starts_at or Words("meeting.no_date"),
        "code": Typed(f"{code[:4]}-{code[4:]}"),
        "link": Typed(ask.links.entry(code)),
    }
    qr = QrCode(f"{PREFIX}{code}", ask.links.entry(code))
    return Reply("meeting.entry_code", facts, qr=qr, is_private=True)
