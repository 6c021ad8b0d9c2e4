"""Answers of households 一户一答: one of each, its members may object, those at home settle it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.people import Actor, Role
from domain.refusal import Refusal
from domain.verdict import Choice, Tally, Weight, counted


@dataclass(frozen=True, slots=True)
class Answer:
    """What a household answered.

    Attributes:
        person_id: Who of them did; None for one on paper.
        objector_id: Who of the same household disagrees: nothing counts until one settles it.
        photo_id: The signed paper; ``entered_by`` is who of the staff put it in.
    """

    household_id: int
    choice: Choice
    at: datetime
    person_id: int | None = None
    objector_id: int | None = None
    photo_id: int | None = None
    entered_by: int | None = None

    @property
    def is_disputed(self) -> bool:
        """Whether the household has to talk it over first 意见不一."""
        return self.objector_id is not None

    @property
    def is_on_paper(self) -> bool:
        """Whether a signed paper stands for it."""
        return self.photo_id is not None


def answered(
    before: Answer | None, household_id: int, choice: Choice, *, by: int, now: datetime
) -> Answer:
    """The household's answer after one of its members chose.

    One's own answer, and one on paper, is replaced. The same as somebody else's leaves it as it
    is; another one than somebody else's is an objection, whoever of them came first.

    Raises:
        Refusal: ``survey_disputed``: they have to settle it first.
    """
    if before is not None and before.is_disputed:
        raise Refusal("survey_disputed")
    is_anothers = before is not None and before.person_id not in (None, by)
    if before is not None and is_anothers:
        return before if choice is before.choice else objected(before, by=by)
    return Answer(household_id, choice, now, by)


def objected(before: Answer | None, *, by: int) -> Answer:
    """The answer with somebody's objection; it does not count until it is settled.

    Raises:
        Refusal: ``survey_nothing_to_object``, or ``survey_own_answer``: that one can be changed.
    """
    if before is None:
        raise Refusal("survey_nothing_to_object")
    if before.person_id == by:
        raise Refusal("survey_own_answer")
    return before if before.is_disputed else replace(before, objector_id=by)


def settled(before: Answer | None, choice: Choice, *, by: int, now: datetime) -> Answer:
    """What the household agreed on, told by one of them; the others may object once more.

    Raises:
        Refusal: ``survey_settled``: there is nothing to settle any more.
    """
    if before is None or not before.is_disputed:
        raise Refusal("survey_settled")
    return Answer(before.household_id, choice, now, by)


def on_paper(
    before: Answer | None,
    household_id: int,
    choice: Choice,
    *,
    photo_id: int,
    by: int,
    now: datetime,
) -> Answer:
    """An answer that the staff put in from a signed paper.

    Raises:
        Refusal: ``survey_answered_itself``: a paper never overrules what a household said itself.
    """
    if before is not None and not before.is_on_paper and not before.is_disputed:
        raise Refusal("survey_answered_itself")
    return Answer(household_id, choice, now, photo_id=photo_id, entered_by=by)


def tally(areas: Mapping[int, int], answers: Iterable[Answer]) -> Tally:
    """The sums of a survey; disputed answers count as silence 未表态.

    ``areas``: every household that is asked → its area in hundredths of a m², 0 where unknown.
    """
    roll = Weight(len(areas), sum(areas.values()))
    given = [a for a in answers if not a.is_disputed]
    return counted(roll, ((a.choice, Weight(1, areas[a.household_id])) for a in given))


def homes_in(asked: Iterable[int], actor: Actor) -> tuple[int, ...]:
    """The asked households where somebody lives now; whoever moved away has none."""
    held = {grant.place_id for grant in actor.grants if grant.role is Role.RESIDENT}
    return tuple(sorted(held & set(asked)))
