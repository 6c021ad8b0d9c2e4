"""Answers of households store 一户一答: which are asked, what each said, which are reminded."""

from collections.abc import Sequence
from datetime import datetime

from domain.journal import Facts
from domain.people import Role
from domain.survey_answers import Answer
from domain.surveys import Survey
from domain.verdict import Choice, Tally, Weight, counted
from storage.statement import (
    AT_ONCE,
    Row,
    Statement,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    value,
)
from storage.surveys import Surveys


class SurveyAnswers:
    """Repository of what households answered; one door for answers, the survey is held."""

    def __init__(self, surveys: Surveys) -> None:
        self._surveys = surveys

    async def asked(self, survey: Survey) -> dict[int, int]:
        """Household → its area in hundredths of a m², as they were at the opening."""
        found = await rows(
            "select household_id, area_hundredths from survey_households where survey_id = ?",
            survey.id,
        )
        return {r["household_id"]: r["area_hundredths"] for r in found}

    async def asked_of(self, survey: Survey, household_ids: Sequence[int]) -> list[int]:
        """Which of these households are asked."""
        found = await rows(
            "select household_id from survey_households where survey_id = ? "
            f"and household_id in ({marks(household_ids)}) order by household_id",
            survey.id,
            *household_ids,
        )
        return [r["household_id"] for r in found]

    async def of(self, survey: Survey, household_id: int) -> Answer | None:
        """What a household answered; None for silence."""
        found = await row(
            "select * from survey_answers where survey_id = ? and household_id = ?",
            survey.id,
            household_id,
        )
        return _answer(found) if found is not None else None

    async def by_household(self, survey: Survey) -> dict[int, Answer]:
        """Household → what it answered; without those that are silent."""
        found = await rows("select * from survey_answers where survey_id = ?", survey.id)
        return {r["household_id"]: _answer(r) for r in found}

    async def put(self, survey: Survey, answer: Answer, *, by: int, now: datetime) -> None:
        """Store a household's answer in place of the one before; the survey is held by this unit.

        The journal tells that it answered and from which side, not what: neighbours of another
        house may read it one day.
        """
        await Statement(
            "insert into survey_answers (survey_id, household_id, choice, person_id, "
            "objector_id, photo_id, entered_by, at) values (?, ?, ?, ?, ?, ?, ?, ?) "
            "on conflict (survey_id, household_id) do update set choice = excluded.choice, "
            "person_id = excluded.person_id, objector_id = excluded.objector_id, "
            "photo_id = excluded.photo_id, entered_by = excluded.entered_by, at = excluded.at",
            survey.id,
            answer.household_id,
            answer.choice,
            answer.person_id,
            answer.objector_id,
            answer.photo_id,
            answer.entered_by,
            stored(answer.at),
        )
        after: Facts = {
            "household": answer.household_id,
            "disputed": int(answer.is_disputed),
            "paper": answer.photo_id,
        }
        self._surveys.note(survey, "answer", by, now, {}, after)

    async def tally(self, survey: Survey) -> Tally:
        """The sums, by households and by area; disputed answers count as silence."""
        whole = await row(
            "select count(*) as homes, coalesce(sum(area_hundredths), 0) as area "
            "from survey_households where survey_id = ?",
            survey.id,
        )
        found = await rows(
            "select a.choice, count(*) as homes, sum(h.area_hundredths) as area "
            "from survey_answers a join survey_households h on h.survey_id = a.survey_id "
            "and h.household_id = a.household_id where a.survey_id = ? and a.objector_id is null "
            "group by a.choice",
            survey.id,
        )
        assert whole is not None
        roll = Weight(whole["homes"], int(whole["area"]))
        return counted(
            roll, ((Choice(r["choice"]), Weight(r["homes"], int(r["area"]))) for r in found)
        )

    async def reminded(self, survey: Survey) -> dict[int, datetime | None]:
        """Asked household → when it was reminded last."""
        found = await rows(
            "select household_id, reminded_at from survey_households where survey_id = ?",
            survey.id,
        )
        return {r["household_id"]: instant_or_none(r["reminded_at"]) for r in found}

    async def remind(self, survey: Survey, household_ids: Sequence[int], now: datetime) -> None:
        """Note that these households are reminded now."""
        for start in range(0, len(household_ids), AT_ONCE):
            some = household_ids[start : start + AT_ONCE]
            await Statement(
                "update survey_households set reminded_at = ? where survey_id = ? "
                f"and household_id in ({marks(some)})",
                stored(now),
                survey.id,
                *some,
            )

    async def disputed(self, survey: Survey) -> int:
        """How many households have to talk it over."""
        return int(
            await value(
                "select count(*) from survey_answers where survey_id = ? "
                "and objector_id is not null",
                survey.id,
            )
        )

    async def members(self, household_ids: Sequence[int]) -> dict[int, list[int]]:
        """Household → ids of those who live there now."""
        found: dict[int, list[int]] = {}
        for start in range(0, len(household_ids), AT_ONCE):
            some = household_ids[start : start + AT_ONCE]
            for r in await rows(
                "select place_id, person_id from grants where role = ? and until is null "
                f"and place_id in ({marks(some)}) order by person_id",
                Role.RESIDENT,
                *some,
            ):
                found.setdefault(r["place_id"], []).append(r["person_id"])
        return found


def _answer(found: Row) -> Answer:
    return Answer(
        household_id=found["household_id"],
        choice=Choice(found["choice"]),
        at=instant(found["at"]),
        person_id=found["person_id"],
        objector_id=found["objector_id"],
        photo_id=found["photo_id"],
        entered_by=found["entered_by"],
    )
