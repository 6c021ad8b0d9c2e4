"""Ratings 满意度: one tap after a meeting; and the word to whoever writes its minutes."""

from domain import ratings as rules
from domain.meetings import Meeting, MeetingState
from domain.people import Ability
from domain.ratings import Rating
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.meeting_kinds import MeetingNumber
from handlers.messages import Reply, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, press
from handlers.telling import Teller
from handlers.topic_kinds import RatingWord
from storage.unit import Unit


@press("ratemeeting", may=Ability.SEE_ISSUES)
async def rate(ask: Ask, number: MeetingNumber, rating: RatingWord) -> Reply:
    """Say how it was; another tap within three days changes it."""
    found = await ask.meeting(number)
    rules.check_rating(found, ask.now)
    if ask.actor.id not in await ask.unit.ratings.took_part(found):
        raise Refusal("rating_not_there", label=found.label)
    await ask.unit.ratings.rate(found, ask.actor.id, Rating(rating), ask.now)
    await ask.tell.refresh("meeting", found.id)
    return Reply("rating.thanks", {"rating": Rating(rating)}, is_brief=True)


async def after_meeting(unit: Unit, tell: Teller, meeting: Meeting) -> None:
    """Ask those who were there how it was, and whoever convened it for the minutes."""
    facts = {"label": meeting.label, "kind": meeting.kind}
    row = tuple(
        button(rate, f"rating.{one}", number=carried(meeting), rating=one) for one in Rating
    )
    await tell.people(await unit.ratings.took_part(meeting), Reply("rating.ask", facts, (row,)))
    written = await unit.minutes.of(meeting)
    if not written.is_public:
        handler = REGISTRY.commands["minutes"].handler
        desk = (button(handler, "button.desk", number=carried(meeting)),)
        writer = written.scribe_id or meeting.author_id
        await tell.person(writer, Reply("minutes.please", facts, (desk,)))


async def rating_line(unit: Unit, meeting: Meeting) -> Words | None:
    """How those who were there found it, once enough have said so that nobody is recognised."""
    if meeting.state is not MeetingState.HELD:
        return None
    counted = rules.tally(await unit.ratings.of(meeting))
    return Words("rating.line", {str(one): n for one, n in counted.items()}) if counted else None
