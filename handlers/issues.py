"""Issues 报事: 点单—派单—接单—验单, each step load → rule → save → tell."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain import issues as rules
from domain.issues import Issue, Party, State, Step
from domain.people import Ability, Role
from domain.places import ancestors
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask, Tick
from handlers.issue_card import who_handles
from handlers.kinds import (
    Assignee,
    Flag,
    FreeText,
    IssueNumber,
    Pictures,
    PlaceName,
    WordsOrPicture,
)
from handlers.messages import Reply, Row, Typed
from handlers.people import building_of, household
from handlers.registry import button, command, due, press
from storage.unit import Unit

TOLD_FIRST = (Role.BUILDING_HEAD, Role.GRID_WORKER)
"""Who answers first for a building 小事不出楼; the nearest level that has anybody."""


@command("报事", "报修", "反映", "issue", may=Ability.REPORT_ISSUE, section="issues", runs_on=True)
async def report(
    ask: Ask, what: WordsOrPicture, anew: Flag | None = None, photos: Pictures = ()
) -> Reply | None:
    """Report what is broken; a likely duplicate is offered as a seconding."""
    near = await ask.unit.issues.open_near(ask.here.path, ask.now)
    twin = None if anew else rules.likeliest(what, near)
    if twin is not None:
        return await _offer_twin(ask, twin.number, {"what": what, "anew": 1, "photos": photos})
    return await _reported(ask, what, photos, household_id=None)


@command("代报", "reportfor", may=Ability.REPORT_ISSUE, section="issues")
async def report_for(
    ask: Ask, flat: PlaceName, what: WordsOrPicture, photos: Pictures = ()
) -> Reply | None:
    """Report for a neighbour who cannot; that household verifies it as if it were its own."""
    building, name = await building_of(ask, flat)
    if not ask.actor.can(Ability.REPORT_ISSUE, at=building.path):
        raise Refusal("building_unknown", flat=name)
    home = await household(ask, building, name)
    return await _reported(ask, what, photos, household_id=home.id)


async def _reported(
    ask: Ask, what: str, photos: Sequence[int], *, household_id: int | None
) -> Reply | None:
    place = ask.here
    issue = Issue(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "issue"),
        place_id=place.id,
        path=place.path,
        level_path=place.path,
        reporter_id=ask.actor.id,
        household_id=household_id,
        text=what,
        state=State.REPORTED,
        reported_at=ask.now,
        changed_at=ask.now,
    )
    issue = await ask.unit.issues.add(issue, source=ask.source, photos=photos)
    await _shown_where_it_belongs(ask, issue)
    return None


async def _shown_where_it_belongs(ask: Ask, issue: Issue) -> None:
    """The card: here, in the building's groups, and with those who dispatch."""
    viewer = ask.actor if ask.chat.is_private else None
    thread = ask.incoming.thread
    await ask.tell.card(ask.chat, "issue", issue.id, viewer=viewer, thread=thread)
    await ask.tell.group_cards([ask.here], "issue", issue.id, but=ask.chat.id)
    staff = await ask.tell.staff(issue.path, *TOLD_FIRST)
    staff += await ask.unit.people.holding(Role.GRID_WORKER, ancestors(issue.path))
    for person_id in sorted({*staff, *await _of_household(ask, issue)} - {ask.actor.id}):
        await ask.tell.person_card(person_id, "issue", issue.id)


async def _of_household(ask: Ask, issue: Issue) -> list[int]:
    if issue.household_id is None:
        return []
    return await ask.unit.people.holding(Role.RESIDENT, [issue.household_id])


async def _offer_twin(ask: Ask, number: int, args: Mapping[str, Any]) -> Reply:
    twin = await ask.issue(number)
    anew = await ask.confirm(report, args)
    facts = {"label": twin.label, "text": Typed(shortened(twin.text, 60))}
    rows: tuple[Row, ...] = ((anew,),)
    if Party.SECONDER not in rules.parties(twin, ask.actor) and twin.reporter_id != ask.actor.id:
        rows = ((button(second, number=number),), *rows)
    return Reply("issue.alike", facts, rows)


@command("附议", "second", may=Ability.SECOND_ISSUE, section="issues")
async def second(ask: Ask, number: IssueNumber) -> Reply:
    """Stand behind a neighbour's report."""
    issue = rules.seconded(await ask.issue(number), by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.SECOND)
    if len(issue.seconders) == rules.COMMON_FROM_SECONDERS:
        facts = {"label": issue.label, "count": len(issue.seconders)}
        await ask.tell.people(await ask.tell.staff(issue.path, *TOLD_FIRST), _told("common", facts))
    return _done("seconded", issue, count=len(issue.seconders))


@command("派单", "dispatch", may=Ability.DISPATCH_ISSUE, section="duty")
async def dispatch(ask: Ask, number: IssueNumber, to: Assignee) -> Reply:
    """Give an issue to a squad or to one person."""
    issue = await ask.issue(number)
    squad_id, handler_id = await _assignee(ask, issue, to)
    after = rules.dispatched(
        issue, squad_id=squad_id, handler_id=handler_id, by=ask.actor, now=ask.now
    )
    await _save(ask, after, Step.DISPATCH)
    people = await ask.unit.places.squad_members(squad_id) if squad_id else [handler_id or 0]
    for person_id in people:
        await ask.tell.person_card(person_id, "issue", issue.id)
    to_whom = await who_handles(ask.unit, after)
    await _tell_reporter(ask, after, "dispatched", {"who": to_whom})
    return _done("dispatched", after, who=to_whom)


async def _assignee(ask: Ask, issue: Issue, to: str) -> tuple[int | None, int | None]:
    """Squad or person behind ``s3``, ``p12`` or a typed name; only those of this place."""
    squads = await ask.unit.places.squads_for(issue.path)
    people = await ask.unit.people.named(to, issue.community_id)
    for squad in squads:
        if to in {f"s{squad.id}", squad.name}:
            return squad.id, None
    if to in {f"p{ask.actor.id}", "自己", "我", "me"}:
        return None, ask.actor.id
    if len(people) != 1:
        raise Refusal("assignee_unknown", who=Typed(shortened(to, 20)))
    return None, people[0]


@command("接单", "accept", may=Ability.HANDLE_ISSUE, section="duty")
async def accept(ask: Ask, number: IssueNumber) -> Reply:
    """Take an issue into one's own hands."""
    issue = rules.accepted(await ask.issue(number), by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.ACCEPT)
    await _tell_reporter(ask, issue, "accepted", {"who": Typed(ask.actor.name)})
    return _done("accepted", issue)


@command("退单", "decline", may=Ability.HANDLE_ISSUE, section="duty")
async def decline(ask: Ask, number: IssueNumber, why: FreeText) -> Reply:
    """Hand an issue back to whoever dispatches."""
    issue = rules.declined(await ask.issue(number), by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.DECLINE, remark=why)
    facts = {"label": issue.label, "who": Typed(ask.actor.name), "why": Typed(why)}
    await ask.tell.people(await _dispatchers(ask, issue), _told("declined", facts))
    return _done("declined", issue)


@command("办结", "完成", "finish", may=Ability.HANDLE_ISSUE, section="duty")
async def finish(
    ask: Ask, number: IssueNumber, words: WordsOrPicture, photos: Pictures = ()
) -> Reply:
    """Say that it is done, with a word or a photo; those concerned are asked."""
    issue = rules.finished(await ask.issue(number), by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.FINISH, remark=words, photos=photos)
    mark = {"finished_at": ask.now.isoformat()}
    await ask.unit.deadlines.set(
        "issue.remind", issue.id, ask.now + rules.REMIND_VERIFIER_AFTER, mark
    )
    await ask.unit.deadlines.set(
        "issue.expire", issue.id, ask.now + rules.CLOSE_UNCONFIRMED_AFTER, mark
    )
    concerned = {*await _concerned(ask.unit, issue)} - {ask.actor.id}
    await ask.tell.people(concerned, _verify_question(issue, words, photos))
    return _done("finished", issue)


@command("验单", "修好了", "verify", may=Ability.SECOND_ISSUE, section="issues")
async def verify(ask: Ask, number: IssueNumber) -> Reply:
    """Confirm that it is in order; nobody verifies their own work."""
    issue = rules.moved(await ask.issue(number), Step.VERIFY, by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.VERIFY)
    if issue.handler_id is not None:
        await ask.tell.person(issue.handler_id, _told("verified", {"label": issue.label}))
    return _done("verified", issue)


@command("退回", "没修好", "reopen", may=Ability.SECOND_ISSUE, section="issues")
async def reopen(
    ask: Ask, number: IssueNumber, why: WordsOrPicture, photos: Pictures = ()
) -> Reply:
    """Send it back: it is not in order."""
    issue = rules.reopened(await ask.issue(number), by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.REOPEN, remark=why, photos=photos)
    facts = {"label": issue.label, "why": Typed(why)}
    told = {*await _dispatchers(ask, issue), issue.handler_id or 0} - {0, ask.actor.id}
    accept_row = (button(accept, number=issue.number),)
    await ask.tell.people(told, Reply("issue.told.reopened", facts, (accept_row,)))
    return _done("reopened", issue)


@command("上报", "escalate", may=Ability.ESCALATE_ISSUE, section="duty")
async def escalate(ask: Ask, number: IssueNumber, why: FreeText) -> Reply:
    """Lift it one level: building → grid → community → street."""
    issue = await ask.issue(number)
    line = await ask.unit.places.line(issue.level_path)
    above = line[-2] if len(line) > 1 else line[-1]
    issue = rules.escalated(issue, above.path, by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.ESCALATE, remark=why)
    facts = {"label": issue.label, "place": above.name, "why": Typed(why)}
    for person_id in await _dispatchers(ask, issue):
        await ask.tell.person_card(person_id, "issue", issue.id)
    await _tell_reporter(ask, issue, "escalated", facts)
    return _done("escalated", issue, place=above.name)


@command("撤回", "withdraw", may=Ability.REPORT_ISSUE, section="issues")
async def withdraw(ask: Ask, number: IssueNumber) -> Reply:
    """Take one's own report back."""
    issue = rules.moved(await ask.issue(number), Step.WITHDRAW, by=ask.actor, now=ask.now)
    await _save(ask, issue, Step.WITHDRAW)
    if issue.handler_id is not None:
        await ask.tell.person(issue.handler_id, _told("withdrawn", {"label": issue.label}))
    return _done("withdrawn", issue)


@press("amend", may=Ability.REPORT_ISSUE)
async def amend(ask: Ask, text: FreeText) -> Reply | None:
    """The message that reported it was corrected, so the report is."""
    issue = await ask.unit.issues.from_source(ask.source or "")
    if issue is None or issue.reporter_id != ask.actor.id:
        return None
    better = rules.amended(issue, _without_word(text), by=ask.actor, now=ask.now)
    await _save(ask, better, Step.AMEND)
    return None


def _without_word(text: str) -> str:
    from handlers.reading import Reader
    from handlers.registry import REGISTRY

    meant = Reader(REGISTRY).meant(text, is_addressed=True)
    return meant.rest if meant and meant.rest else text


# What the clock does


@due("issue.remind")
async def remind_verifiers(tick: Tick, issue_id: int, facts: Mapping[str, str]) -> None:
    """Ask once more, after three days of silence."""
    issue = await tick.unit.issues.by_id(issue_id)
    if rules.needs_verifying(issue, datetime.fromisoformat(facts["finished_at"])):
        tell = await tick.tell(issue.community_id)
        await tell.people(await _concerned(tick.unit, issue), _verify_question(issue, None))


@due("issue.expire")
async def close_unconfirmed(tick: Tick, issue_id: int, facts: Mapping[str, str]) -> None:
    """Close it as unconfirmed after seven days; silence is not satisfaction."""
    issue = await tick.unit.issues.by_id(issue_id)
    if not rules.needs_verifying(issue, datetime.fromisoformat(facts["finished_at"])):
        return
    issue = rules.expired(issue, now=tick.unit.now)
    await tick.unit.issues.save(issue, Step.EXPIRE, by=None)
    tell = await tick.tell(issue.community_id)
    await tell.refresh("issue", issue.id)
    row = (button(reopen, number=issue.number), button(verify, number=issue.number))
    reply = Reply("issue.told.unconfirmed", {"label": issue.label}, (row,))
    await tell.people(await _concerned(tick.unit, issue), reply)


# Telling


async def _save(
    ask: Ask, issue: Issue, step: Step, *, remark: str | None = None, photos: Sequence[int] = ()
) -> None:
    """Store the step and let every card show it."""
    await ask.unit.issues.save(issue, step, by=ask.actor, remark=remark, photos=photos)
    await ask.tell.refresh("issue", issue.id)


async def _concerned(unit: Unit, issue: Issue) -> list[int]:
    """Those who may verify: reporter, the household reported for, seconders; never the worker."""
    people = {issue.reporter_id, *issue.seconders}
    if issue.household_id is not None:
        people |= {*await unit.people.holding(Role.RESIDENT, [issue.household_id])}
    return sorted(people - {issue.handler_id or 0})


async def _dispatchers(ask: Ask, issue: Issue) -> list[int]:
    """Who dispatches at the issue's level; above the grid that is the committee or the street."""
    roles = (*TOLD_FIRST, Role.COMMITTEE, Role.STREET_STAFF)
    return await ask.tell.staff(issue.level_path, *roles)


async def _tell_reporter(ask: Ask, issue: Issue, key: str, facts: Mapping[str, Any]) -> None:
    if issue.reporter_id != ask.actor.id:
        await ask.tell.person(issue.reporter_id, _told(key, {"label": issue.label, **facts}))


def _told(key: str, facts: Mapping[str, Any]) -> Reply:
    return Reply(f"issue.told.{key}", facts)


def _done(key: str, issue: Issue, **facts: Any) -> Reply:
    return Reply(f"issue.{key}", {"label": issue.label, **facts}, is_brief=True)


def _verify_question(issue: Issue, words: str | None, photos: Sequence[int] = ()) -> Reply:
    row = (button(verify, number=issue.number), button(reopen, number=issue.number))
    key = "issue.told.finished" if words is not None else "issue.told.still_waiting"
    facts = {
        "label": issue.label,
        "text": Typed(shortened(issue.text, 60)),
        "words": Typed(words) if words else None,
    }
    return Reply(key, facts, (row,), photos[0] if photos else None)
