"""Issues 报事: 派单—接单—办结—验单, each step load → rule → save → tell."""

from domain import issues as rules
from domain.issues import Issue, Step
from domain.people import Ability
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask
from handlers.issue_card import who_handles
from handlers.issue_telling import (
    concerned,
    dispatchers,
    done,
    remark,
    save,
    tell_reporter,
    told,
    verify_question,
    workers,
)
from handlers.kinds import Assignee, FreeText, IssueNumber, Pictures, WordsOrPicture
from handlers.messages import Reply, Typed
from handlers.namesakes import called, which_one
from handlers.proposal_kinds import MatterNumber, handed_on, proposal_in
from handlers.registry import command, press
from storage.outbox import Priority


@command("派单", "dispatch", may=Ability.DISPATCH_ISSUE, section="duty")
async def dispatch(ask: Ask, number: IssueNumber, to: Assignee) -> Reply:
    """Give an issue to a squad or to one person."""
    issue = await ask.issue(number)
    squad_id, people = await _assignees(ask, issue, to)
    if len(people) > 1:
        return await which_one(ask, dispatch, {"number": number}, "to", people)
    return await _dispatched(ask, issue, squad_id, people[0] if people else None)


async def _dispatched(
    ask: Ask, issue: Issue, squad_id: int | None, handler_id: int | None
) -> Reply:
    after = rules.dispatched(
        issue, squad_id=squad_id, handler_id=handler_id, by=ask.actor, now=ask.now
    )
    await save(ask, after, Step.DISPATCH)
    who = await who_handles(ask.unit, after)
    await tell_reporter(ask, after, "dispatched", {"who": who})
    if issue.handler_id is not None and issue.handler_id not in {handler_id, ask.actor.id}:
        await ask.tell.person(issue.handler_id, told("taken_away", after, who=who))
    is_told = await cards_to_workers(ask, after)
    return done("dispatched" if is_told else "dispatched_untold", after, who=who)


async def cards_to_workers(ask: Ask, issue: Issue) -> bool:
    """A card to everybody who may accept; whether it reaches anybody."""
    is_told = False
    for person_id in await workers(ask.unit, issue):
        priority = Priority.ANSWER if person_id == ask.actor.id else Priority.REMINDER
        is_told |= await ask.tell.person_card(person_id, "issue", issue.id, priority)
    return is_told


async def _assignees(ask: Ask, issue: Issue, to: str) -> tuple[int | None, list[int]]:
    """Squad or people behind ``s3``, ``p12`` or a typed name; only those of this place."""
    for squad in await ask.unit.places.squads_for(issue.path):
        if to in {f"s{squad.id}", squad.name}:
            return squad.id, []
    if to in {f"p{ask.actor.id}", "自己", "我", "me"}:
        return None, [ask.actor.id]
    people = await called(ask, to, issue.community_id)
    if not people:
        raise Refusal("assignee_unknown", who=Typed(shortened(to, 20)))
    return None, people


@command("接单", "accept", may=Ability.HANDLE_ISSUE, section="duty")
async def accept(ask: Ask, number: IssueNumber) -> Reply:
    """Take an issue into one's own hands."""
    issue = rules.accepted(await ask.issue(number), by=ask.actor, now=ask.now)
    await save(ask, issue, Step.ACCEPT)
    await tell_reporter(ask, issue, "accepted", {"who": Typed(ask.actor.name)})
    return done("accepted", issue)


@command("退单", "decline", may=Ability.HANDLE_ISSUE, section="duty")
async def decline(ask: Ask, number: IssueNumber, why: FreeText) -> Reply:
    """Hand an issue back to whoever dispatches."""
    issue = rules.declined(await ask.issue(number), by=ask.actor, now=ask.now)
    await save(ask, issue, Step.DECLINE, remark=why)
    word = told("declined", issue, Step.DISPATCH, who=Typed(ask.actor.name), why=remark(why))
    await ask.tell.people(await dispatchers(ask, issue), word)
    return done("declined", issue)


@press("saiddone", may=Ability.SEE_ISSUES)
async def said_done(ask: Ask, number: IssueNumber, words: FreeText = "") -> Reply:
    """报1修好了: whoever has it in hand finishes it so, whoever waits for it verifies it."""
    issue = await ask.issue(number)
    if Step.FINISH in rules.steps_for(issue, rules.parties(issue, ask.actor)):
        reply: Reply = await finish(ask, number, words, await ask.keep_pictures())
        return reply
    return await verify(ask, number)  # type: ignore[no-any-return]


@command(
    "办结",
    "完成",
    "办完了",
    "弄好了",
    "搞定了",
    "finish",
    may=Ability.HANDLE_ISSUE,
    section="duty",
    everyday=("完成", "办完了", "弄好了", "搞定了"),
    alone=("办完了", "弄好了", "搞定了"),
)
async def finish(
    ask: Ask, number: IssueNumber, words: WordsOrPicture, photos: Pictures = ()
) -> Reply:
    """Say that it is done, with a word or a photo; those concerned are asked."""
    issue = rules.finished(await ask.issue(number), by=ask.actor, now=ask.now)
    await save(ask, issue, Step.FINISH, remark=words, photos=photos)
    mark = {"finished_at": ask.now.isoformat()}
    await ask.unit.deadlines.set(
        "issue.remind", issue.id, ask.now + rules.REMIND_VERIFIER_AFTER, mark
    )
    await ask.unit.deadlines.set(
        "issue.expire", issue.id, ask.now + rules.CLOSE_UNCONFIRMED_AFTER, mark
    )
    await ask.tell.people(await concerned(ask.unit, issue), verify_question(issue, words, photos))
    return done("finished", issue)


@command(
    "验单", "修好了", "verify", may=Ability.SECOND_ISSUE, section="issues", everyday=("修好了",)
)
async def verify(ask: Ask, number: IssueNumber) -> Reply:
    """Confirm that it is in order; nobody verifies their own work."""
    issue = rules.moved(await ask.issue(number), Step.VERIFY, by=ask.actor, now=ask.now)
    await save(ask, issue, Step.VERIFY)
    if issue.handler_id is not None:
        await ask.tell.person(issue.handler_id, told("verified", issue))
    return done("verified", issue)


@command(
    "退回", "没修好", "reopen", may=Ability.SECOND_ISSUE, section="issues", everyday=("没修好",)
)
async def reopen(
    ask: Ask, number: IssueNumber, why: WordsOrPicture, photos: Pictures = ()
) -> Reply:
    """Send it back: it is not in order."""
    issue = rules.reopened(await ask.issue(number), by=ask.actor, now=ask.now)
    await save(ask, issue, Step.REOPEN, remark=why, photos=photos)
    staff = {*await dispatchers(ask, issue)} - {ask.actor.id, issue.handler_id}
    await ask.tell.people(staff, told("reopened", issue, Step.DISPATCH, why=remark(why)))
    if issue.handler_id is not None:
        word = told("reopened", issue, Step.ACCEPT, why=remark(why))
        await ask.tell.person(issue.handler_id, word)
    return done("reopened", issue)


@command("上报", "escalate", may=Ability.ESCALATE_ISSUE, section="duty")
async def escalate(ask: Ask, number: MatterNumber, why: FreeText) -> Reply:
    """Lift it one level: building → grid → community → street."""
    if proposal := proposal_in(number):
        return await handed_on("liftproposal", ask, proposal, why)
    issue = await ask.issue(number)
    line = await ask.unit.places.line(issue.level_path)
    above = line[-2] if len(line) > 1 else line[-1]
    issue = rules.escalated(issue, above.path, by=ask.actor, now=ask.now)
    await save(ask, issue, Step.ESCALATE, remark=why)
    for person_id in await dispatchers(ask, issue):
        await ask.tell.person_card(person_id, "issue", issue.id)
    await tell_reporter(ask, issue, "escalated", {"place": above.name})
    return done("escalated", issue, place=above.name)
