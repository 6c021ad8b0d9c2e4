"""Answers to a meeting 报名: 我来, 可能来, 不来; and the three parties' 三方 confirmation."""

from domain import attendance as rules
from domain.attendance import Answer
from domain.meetings import Meeting
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.meeting_kinds import AnswerLetter, MeetingNumber
from handlers.messages import Reply, Row, Words
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
