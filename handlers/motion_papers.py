"""Paper and proxies 纸票与委托: entered by one person with a photo, confirmed by a second one."""

from domain import motions as rules
from domain.ballots import Ballot, Outcome, Way, check_proxy, outcome
from domain.ledger import conflict_row, form_code
from domain.matters import Choices, choices_of
from domain.motions import Motion, MotionState
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.kinds import Flag, HouseholdName, Id, PersonName, Pictures
from handlers.messages import Reply, Row, Series, Typed
from handlers.motion_card import vote_row
from handlers.motion_kinds import FOR_ALL, MotionNumber, PaperChoice
from handlers.motion_life import watch_papers
from handlers.motion_matters import said, said_lines
from handlers.motion_seats import others_of
from handlers.motion_votes import entered
from handlers.motion_waiting import second_eyes, uncounted
from handlers.namesakes import called, which_one
from handlers.numbers import carried
from handlers.people import building_of
from handlers.registry import button, command, press
from storage.papers import Paper
from storage.seats import Seat


@command(
    "纸票",
    "paper",
    may=Ability.ENTER_BALLOT,
    section="convening",
    where="private",
    everyday=("纸票", "paper"),
)
async def paper(
    ask: Ask,
    number: MotionNumber,
    flat: HouseholdName,
    choice: PaperChoice,
    photos: Pictures = (),
) -> Reply:
    """Enter a ballot on paper with its photo; it counts once a second person has confirmed it."""
    motion = await _taken(ask, number)
    seat = await _seat_of(ask, motion, flat)
    choices = _on_paper(motion, choice)
    outcome(seat.ballot, Ballot(choices, Way.PAPER))
    if not photos:
        raise Refusal("paper_no_photo")
    new = Paper(0, motion.id, seat.number, choices, photos[0], ask.actor.id)
    paper_id = await ask.unit.papers.add(new, ask.now)
    await watch_papers(ask.unit, motion)
    await ask.tell.refresh_for(await second_eyes(ask.unit, motion), "motion", motion.id)
    told = await _ask_second(ask, motion, seat, await _stored(ask, paper_id))
    facts = {**_facts(motion, seat), "choice": said(choices)}
    return Reply("motion.paper_entered" if told else "motion.paper_alone", facts)


def _on_paper(motion: Motion, text: str) -> Choices:
    """A choice on each matter, as it was read from a paper."""
    found = choices_of(text.removeprefix(FOR_ALL))
    count = len(motion.asked)
    if text.startswith(FOR_ALL):
        found *= count
    if len(found) != count:
        raise Refusal("choices_count", label=motion.label, count=len(found), needed=count)
    return found


async def _taken(ask: Ask, number: str) -> Motion:
    """A motion that takes paper and proxies now, held so that nothing comes between."""
    found = await ask.motion(number)
    if not ask.actor.can(Ability.ENTER_BALLOT, at=found.path):
        raise Refusal("motion_absent", number=found.number)
    motion = await ask.unit.motions.hold(found)
    rules.check_open(motion, ask.now)
    if motion.is_secret:
        raise Refusal("motion_secret_by_hand", label=motion.label)
    return motion


async def _seat_of(ask: Ask, motion: Motion, flat: str) -> Seat:
    """The entry of the frozen roll that has a flat."""
    building, name = await building_of(ask, flat)
    for home in await ask.unit.places.named(name, below=building.path):
        seats = await ask.unit.seats.at(motion.id, home.id)
        if len(seats) == 1:
            return seats[0]
    raise Refusal("not_on_roll", flat=Typed(flat), label=motion.label)


async def _stored(ask: Ask, paper_id: int) -> Paper:
    found = await ask.unit.papers.get(paper_id)
    if found is None:
        raise Refusal("button_stale")
    return found


async def _ask_second(ask: Ask, motion: Motion, seat: Seat, new: Paper) -> bool:
    """Show the paper to others who may enter ballots; whether there is anybody."""
    others = await second_eyes(ask.unit, motion) - {ask.actor.id}
    for person_id in sorted(others):
        await ask.tell.person(person_id, _shown(motion, seat, new))
    return bool(others)


def _shown(motion: Motion, seat: Seat, new: Paper) -> Reply:
    row: Row = (
        button(confirm_paper, "button.paperok", paper=new.id, yes=1),
        button(confirm_paper, "button.paperno", paper=new.id, yes=0),
    )
    code = form_code(motion.label, motion.fingerprint, seat.number)
    facts = {**_facts(motion, seat), "choice": said(new.choices), "code": code}
    facts["each"] = said_lines(motion, new.choices)
    return Reply("motion.paper_second", facts, (row,), new.photo_id)


@command(
    "待核纸票",
    "papers",
    may=Ability.ENTER_BALLOT,
    section="convening",
    where="private",
    everyday=("papers",),
)
async def papers(ask: Ask, number: MotionNumber, after: Id | None = None) -> Reply:
    """The next paper that waits for a second pair of eyes; once closed, all that did not count."""
    motion = await ask.motion(number)
    if not ask.actor.can(Ability.ENTER_BALLOT, at=motion.path):
        raise Refusal("motion_absent", number=motion.number)
    if motion.state is MotionState.CLOSED:
        return await uncounted(ask.unit, motion, after=after or 0)
    waiting = await ask.unit.papers.waiting(motion.id)
    for new in waiting:
        seat = await ask.unit.seats.get(motion.id, new.voter)
        if new.entered_by != ask.actor.id and seat is not None:
            return _shown(motion, seat, new)
    key = "motion.papers_own" if waiting else "motion.papers_none"
    return Reply(key, {"label": motion.label, "count": len(waiting)})


@press("paperok", may=Ability.ENTER_BALLOT)
async def confirm_paper(ask: Ask, paper: Id, yes: Flag) -> Reply:
    """Confirm or reject what somebody else entered; confirmed, it counts as far as it may."""
    new = await _stored(ask, paper)
    found = await ask.unit.motions.by_id(new.motion_id)
    motion = await _taken(ask, carried(found))
    if new.entered_by == ask.actor.id:
        raise Refusal("paper_own")
    seat = await ask.unit.seats.get(motion.id, new.voter)
    assert seat is not None
    ballot = Ballot(new.choices, Way.PAPER)
    came = outcome(seat.ballot, ballot) if yes else None
    verdict = came.value if came else "rejected"
    if not await ask.unit.papers.decide(new.id, verdict, by=ask.actor.id, now=ask.now):
        raise Refusal("paper_decided")
    await ask.tell.refresh_for(await second_eyes(ask.unit, motion), "motion", motion.id)
    facts = {**_facts(motion, seat), "choice": said(new.choices)}
    if came is None:
        await ask.tell.person(new.entered_by, Reply("motion.paper_rejected", facts))
        return Reply("motion.paper_not_taken", facts)
    return await _come(ask, motion, seat, ballot, came)


async def _come(ask: Ask, motion: Motion, seat: Seat, ballot: Ballot, came: Outcome) -> Reply:
    """Let a confirmed paper count; a conflict is the owner's to settle, who is told so."""
    own = said(seat.ballot.choices) if seat.ballot else None
    facts = {**_facts(motion, seat), "choice": said(ballot.choices), "own": own, "way": ballot.way}
    people = await others_of(ask, motion, seat)
    if came is Outcome.COUNTS:
        await entered(ask, motion, seat, ballot)
        await ask.unit.papers.revoke(motion.id, seat.number)
        await ask.tell.people(people, Reply("motion.counted_for_you", facts))
        return Reply("motion.paper_counts", facts)
    if came is Outcome.SAME:
        return Reply("motion.paper_same", facts)
    at = ask.unit.motions.ledger_at(motion.id, ask.now)
    await ask.unit.motions.write(motion.id, [conflict_row(seat.number, ballot.choices, at)], at)
    await ask.tell.people(people, Reply("motion.conflict_yours", facts, (vote_row(motion),)))
    return Reply("motion.paper_conflict", facts)


@command(
    "委托",
    "proxy",
    may=Ability.ENTER_BALLOT,
    section="convening",
    where="private",
    everyday=("委托", "proxy"),
)
async def proxy(
    ask: Ask,
    number: MotionNumber,
    flat: HouseholdName,
    holder: PersonName,
    photos: Pictures = (),
) -> Reply:
    """Enter who votes for whom, with a photo of what the owner signed."""
    motion = await _taken(ask, number)
    seat = await _seat_of(ask, motion, flat)
    people = await called(ask, holder, motion.community_id)
    if not people:
        raise Refusal("person_unknown", name=Typed(holder))
    if not photos:
        raise Refusal("proxy_no_photo")
    if len(people) > 1:
        known = {"number": number, "flat": flat, "photos": list(photos)}
        return await which_one(ask, proxy, known, "holder", people)
    return await _entrusted(ask, motion, seat, people[0], photos[0])


async def _entrusted(ask: Ask, motion: Motion, seat: Seat, holder_id: int, photo_id: int) -> Reply:
    holder = await ask.unit.people.actor(holder_id)
    held = await ask.unit.papers.held_by(motion.id, holder_id)
    check_proxy(holder, owners=[seat.number], held=held, most=motion.proxies)
    people = await ask.unit.seats.people_of(motion.id, seat.number)
    if holder_id in people:
        raise Refusal("proxy_self")
    if seat.ballot is not None and seat.ballot.way is not Way.PROXY:
        raise Refusal("ballot_by_owner")
    await ask.unit.papers.entrust(
        motion.id, seat.number, holder_id, photo_id=photo_id, by=ask.actor.id, now=ask.now
    )
    facts = {**_facts(motion, seat), "name": Typed(holder.name)}
    await ask.tell.person_card(holder_id, "motion", motion.id)
    await ask.tell.person(holder_id, Reply("motion.proxy_yours", facts))
    await ask.tell.people(people, Reply("motion.proxy_given", facts))
    return Reply("motion.proxy_entered", facts)


def _facts(motion: Motion, seat: Seat) -> dict[str, object]:
    return {"label": motion.label, "flats": Series(seat.entry.flats), "name": seat.entry.name}
