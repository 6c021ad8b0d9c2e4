"""Proposing 提议: say what could be better, second a neighbour, take it back, decline it."""

from collections.abc import Mapping
from typing import Any

from domain import proposal_life as life
from domain import proposals as rules
from domain.likeness import most_alike
from domain.people import Ability, Role
from domain.proposals import Proposal, ProposalKind, ProposalStep
from domain.text import shortened
from handlers.ask import Ask
from handlers.endings import sure
from handlers.issue_telling import TOLD_FIRST
from handlers.kinds import Flag, FreeText, PlaceName
from handlers.messages import Reply, Row, Typed
from handlers.numbers import carried
from handlers.proposal_kinds import ProposalNumber
from handlers.proposal_lists import show_card
from handlers.proposal_talks import off_agenda
from handlers.proposal_telling import done, save, told
from handlers.registry import button, command, press
from handlers.reporting import meant_of, own_buildings, which_home
from storage.outbox import Priority


@command("提议", "propose", may=Ability.REPORT_ISSUE, section="proposals")
async def propose(
    ask: Ask, what: FreeText, anew: Flag | None = None, home: PlaceName | None = None
) -> Reply | None:
    """Propose something; one that is alike is offered for seconding."""
    known = {"what": what, "anew": anew}
    homes = await own_buildings(ask)
    meant = meant_of(homes, what, home)
    if len(homes) > 1 and meant is None:
        return await which_home(ask, propose, known, homes)
    if meant is not None:
        await ask.turn_to(meant)
    twin = None if anew else await _twin(ask, what)
    if twin is not None:
        return await _offer_twin(ask, twin, {**known, "anew": 1, "home": str(ask.here.id)})
    return await announced(ask, await stored(ask, rules.checked_text(what)))


async def _twin(ask: Ask, what: str) -> Proposal | None:
    """The proposal for this place, not yet put to the vote, that most likely says the same."""
    near = await ask.unit.proposals.open_at(ask.here.path)
    return most_alike(what, near, lambda one: one.text)


async def _offer_twin(ask: Ask, twin: Proposal, args: Mapping[str, Any]) -> Reply:
    rows: tuple[Row, ...] = ((await ask.confirm(propose, args),),)
    if ProposalStep.SECOND in rules.steps_for(twin, rules.stakes(twin, ask.actor)):
        rows = ((button(second, number=carried(twin)),), *rows)
    facts = {"label": twin.label, "text": Typed(shortened(twin.text, 60))}
    return Reply("proposal.alike", facts, rows)


async def stored(ask: Ask, what: str, kind: ProposalKind = ProposalKind.PROPOSAL) -> Proposal:
    """A new proposal of the asker for where they are; nobody has been told yet."""
    made = Proposal(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "proposal"),
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        text=what,
        proposed_at=ask.now,
        changed_at=ask.now,
        kind=kind,
    )
    return await ask.unit.proposals.add(made)


async def announced(ask: Ask, made: Proposal) -> Reply | None:
    """Its card stands here, in the place's groups, and with those who answer for it."""
    await ask.tell.refresh_digests(made.path)
    reply = await show_card(ask, made)
    await _told_there(ask, made)
    return reply


async def _told_there(ask: Ask, made: Proposal) -> None:
    """A card in every group that it concerns, and for those who answer for its place."""
    await ask.tell.cards_below(made.path, "proposal", made.id, but=ask.chat.id)
    staff = await ask.tell.staff(made.path, *TOLD_FIRST, always=Role.GRID_WORKER)
    for person_id in sorted({*staff} - {ask.actor.id}):
        await ask.tell.person_card(person_id, "proposal", made.id, Priority.REMINDER)


@press("liftproposal", may=Ability.LEAD_PROPOSAL)
async def lift(ask: Ask, number: ProposalNumber, why: FreeText) -> Reply:
    """Let it be a matter of the next level: building → grid → community."""
    found = await ask.proposal(number)
    above = (await ask.unit.places.line(found.path))[-2]
    after = life.lifted(found, above, by=ask.actor, now=ask.now)
    await save(ask, after, ProposalStep.LIFT, remark=why)
    await _told_there(ask, after)
    facts = {"who": Typed(ask.actor.name), "place": above.name, "why": Typed(shortened(why, 200))}
    await ask.tell.people(after.behind - {ask.actor.id}, told("lifted", after, **facts))
    return done("lifted", after, place=above.name)


@press("secondproposal", may=Ability.SECOND_ISSUE)
async def second(ask: Ask, number: ProposalNumber) -> Reply:
    """Stand behind a neighbour's proposal."""
    found = rules.seconded(await ask.proposal(number), by=ask.actor, now=ask.now)
    await save(ask, found, ProposalStep.SECOND)
    if len(found.seconders) == rules.SHARED_FROM:
        staff = {*await ask.tell.staff(found.path, *TOLD_FIRST)} - {ask.actor.id}
        await ask.tell.people(staff, told("shared", found, count=len(found.seconders)))
    return done("seconded", found, count=len(found.seconders))


@press("withdrawproposal", may=Ability.REPORT_ISSUE)
async def withdraw(ask: Ask, number: ProposalNumber) -> Reply:
    """Ask whether one's own proposal shall be taken back: who seconded it would be lost."""
    found = await ask.proposal(number)
    rules.moved(found, ProposalStep.WITHDRAW, by=ask.actor, now=ask.now)
    facts = {"text": Typed(shortened(found.text, 40)), "count": len(found.seconders) or None}
    return await sure(ask, withdraw_now, found, "proposal.withdraw_asked", facts)


@press("proposalwithdraw", may=Ability.REPORT_ISSUE, only_confirmed=True)
async def withdraw_now(ask: Ask, number: ProposalNumber) -> Reply:
    """Take it back, before it is put to the vote."""
    found = await ask.proposal(number)
    after = rules.moved(found, ProposalStep.WITHDRAW, by=ask.actor, now=ask.now)
    await off_agenda(ask, found)
    await save(ask, after, ProposalStep.WITHDRAW)
    await ask.tell.people(after.seconders, told("withdrawn", after))
    return done("withdrawn", after)


@command("不采纳", "declineproposal", may=Ability.LEAD_PROPOSAL, section="proposals")
async def decline(ask: Ask, number: ProposalNumber, why: FreeText) -> Reply:
    """Do not take it up; those behind it are told why."""
    found = await ask.proposal(number)
    after = rules.declined(found, why, by=ask.actor, now=ask.now)
    await off_agenda(ask, found)
    await save(ask, after, ProposalStep.DECLINE, remark=why)
    facts = {"who": Typed(ask.actor.name), "why": Typed(shortened(why, 200))}
    await ask.tell.people(after.behind, told("declined", after, **facts))
    return done("declined", after)
