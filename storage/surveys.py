"""Surveys store 征询: what was asked of which households; one door for their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from domain.journal import Entry, Facts
from domain.people import Actor, Role
from domain.places import ancestors
from domain.refusal import Refusal
from domain.survey_answers import Answer
from domain.surveys import Survey, SurveyState, rule_text, stored_rule
from domain.verdict import Choice, Tally, Weight, counted
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import (
    Row,
    Statement,
    affected,
    inserted,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    value,
)

_AT_ONCE = 500
"""Rows of one statement; a database takes some 30,000 arguments at most."""


class Surveys:
    """Repository of surveys and of what households answered."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Survey:
        """The survey 询``number``.

        Raises:
            Refusal: ``survey_absent``, alike for "there is none" and "not for you".
        """
        found = await numbered("surveys", number, community_id=community_id, seen_by=seen_by)
        return _survey(found)

    async def by_id(self, survey_id: int) -> Survey:
        """The survey with that id, for the program itself; a bug if there is none."""
        return _survey(await kept("surveys", survey_id))

    async def add(self, survey: Survey, areas: Mapping[int, int]) -> Survey:
        """Store a new survey; ``areas``: household → its area in hundredths of a m²."""
        survey_id = await inserted(
            "insert into surveys (community_id, number, place_id, path, author_id, question, "
            "terms, is_public, roll_version, opened_at, closes_at, state, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            survey.community_id,
            survey.number,
            survey.place_id,
            survey.path,
            survey.author_id,
            survey.question,
            rule_text(survey.rule),
            int(survey.is_public),
            survey.roll_version,
            stored(survey.opened_at),
            stored(survey.closes_at),
            survey.state,
        )
        asked = sorted(areas.items())
        for start in range(0, len(asked), _AT_ONCE):
            some = asked[start : start + _AT_ONCE]
            await Statement(
                "insert into survey_households (survey_id, household_id, area_hundredths) "
                f"values {','.join(['(?, ?, ?)'] * len(some))}",
                *(a for home, area in some for a in (survey_id, home, area)),
            )
        made = replace(survey, id=survey_id, version=1)
        after: Facts = {"number": made.number, "households": len(asked)}
        self._note(made, "open", made.author_id, made.opened_at, {}, after)
        return made

    async def save(self, survey: Survey, verb: str, *, by: int | None, now: datetime) -> None:
        """Store a survey that was extended, closed or cancelled.

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        was = await row("select state, closes_at from surveys where id = ?", survey.id)
        saved = await affected(
            "update surveys set state = ?, closes_at = ?, version = version + 1 "
            "where id = ? and state = 'open' and version = ?",
            survey.state,
            stored(survey.closes_at),
            survey.id,
            survey.version,
        )
        if was is None or not saved:
            raise Conflict("surveys", survey.id)
        before: Facts = {"state": was["state"], "closes_at": was["closes_at"]}
        after: Facts = {"state": survey.state, "closes_at": stored(survey.closes_at)}
        self._note(survey, verb, by, now, before, after)

    async def hold(self, survey: Survey, now: datetime) -> Survey:
        """Let nobody close it, and nobody else answer in it, until this unit has ended.

        Raises:
            Refusal: ``survey_over``: it was closed meanwhile.
        """
        held = await row(
            "update surveys set version = version + 1 where id = ? and state = 'open' "
            "and closes_at > ? returning version",
            survey.id,
            stored(now),
        )
        if held is None:
            raise Refusal("survey_over", label=survey.label)
        return replace(survey, version=held["version"])

    # Answers

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

    async def answer(self, survey: Survey, household_id: int) -> Answer | None:
        """What a household answered; None for silence."""
        found = await row(
            "select * from survey_answers where survey_id = ? and household_id = ?",
            survey.id,
            household_id,
        )
        return _answer(found) if found is not None else None

    async def answers(self, survey: Survey) -> dict[int, Answer]:
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
        self._note(survey, "answer", by, now, {}, after)

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
        for start in range(0, len(household_ids), _AT_ONCE):
            some = household_ids[start : start + _AT_ONCE]
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
        for start in range(0, len(household_ids), _AT_ONCE):
            some = household_ids[start : start + _AT_ONCE]
            for r in await rows(
                "select place_id, person_id from grants where role = ? and until is null "
                f"and place_id in ({marks(some)}) order by person_id",
                Role.RESIDENT,
                *some,
            ):
                found.setdefault(r["place_id"], []).append(r["person_id"])
        return found

    async def open_for(self, actor: Actor) -> list[Survey]:
        """Open surveys at, above or below where somebody belongs, the next to close first; ten."""
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("path", homes)
        found = await rows(
            f"select * from surveys where state = 'open' and ({below} "
            f"or place_id in ({marks(above)})) order by closes_at limit 10",
            *bounds,
            *above,
        )
        return [_survey(r) for r in found]

    async def silent_below(self, paths: Sequence[str]) -> list[tuple[Survey, int]]:
        """Open surveys and how many households below ``paths`` are silent, or have to talk it over;
        the next to close first."""
        below, bounds = below_any("p.path", paths)
        found = await rows(
            "select s.*, n.silent from surveys s join (select h.survey_id, count(*) as silent "
            "from survey_households h join surveys o on o.id = h.survey_id and o.state = 'open' "
            "join places p on p.id = h.household_id left join survey_answers a "
            "on a.survey_id = h.survey_id and a.household_id = h.household_id "
            "and a.objector_id is null "
            f"where a.household_id is null and {below} group by h.survey_id) n "
            "on n.survey_id = s.id order by s.closes_at, s.id",
            *bounds,
        )
        return [(_survey(r), r["silent"]) for r in found]

    # Milestones

    async def milestones(self, community_id: int) -> tuple[Fraction, ...]:
        """Shares of agreeing households that a community tells."""
        found = await value(
            "select survey_milestones from communities where place_id = ?", community_id
        )
        return tuple(Fraction(part) for part in str(found or "").split())

    async def tell_at(self, community_id: int, shares: Sequence[Fraction]) -> None:
        """Let a community tell these shares from now on; none at all where there are none."""
        await Statement(
            "update communities set survey_milestones = ? where place_id = ?",
            " ".join(str(share) for share in sorted(shares)),
            community_id,
        )

    async def told(self, survey: Survey) -> list[Fraction]:
        """Milestones of a survey that were told."""
        found = await rows("select share from survey_milestones where survey_id = ?", survey.id)
        return [Fraction(r["share"]) for r in found]

    async def note_told(self, survey: Survey, shares: Sequence[Fraction], now: datetime) -> None:
        """Never tell these milestones again."""
        for share in shares:
            await Statement(
                "insert into survey_milestones (survey_id, share, at) values (?, ?, ?) "
                "on conflict do nothing",
                survey.id,
                str(share),
                stored(now),
            )

    def _note(
        self,
        survey: Survey,
        verb: str,
        by: int | None,
        now: datetime,
        before: Facts,
        after: Facts,
    ) -> None:
        entry = Entry(now, by, "survey", survey.id, verb, before, after)
        self._journal.note(survey.community_id, entry)


def _survey(found: Row) -> Survey:
    return Survey(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        question=found["question"],
        rule=stored_rule(found["terms"]),
        opened_at=instant(found["opened_at"]),
        closes_at=instant(found["closes_at"]),
        is_public=bool(found["is_public"]),
        roll_version=found["roll_version"],
        state=SurveyState(found["state"]),
        version=found["version"],
    )


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
