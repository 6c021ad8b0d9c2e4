"""Polls 投票: voted by tapping, extended, ended and called off, counted again by anybody."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from domain import polls as rules
from domain.people import Ability
from domain.places import masked_flat, within
from domain.polls import Poll
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import Ask
from handlers.endings import sure
from handlers.evening_result import poll_changed
from handlers.kinds import FreeText, Id
from handlers.messages import Reply, Series, Typed, Words
from handlers.moments import closing_time
from handlers.numbers import carried
from handlers.poll_card import told_choices
from handlers.poll_deadlines import conclude, set_deadlines
from handlers.poll_kinds import Picks, PollNumber
from handlers.registry import button, command, press
from storage.outbox import Priority


@press("vote", may=Ability.SEE_ISSUES)
async def vote(ask: Ask, number: PollNumber, option: Id) -> Reply:
    """Choose an option; another tap changes it until the close."""
    found = await ask.poll(number)
    return await _voted(ask, found, lambda before: rules.chosen(found, before, option, ask.now))


@press("handin", may=Ability.SEE_ISSUES)
async def hand_in(ask: Ask, number: PollNumber, picks: Picks) -> Reply:
    """Hand a ballot paper in: what is chosen on it replaces what was chosen before."""
    found = await ask.poll(number)
    options = [int(pick) for pick in picks.split(".")] if picks != "-" else []
    return await _voted(ask, found, lambda before: rules.cast(found, before, options, ask.now))


async def _voted(
    ask: Ask, found: Poll, choose: Callable[[frozenset[int]], frozenset[int]]
) -> Reply:
    """Put a vote in, for every household of the voter that may still choose."""
    rules.check_open(found, ask.now)
    voters = rules.voter_keys(found, ask.actor)
    await ask.unit.polls.hold(found, ask.now)
    before = {voter: await ask.unit.polls.choices(found, voter) for voter in voters}
    free = [voter for voter in voters if not (found.manner.is_anonymous and before[voter])]
    after = choose(await _own_choices(ask, found, (free or voters)[0], before))
    for voter in free:
        await ask.unit.polls.vote(found, voter, before[voter], after, now=ask.now)
    await ask.tell.refresh("poll", found.id)
    if found.manner.is_anonymous and ask.incoming.press is None and ask.incoming.ref:
        await ask.unit.webchat.unsay(ask.chat, ask.incoming.ref)
    return told_choices(found, after)


async def _own_choices(
    ask: Ask, poll: Poll, voter: str, before: Mapping[str, frozenset[int] | None]
) -> frozenset[int]:
    """What a tap adds to or takes from: not what others chose there before the asker moved in."""
    chosen = before[voter]
    if not chosen or await ask.unit.polls.is_from_before(poll, voter, ask.actor.id):
        return frozenset()
    return chosen


@command("延期", "extend", may=Ability.OPEN_POLL, section="polls")
async def extend(ask: Ask, number: PollNumber, until: FreeText) -> Reply:
    """Let a poll be open for longer."""
    found = await ask.poll(number)
    closes_at = await closing_time(ask, extend, until, {"number": number}, slot="until")
    if isinstance(closes_at, Reply):
        return closes_at
    later = rules.extended(found, closes_at, by=ask.actor, now=ask.now)
    await ask.unit.polls.save(later, "extend", by=ask.actor.id, now=ask.now)
    await set_deadlines(ask.unit, later)
    await ask.tell.refresh("poll", later.id)
    facts = {"label": later.label, "who": Typed(ask.actor.name), "at": later.closes_at}
    return await _announced(ask, later, Reply("poll.extended", facts))


@command("结束投票", "closepoll", may=Ability.OPEN_POLL, section="polls")
async def close_early(ask: Ask, number: PollNumber) -> Reply:
    """Ask whether a poll shall end now; nobody can vote any more then."""
    found = await ask.poll(number)
    rules.check_author(found, ask.actor)
    rules.check_open(found, ask.now)
    return await sure(ask, close_now, found, "poll.close_asked", _asked_of(ask, found))


@press("pollclose", may=Ability.OPEN_POLL, only_confirmed=True)
async def close_now(ask: Ask, number: PollNumber) -> Reply:
    """End a poll now and tell the result."""
    found = await ask.poll(number)
    rules.check_author(found, ask.actor)
    rules.check_open(found, ask.now)
    await conclude(ask.unit, ask.tell, found, by=ask.actor.id)
    return Reply("poll.you_closed", {"label": found.label}, is_brief=True)


@command("取消投票", "cancelpoll", may=Ability.OPEN_POLL, section="polls")
async def cancel_poll(ask: Ask, number: PollNumber) -> Reply:
    """Ask whether a poll shall be called off; its votes would count for nothing."""
    found = await ask.poll(number)
    rules.cancelled(found, by=ask.actor, now=ask.now)
    return await sure(ask, cancel_now, found, "poll.cancel_asked", _asked_of(ask, found))


def _asked_of(ask: Ask, poll: Poll) -> Mapping[str, object]:
    """What a question before the end may tell: a group reads of its own polls alone."""
    if not _is_of_here(ask, poll):
        return dict.fromkeys(("question", "count", "at"), "")
    return {"question": Typed(poll.question), "count": poll.voters, "at": poll.closes_at}


@press("pollcancel", may=Ability.OPEN_POLL, only_confirmed=True)
async def cancel_now(ask: Ask, number: PollNumber) -> Reply:
    """Call a poll off; the group is told by whom."""
    found = rules.cancelled(await ask.poll(number), by=ask.actor, now=ask.now)
    await ask.unit.polls.save(found, "cancel", by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("poll", found.id)
    await poll_changed(ask.unit, ask.tell, found, by=ask.actor.id)
    facts = {"label": found.label, "who": Typed(ask.actor.name), "question": Typed(found.question)}
    return await _announced(ask, found, Reply("poll.cancelled", facts))


async def _announced(ask: Ask, poll: Poll, reply: Reply) -> Reply:
    """Say it in every group of the poll; here it is the answer."""
    await ask.tell.groups_below(poll.path, reply, but=ask.chat.id)
    return replace(reply, is_private=not _is_of_here(ask, poll))


def _is_of_here(ask: Ask, poll: Poll) -> bool:
    """Whether this chat may read of it; a poll of a grid runs in the groups of its buildings."""
    runs_here = ask.place is not None and within(ask.place.path, poll.path)
    return runs_here or ask.is_of_here(poll.path)


@command("投票列表", "polls", may=Ability.SEE_ISSUES, section="polls")
async def list_polls(ask: Ask) -> Reply:
    """Polls that are open and concern the asker."""
    mine = await ask.unit.polls.open_for(ask.actor)
    if not mine:
        return Reply("poll.none")
    found = [p for p in mine if _is_of_here(ask, p)]
    if not found:
        return replace(_listed(mine), is_private=True)
    return _listed(found)


def _listed(found: Sequence[Poll]) -> Reply:
    lines = [
        Words(
            "poll.line",
            {"label": p.label, "question": Typed(shortened(p.question, 24)), "at": p.closes_at},
        )
        for p in found
    ]
    rows = tuple(
        (button(show_poll, Typed(f"{p.label} {shortened(p.question, 12)}"), number=carried(p)),)
        for p in found
    )
    return Reply("poll.list", {"lines": lines}, rows)


@press("showpoll", may=Ability.SEE_ISSUES)
async def show_poll(ask: Ask, number: PollNumber) -> Reply | None:
    """A poll's card; a group sees what concerns its own place."""
    found = await ask.poll(number)
    if not _is_of_here(ask, found):
        is_sent = await ask.tell.person_card(ask.actor.id, "poll", found.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "poll", found.id, viewer=viewer, thread=ask.incoming.thread)
    return None


@command("投票名单", "voters", may=Ability.SEE_ISSUES, section="polls", where="private")
async def voters(ask: Ask, number: PollNumber) -> Reply:
    """Who voted what in a named poll, so that anybody concerned can count again."""
    found = await ask.poll(number)
    if found.manner.is_anonymous:
        raise Refusal("poll_anonymous", label=found.label)
    choices = await ask.unit.polls.named_choices(found)
    called = await _called(ask, choices)
    by_option = [
        Words(
            "poll.voters_line",
            {
                "option": Typed(option),
                "names": Series(tuple(_names(choices, called, i)) or ("—",)),
            },
        )
        for i, option in enumerate(found.options)
    ]
    return Reply("poll.voters", {"label": found.label, "lines": by_option, "voters": found.voters})


async def _called(ask: Ask, voters: Iterable[str]) -> dict[str, str]:
    """Voter → name or door; the doors of other buildings stay private (ADR 15)."""
    ids: dict[str, list[int]] = {"p": [], "h": []}
    for key in voters:
        ids[key[0]].append(int(key[1:]))
    people = await ask.unit.people.names(ids["p"])
    homes = await ask.unit.places.several(ids["h"])
    doors = {
        f"h{home.id}": home.name
        if rules.may_read_door(home.path, ask.actor)
        else masked_flat(home.name)
        for home in homes
    }
    return {f"p{person_id}": name for person_id, name in people.items()} | doors


def _names(
    choices: Mapping[str, frozenset[int]], called: Mapping[str, str], option: int
) -> list[str]:
    return sorted(called[key] for key, chosen in choices.items() if option in chosen)
