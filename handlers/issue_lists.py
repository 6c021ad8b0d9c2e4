"""Issue lists 报事列表: one's own, open ones here, a search, one card, one timeline."""

from collections.abc import Mapping

from domain.issues import OPEN, Issue, Party, State, Step, parties
from domain.journal import Entry
from domain.people import Ability
from domain.text import shortened
from handlers.ask import Ask
from handlers.issue_card import card_buttons, said
from handlers.issue_telling import MAX_REMARK
from handlers.kinds import FreeText, IssueNumber
from handlers.messages import Reply, Row, Typed, Words
from handlers.numbers import carried
from handlers.proposal_kinds import MatterNumber, handed_on, proposal_in
from handlers.registry import button, command
from handlers.welcome import help_row
from storage.outbox import Priority

_PER_ROW = 4
_PER_PAGE = 10


@command(
    "我的", "我的报事", "mine", may=Ability.SEE_ISSUES, section="issues", everyday=("我的", "mine")
)
async def mine(ask: Ask) -> Reply:
    """What I reported, seconded or have to do."""
    found = await ask.unit.issues.mine(ask.actor)
    reply = _page("issue.mine", found) if found else Reply("issue.none_mine", {}, (help_row(),))
    return Reply(reply.key, reply.facts, reply.buttons, is_private=True)


@command(
    "列表", "报事列表", "list", may=Ability.SEE_ISSUES, section="issues", everyday=("列表", "list")
)
async def list_(ask: Ask) -> Reply:
    """Open issues of this place."""
    found = await ask.unit.issues.listed(ask.actor, _paths(ask))
    return _page("issue.list", found) if found else Reply("issue.none_open", {}, (help_row(),))


@command(
    "找",
    "搜索",
    "find",
    may=Ability.SEE_ISSUES,
    section="issues",
    everyday=("找", "搜索", "find"),
)
async def find(ask: Ask, words: FreeText) -> Reply:
    """Issues of this place that contain some words, closed ones too."""
    found = await ask.unit.issues.listed(ask.actor, _paths(ask), words)
    facts = {"words": Typed(shortened(words, 20))}
    return _page("issue.found", found, facts) if found else Reply("issue.none_found", facts)


@command("看", "查看", "show", may=Ability.SEE_ISSUES, section="issues", everyday=("看", "查看"))
async def show(ask: Ask, number: IssueNumber) -> Reply | None:
    """The card of one issue, kept up to date; a group sees what concerns its own place."""
    return await show_card(ask, await ask.issue(number))


async def show_card(ask: Ask, issue: Issue) -> Reply | None:
    """Show a card here, or in private where this group may not read of it."""
    if not ask.is_of_here(issue.path):
        is_sent = await ask.tell.person_card(ask.actor.id, "issue", issue.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    thread = ask.incoming.thread
    await ask.tell.card(ask.chat, "issue", issue.id, viewer=viewer, thread=thread)
    return None


@command("经过", "timeline", may=Ability.SEE_ISSUES, section="issues", everyday=("经过",))
async def timeline(ask: Ask, number: MatterNumber) -> Reply:
    """All that happened to one issue, or proposal."""
    if proposal := proposal_in(number):
        return await handed_on("proposalhistory", ask, proposal)
    issue = await ask.issue(number)
    entries = await ask.unit.journal.of("issue", issue.id)
    names = await ask.unit.people.names([e.actor_id for e in entries if e.actor_id is not None])
    remarks = await ask.unit.issues.remarks([e.remark_id for e in entries if e.remark_id])
    is_here = ask.is_of_here(issue.path)
    is_named = ask.chat.is_private and bool(parties(issue, ask.actor) - {Party.NEIGHBOUR})
    lines = [_line(entry, names if is_named else {}, remarks) for entry in entries]
    viewer = ask.actor if ask.chat.is_private or not is_here else None
    facts = {"label": issue.label, "text": said(issue, 60), "lines": lines}
    return Reply("issue.timeline", facts, card_buttons(issue, viewer), is_private=not is_here)


def _line(entry: Entry, names: dict[int, str], remarks: dict[int, str]) -> Words:
    """One step: neighbours read what happened, those concerned also who did it."""
    name = names.get(entry.actor_id or 0)
    remark = shortened(remarks.get(entry.remark_id or 0, ""), MAX_REMARK)
    facts = {
        "at": entry.at,
        "step": Step(entry.verb),
        "who": Typed(f" · {name}") if name else "",
        "remark": Words("issue.remark", {"text": Typed(remark)}) if remark else "",
    }
    return Words("issue.timeline_line", facts)


def _paths(ask: Ask) -> list[str]:
    """Where a list looks: the group's place, or all places that the asker has to do with."""
    if not ask.chat.is_private:
        return [ask.here.path]
    return sorted({grant.home for grant in ask.actor.grants})


def _page(key: str, found: list[Issue], facts: Mapping[str, object] | None = None) -> Reply:
    lines = [
        Words(
            "issue.line",
            {
                "label": issue.label,
                "text": said(issue, 24),
                "state": issue.state,
                "seconds": f" +{len(issue.seconders)}" if issue.seconders else "",
            },
        )
        for issue in found[:_PER_PAGE]
    ]
    buttons = [button(show, Typed(i.label), number=carried(i)) for i in found[:_PER_PAGE]]
    rows: tuple[Row, ...] = tuple(
        tuple(buttons[i : i + _PER_ROW]) for i in range(0, len(buttons), _PER_ROW)
    )
    return Reply(key, {"count": len(found), "lines": lines, **(facts or {})}, rows)


@command("待办", "todo", may=Ability.HANDLE_ISSUE, section="duty")
async def todo(ask: Ask) -> Reply:
    """What waits for me to act: to dispatch, accept, finish or verify."""
    here = sorted({grant.home for grant in ask.actor.grants})
    found = {issue.id: issue for issue in await ask.unit.issues.listed(ask.actor, here)}
    found |= {issue.id: issue for issue in await ask.unit.issues.mine(ask.actor)}
    waiting = [issue for issue in found.values() if _waits_for(ask, issue)]
    if not waiting:
        return Reply("issue.none_todo", {}, (help_row(),), is_private=True)
    page = _page("issue.todo", waiting)
    return Reply(page.key, page.facts, page.buttons, is_private=True)


def _waits_for(ask: Ask, issue: Issue) -> bool:
    who = parties(issue, ask.actor)
    if issue.state is State.FINISHED:
        return bool(who & {Party.REPORTER, Party.SECONDER}) and Party.WORKER not in who
    is_free = issue.state is State.REPORTED and Party.DISPATCHER in who
    return is_free or (issue.state in OPEN and bool(who & {Party.ASSIGNEE, Party.WORKER}))
