"""Surveys store 征询: what was asked, until when, and which milestones were told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from domain.journal import Entry, Facts
from domain.people import Actor
from domain.places import ancestors
from domain.refusal import Refusal
from domain.surveys import Survey, SurveyState, rule_text, stored_rule
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import (
    Row,
    Statement,
    affected,
    inserted,
    inserted_all,
    instant,
    marks,
    row,
    rows,
    stored,
    value,
)


class Surveys:
    """Repository of surveys; lists hold only what the actor may see."""

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
        await inserted_all(
            "survey_households (survey_id, household_id, area_hundredths)",
            [(survey_id, home, area) for home, area in asked],
        )
        made = replace(survey, id=survey_id, version=1)
        after: Facts = {"number": made.number, "households": len(asked)}
        self.note(made, "open", made.author_id, made.opened_at, {}, after)
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
        self.note(survey, verb, by, now, before, after)

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

    def note(
        self,
        survey: Survey,
        verb: str,
        by: int | None,
        now: datetime,
        before: Facts,
        after: Facts,
    ) -> None:
        """Write in the journal what was done with it, or that a household answered."""
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
