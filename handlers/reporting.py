"""Reporting 报事: say what is broken, second a neighbour, correct it, take it back."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from domain import issues as rules
from domain.issues import Issue, Party, State, Step
from domain.likeness import likeliest
from domain.people import Ability, Role
from domain.places import Place, ancestors, names_place
from domain.refusal import Refusal
from domain.urgency import is_emergency
from handlers.ask import Ask
from handlers.endings import sure
from handlers.issue_card import said
from handlers.issue_lists import show_card
from handlers.issue_telling import TOLD_FIRST, done, save, told
from handlers.kinds import (
    Flag,
    FreeText,
    HouseholdName,
    IssueNumber,
    Pictures,
    PlaceName,
    WordsOrPicture,
)
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.people import building_of, household
from handlers.proposal_kinds import MatterNumber, handed_on, proposal_in
from handlers.registry import REGISTRY, Handler, button, command, correction, press
from storage.outbox import Priority


@command(
    "报事",
    "报修",
    "反映",
    "投诉",
    "issue",
    may=Ability.REPORT_ISSUE,
    section="issues",
    runs_on=True,
    everyday=("反映", "投诉"),
)
async def report(
    ask: Ask,
    what: WordsOrPicture,
    anew: Flag | None = None,
    photos: Pictures = (),
    home: PlaceName | None = None,
) -> Reply | None:
    """Report what is broken; a likely duplicate is offered as a seconding."""
    known = {"what": what, "anew": anew, "photos": photos}
    homes = await own_buildings(ask)
    meant = meant_of(homes, what, home)
    if len(homes) > 1 and meant is None:
        return await which_home(ask, report, known, homes)
    if meant is not None:
        await ask.turn_to(meant)
    twin = None if anew else await _twin(ask, what)
    if twin is not None:
        return await _offer_twin(ask, twin, {**known, "anew": 1, "home": str(ask.here.id)})
    return await _reported(ask, what, photos, at=ask.here)


async def own_buildings(ask: Ask) -> list[Place]:
    """The buildings that may be meant where nothing but the speaker tells it; empty in groups."""
    if ask.chat.place_id is not None:
        return []
    paths = {grant.home for grant in ask.actor.grants if grant.role is Role.RESIDENT}
    return await ask.unit.places.several([ancestors(path)[-1] for path in sorted(paths)])


def meant_of(homes: Sequence[Place], what: str, home: str | None) -> Place | None:
    """The one of ``homes`` that was tapped or typed, or that alone is named in what was said."""
    if home and home.isdecimal():
        return next((place for place in homes if place.id == int(home)), None)
    named = [place for place in homes if names_place(home or what, place.name)]
    return named[0] if len(named) == 1 else None


async def which_home(
    ask: Ask, handler: Handler, known: Mapping[str, Any], homes: Sequence[Place]
) -> Reply:
    """Ask in which of their buildings it is; two of one name are told apart by the community."""
    offered = []
    for place in homes:
        name = place.name
        if [other.name for other in homes].count(name) > 1 and place.community_id is not None:
            name = f"{(await ask.unit.places.get(place.community_id)).name} {name}"
        offered.append(Button(Typed(name), f"={place.id}"))
    return await ask.question(handler, known, "home", Words("ask.which_home"), offered)


async def _twin(ask: Ask, what: str) -> Issue | None:
    """The open issue of this place that was most likely meant, if the asker may know of it."""
    near = likeliest(what, await ask.unit.issues.open_near(ask.here.path, ask.now))
    twin = await ask.unit.issues.by_id(near.id) if near else None
    return twin if twin and rules.is_visible(twin, ask.actor) else None


@command("代报", "reportfor", may=Ability.REPORT_ISSUE, section="issues")
async def report_for(
    ask: Ask, flat: HouseholdName, what: WordsOrPicture, photos: Pictures = ()
) -> Reply | None:
    """Report for a neighbour who cannot; that household verifies it as if it were its own."""
    building, name = await building_of(ask, flat)
    if not ask.actor.can(Ability.REPORT_ISSUE, at=building.path):
        raise Refusal("building_unknown", flat=name)
    home = await _home(ask, building, name)
    return await _reported(ask, what, photos, at=building, household_id=home.id)


async def _home(ask: Ask, building: Place, flat: str) -> Place:
    """The household reported for; only staff who admit residents may say that there is another."""
    known = await ask.unit.places.named(flat, below=building.path)
    if known:
        return known[0]
    if not ask.actor.can(Ability.ADMIT_RESIDENT, at=building.path):
        raise Refusal("household_unknown", flat=flat)
    return await household(ask, building, flat)


async def _reported(
    ask: Ask, what: str, photos: Sequence[int], *, at: Place, household_id: int | None = None
) -> Reply | None:
    issue = Issue(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "issue"),
        place_id=at.id,
        path=at.path,
        level_path=at.path,
        reporter_id=ask.actor.id,
        household_id=household_id,
        text=what,
        state=State.REPORTED,
        reported_at=ask.now,
        changed_at=ask.now,
    )
    issue = await ask.unit.issues.add(issue, source=ask.source, photos=photos)
    return await _shown_where_it_belongs(ask, issue, at)


async def _shown_where_it_belongs(ask: Ask, issue: Issue, at: Place) -> Reply | None:
    """The card: here or, in another building's group, in private; and with those who dispatch.

    Danger is told at once, whatever the hour.
    """
    urgency = Priority.ANSWER if is_emergency(issue.text) else Priority.REMINDER
    reply = await show_card(ask, issue)
    await ask.tell.group_cards([at], "issue", issue.id, but=ask.chat.id, priority=urgency)
    staff = await ask.tell.staff(issue.path, *TOLD_FIRST, always=Role.GRID_WORKER)
    for person_id in sorted({*staff, *await _of_household(ask, issue)} - {ask.actor.id}):
        await ask.tell.person_card(person_id, "issue", issue.id, urgency)
    return reply


async def _of_household(ask: Ask, issue: Issue) -> list[int]:
    if issue.household_id is None:
        return []
    return await ask.unit.people.holding(Role.RESIDENT, [issue.household_id])


async def _offer_twin(ask: Ask, twin: Issue, args: Mapping[str, Any]) -> Reply:
    anew = await ask.confirm(report, args)
    facts = {"label": twin.label, "text": said(twin, 60)}
    rows: tuple[Row, ...] = ((anew,),)
    if Party.SECONDER not in rules.parties(twin, ask.actor) and twin.reporter_id != ask.actor.id:
        rows = ((button(second, number=carried(twin)),), *rows)
    return Reply("issue.alike", facts, rows)


@command("附议", "second", may=Ability.SECOND_ISSUE, section="issues")
async def second(ask: Ask, number: MatterNumber) -> Reply:
    """Stand behind a neighbour's report, or proposal."""
    if proposal := proposal_in(number):
        return await handed_on("secondproposal", ask, proposal)
    issue = rules.seconded(await ask.issue(number), by=ask.actor, now=ask.now)
    await save(ask, issue, Step.SECOND)
    if len(issue.seconders) == rules.COMMON_FROM_SECONDERS:
        staff = await ask.tell.staff(issue.path, *TOLD_FIRST)
        word = told("common", issue, count=len(issue.seconders))
        row = (button(REGISTRY.commands["totopic"].handler, number=carried(issue)),)
        await ask.tell.people(staff, replace(word, buttons=(row,)))
    return done("seconded", issue, count=len(issue.seconders))


@command("撤回", "withdraw", may=Ability.REPORT_ISSUE, section="issues")
async def withdraw(ask: Ask, number: MatterNumber) -> Reply:
    """Take one's own report, or proposal, back."""
    if proposal := proposal_in(number):
        return await handed_on("withdrawproposal", ask, proposal)
    found = await ask.issue(number)
    rules.moved(found, Step.WITHDRAW, by=ask.actor, now=ask.now)
    facts = {"text": said(found, 20), "count": len(found.seconders) or None}
    return await sure(ask, withdraw_now, found, "issue.withdraw_asked", facts)


@press("withdrawnow", may=Ability.REPORT_ISSUE, only_confirmed=True)
async def withdraw_now(ask: Ask, number: IssueNumber) -> Reply:
    """Take it back: a number said twice is no yes, and others may have met it too."""
    return await _withdrawn(ask, await ask.issue(number))


async def _withdrawn(ask: Ask, found: Issue) -> Reply:
    """A report is taken back; whoever has it in hand is told."""
    issue = rules.moved(found, Step.WITHDRAW, by=ask.actor, now=ask.now)
    await save(ask, issue, Step.WITHDRAW)
    if issue.handler_id is not None:
        await ask.tell.person(issue.handler_id, told("withdrawn", issue))
    return done("withdrawn", issue)


@correction("amend", may=Ability.REPORT_ISSUE)
async def amend(ask: Ask, text: FreeText) -> Reply | None:
    """The message that reported it was corrected, so the report is."""
    issue = await ask.unit.issues.from_source(ask.source or "")
    if issue is None or issue.reporter_id != ask.actor.id:
        return None
    better = rules.amended(issue, text, by=ask.actor, now=ask.now)
    await save(ask, better, Step.AMEND)
    return None
