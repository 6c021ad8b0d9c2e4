"""Answers to a meeting 报名: 我来, 可能来, 不来; and the three parties' 三方 confirmation."""

from domain import attendance as rules
from domain.attendance import Answer
from domain.meetings import Meeting
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.meeting_kinds import AnswerLetter, MeetingNumber
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.registry import button, press


@press("rsvp", may=Ability.SEE_ISSUES)
async def rsvp(ask: Ask, number: MeetingNumber, answer: AnswerLetter) -> Reply:
    """Say whether one comes; another tap changes it until the start."""
    found = await ask.meeting(number)
    rules.check_answer(found, ask.now)
    said = Answer(answer)
    await ask.unit.attendance.answer(found, ask.actor.id, said, ask.now)
    is_withdrawn = said is Answer.NO and await ask.unit.attendance.withdraw(
        found, ask.actor.id, ask.now
    )
    await ask.tell.refresh("meeting", found.id)
    withdrawn = Words("meeting.withdrawn") if is_withdrawn else None
    return Reply(
        f"meeting.said_{said}", {"label": found.label, "withdrawn": withdrawn}, is_brief=True
    )


@press("saycoming", may=Ability.SEE_ISSUES)
async def say_coming(ask: Ask, answer: AnswerLetter) -> Reply:
    """我来 typed: the answer to the one meeting that is to come; which of several is asked."""
    mine = await ask.unit.meetings.coming_for(ask.actor)
    open_ones = [m for m in mine if ask.is_of_here(m.path) and rules.can_answer(m, ask.now)]
    if len(open_ones) == 1:
        return await _answered(ask, open_ones[0], answer)
    rows = tuple((_named(meeting, answer),) for meeting in open_ones)
    return Reply("meeting.which_answer" if open_ones else "meeting.none", buttons=rows)


def _named(meeting: Meeting, answer: str) -> Button:
    facts = {"label": meeting.label, "kind": meeting.kind}
    return button(rsvp, Words("meeting.name", facts), number=carried(meeting), answer=answer)


async def _answered(ask: Ask, meeting: Meeting, answer: str) -> Reply:
    """The answer, and to what: nobody tapped it under a card."""
    noted: Reply = await rsvp(ask, carried(meeting), answer)
    facts = {
        "said": Words(noted.key, noted.facts),
        "kind": meeting.kind,
        "at": meeting.starts_at,
        "venue": Typed(meeting.venue),
    }
    return Reply("meeting.typed_answer", facts, (answer_row(meeting),))


@press("attend", may=Ability.SEE_ISSUES)
async def attend(ask: Ask, number: MeetingNumber) -> Reply:
    """Confirm for one's party; whoever speaks for it at the place may."""
    found = await ask.meeting(number)
    rules.check_answer(found, ask.now)
    parties = rules.parties_of(ask.actor, found.path)
    if not parties:
        raise Refusal("meeting_no_party", label=found.label)
    await ask.unit.attendance.confirm(found, parties, ask.actor.id, ask.now)
    await ask.unit.attendance.answer(found, ask.actor.id, Answer.YES, ask.now)
    await ask.tell.refresh("meeting", found.id)
    facts = {"label": found.label, "parties": list(parties)}
    return Reply("meeting.attends", facts, is_brief=True)


def answer_row(meeting: Meeting) -> Row:
    """The three answers, side by side."""
    return tuple(
        button(rsvp, f"button.rsvp_{said}", number=carried(meeting), answer=said) for said in Answer
    )
