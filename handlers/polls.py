"""Polls 投票: opened in one line or asked step by step, voted by tapping, told when they end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain import polls as rules
from domain.moment_search import moment_in
from domain.moments import Moment, Question, moment_of
from domain.people import Ability
from domain.polls import Manner, Poll, PollState, VoterKind
from domain.refusal import Refusal
from domain.text import shortened
from handlers.ask import CANCEL_ROW, CONFIRMED, Ask, Tick
from handlers.kinds import FreeText, Id
from handlers.messages import Reply, Row, Typed, Words
from handlers.moments import closing_time, ended, setting_of
from handlers.poll_card import manner_words, result, told_choices
from handlers.poll_kinds import Letters, PollNumber, PollQuestion
from handlers.registry import button, command, due, press
from handlers.telling import Teller
from storage.unit import Unit

ANONYMOUS: Final = "a"
SEVERAL: Final = "s"
BY_HOUSEHOLD: Final = "h"
_TYPED: Final = {"匿名": ANONYMOUS, "多选": SEVERAL, "每户": BY_HOUSEHOLD, "按户": BY_HOUSEHOLD}


@command("投票", "poll", may=Ability.OPEN_POLL, section="polls")
async def poll(
    ask: Ask, question: PollQuestion, options: FreeText, closes: FreeText | None = None
) -> Reply:
    """Prepare a poll; nothing is fixed before its date has been read back."""
    sketch = _sketched(ask, question, options, closes)
    if sketch.answer is None and closes:
        raise Refusal("no_moment", text=Typed(shortened(closes, 20)))
    listed = rules.split_options(sketch.options)
    known = {"question": question, "options": options}
    if sketch.answer is None:
        return await ask.question(poll, known, "closes", Words("ask.poll.closes"))
    closes_at = await ended(ask, poll, sketch.answer, known, slot="closes")
    if isinstance(closes_at, Reply):
        return closes_at
    rules.checked_close(closes_at, ask.now)
    return await _read_back(ask, sketch.question, listed, closes_at, sketch.letters)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """What a line says of a poll: its time may stand behind the options or in the question."""

    question: str
    options: str
    answer: Moment | Question | None
    letters: str


def _sketched(ask: Ask, question: str, options: str, closes: str | None) -> _Sketch:
    setting = setting_of(ask)
    words = question.split()
    letters = "".join(_TYPED[word] for word in words if word in _TYPED)
    asked = " ".join(word for word in words if word not in _TYPED)
    if closes:
        return _Sketch(asked, options, moment_of(closes, setting), letters)
    behind = moment_in(options, setting)
    if behind is not None:
        return _Sketch(asked, behind.rest, behind.answer, letters)
    before = moment_in(asked, setting)
    if before is not None and before.rest:
        return _Sketch(before.rest, options, before.answer, letters)
    return _Sketch(asked, options, None, letters)


async def _read_back(
    ask: Ask, question: str, options: tuple[str, ...], closes_at: datetime, letters: str
) -> Reply:
    """Say back question, options, manner and date, with one tap for each thing to change."""
    args = {
        "question": question,
        "options": "\n".join(options),
        "closes": closes_at.isoformat(),
        "manner": letters,
    }
    yes = await ask.confirm(open_poll, args)
    rows: tuple[Row, ...] = (
        (yes,),
        tuple(
            button(
                change_manner,
                f"button.poll_{letter}_{'off' if letter in letters else 'on'}",
                letter=letter,
            )
            for letter in (ANONYMOUS, SEVERAL, BY_HOUSEHOLD)
            if not (letter == SEVERAL and ANONYMOUS in letters)
        ),
        CANCEL_ROW,
    )
    facts = {
        "question": Typed(question),
        "options": [Words("poll.option_line", {"option": Typed(o)}) for o in options],
        "manner": manner_words(_manner(letters, len(options))),
        "at": closes_at,
        "place": ask.here.name,
    }
    return Reply("poll.read_back", facts, rows)


@press("pollmanner", may=Ability.OPEN_POLL)
async def change_manner(ask: Ask, letter: Letters) -> Reply:
    """Flip one thing of a poll that is not open yet."""
    draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
    if draft is None or draft.command != "pollopen" or draft.asking != CONFIRMED:
        raise Refusal("button_stale")
    letters = "".join(sorted(set(draft.args["manner"]) ^ {letter}))
    if ANONYMOUS in letters:
        letters = letters.replace(SEVERAL, "")
    options = tuple(draft.args["options"].split("\n"))
    closes_at = datetime.fromisoformat(draft.args["closes"])
    return await _read_back(ask, draft.args["question"], options, closes_at, letters)


def _manner(letters: str, options: int) -> Manner:
    return Manner(
        most=options if SEVERAL in letters else 1,
        is_anonymous=ANONYMOUS in letters,
        voter=VoterKind.HOUSEHOLD if BY_HOUSEHOLD in letters else VoterKind.PERSON,
    )


@press("pollopen", may=Ability.OPEN_POLL)
async def open_poll(
    ask: Ask, question: FreeText, options: FreeText, closes: FreeText, manner: Letters | None = None
) -> None:
    """Open it: one card, with one count, in every group of the place."""
    if not ask.actor.can(Ability.OPEN_POLL, at=ask.here.path):
        raise Refusal("not_allowed", command=Words("button.poll"))
    listed = rules.split_options(options)
    made = Poll(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "poll"),
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        question=question,
        options=listed,
        manner=_manner(manner or "", len(listed)),
        opened_at=ask.now,
        closes_at=rules.checked_close(datetime.fromisoformat(closes), ask.now),
    )
    made = await ask.unit.polls.add(made)
    await _set_deadlines(ask.unit, made)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "poll", made.id, viewer=viewer, thread=ask.incoming.thread)
    await ask.tell.cards_below(made.path, "poll", made.id, but=ask.chat.id)


async def _set_deadlines(unit: Unit, poll: Poll) -> None:
    await unit.deadlines.drop("poll.remind", poll.id)
    await unit.deadlines.drop("poll.close", poll.id)
    await unit.deadlines.set("poll.close", poll.id, poll.closes_at)
    remind_at = rules.remind_at(poll)
    if remind_at is not None and remind_at > unit.now:
        await unit.deadlines.set("poll.remind", poll.id, remind_at)


@press("vote", may=Ability.SEE_ISSUES)
async def vote(ask: Ask, number: PollNumber, option: Id) -> Reply:
    """Choose an option; another tap changes it until the close."""
    found = await ask.poll(number)
    rules.check_open(found, ask.now)
    voter = rules.voter_key(found, ask.actor)
    await ask.unit.polls.hold(found, ask.now)
    before = await ask.unit.polls.choices(found, voter)
    after = rules.chosen(found, before or frozenset(), option, ask.now)
    await ask.unit.polls.vote(found, voter, before, after)
    await ask.tell.refresh("poll", found.id)
    return told_choices(found, after)


@command("延期", "extend", may=Ability.OPEN_POLL, section="polls")
async def extend(ask: Ask, number: PollNumber, until: FreeText) -> Reply:
    """Let a poll be open for longer."""
    found = await ask.poll(number)
    closes_at = await closing_time(ask, extend, until, {"number": number}, slot="until")
    if isinstance(closes_at, Reply):
        return closes_at
    later = rules.extended(found, closes_at, by=ask.actor, now=ask.now)
    await ask.unit.polls.save(later, "extend", by=ask.actor.id, now=ask.now)
    await _set_deadlines(ask.unit, later)
    await ask.tell.refresh("poll", later.id)
    facts = {"label": later.label, "who": Typed(ask.actor.name), "at": later.closes_at}
    return await _announced(ask, later, Reply("poll.extended", facts))


@command("结束投票", "closepoll", may=Ability.OPEN_POLL, section="polls")
async def close_early(ask: Ask, number: PollNumber) -> Reply:
    """End a poll now and tell the result."""
    found = await ask.poll(number)
    rules.check_author(found, ask.actor)
    rules.check_open(found, ask.now)
    await _ended(ask.unit, ask.tell, found, by=ask.actor.id)
    return Reply("poll.you_closed", {"label": found.label}, is_brief=True)


@command("取消投票", "cancelpoll", may=Ability.OPEN_POLL, section="polls")
async def cancel_poll(ask: Ask, number: PollNumber) -> Reply:
    """Call a poll off; the group is told by whom."""
    found = rules.cancelled(await ask.poll(number), by=ask.actor, now=ask.now)
    await ask.unit.polls.save(found, "cancel", by=ask.actor.id, now=ask.now)
    await ask.tell.refresh("poll", found.id)
    facts = {"label": found.label, "who": Typed(ask.actor.name), "question": Typed(found.question)}
    return await _announced(ask, found, Reply("poll.cancelled", facts))


async def _announced(ask: Ask, poll: Poll, reply: Reply) -> Reply:
    """Say it in every group of the poll; here it is the answer."""
    await ask.tell.groups_below(poll.path, reply, but=ask.chat.id)
    return reply


@command("投票列表", "polls", may=Ability.SEE_ISSUES, section="polls")
async def list_polls(ask: Ask) -> Reply:
    """Polls that are open and concern the asker."""
    found = await ask.unit.polls.open_for(ask.actor)
    if not found:
        return Reply("poll.none")
    lines = [
        Words(
            "poll.line",
            {"label": p.label, "question": Typed(shortened(p.question, 24)), "at": p.closes_at},
        )
        for p in found
    ]
    rows = tuple(
        (button(show_poll, Typed(f"{p.label} {shortened(p.question, 12)}"), number=p.number),)
        for p in found
    )
    return Reply("poll.list", {"lines": lines}, rows)


@press("showpoll", may=Ability.SEE_ISSUES)
async def show_poll(ask: Ask, number: PollNumber) -> None:
    """A poll's card."""
    found = await ask.poll(number)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "poll", found.id, viewer=viewer, thread=ask.incoming.thread)


@command("投票名单", "voters", may=Ability.SEE_ISSUES, section="polls", where="private")
async def voters(ask: Ask, number: PollNumber) -> Reply:
    """Who voted what in a named poll, so that anybody concerned can count again."""
    found = await ask.poll(number)
    if found.manner.is_anonymous:
        raise Refusal("poll_anonymous", label=found.label)
    choices = await ask.unit.polls.named_choices(found)
    by_option = [
        Words(
            "poll.voters_line",
            {
                "option": Typed(option),
                "names": Typed("、".join(sorted(await _names(ask.unit, choices, i))) or "—"),
            },
        )
        for i, option in enumerate(found.options)
    ]
    return Reply("poll.voters", {"label": found.label, "lines": by_option, "voters": found.voters})


async def _names(unit: Unit, choices: Mapping[str, frozenset[int]], option: int) -> list[str]:
    keys = [key for key, chosen in choices.items() if option in chosen]
    people = await unit.people.names([int(key[1:]) for key in keys if key[0] == "p"])
    homes = [await unit.places.get(int(key[1:])) for key in keys if key[0] == "h"]
    return [*people.values(), *(home.name for home in homes)]


# What the clock does


@due("poll.remind")
async def remind_silent(tick: Tick, poll_id: int, facts: Mapping[str, str]) -> None:
    """Remind those who have not voted, once."""
    found = await tick.unit.polls.by_id(poll_id)
    if found.state is not PollState.OPEN:
        return
    tell = await tick.tell(found.community_id)
    for person_id in await tick.unit.polls.silent(found):
        await tell.person_card(person_id, "poll", found.id)


@due("poll.close")
async def close_on_time(tick: Tick, poll_id: int, facts: Mapping[str, str]) -> None:
    """End a poll at its time and tell the result; nothing where it ended or was extended."""
    found = await tick.unit.polls.by_id(poll_id)
    if found.state is PollState.OPEN and found.closes_at <= tick.unit.now:
        await _ended(tick.unit, await tick.tell(found.community_id), found, by=None)


async def _ended(unit: Unit, tell: Teller, poll: Poll, *, by: int | None) -> None:
    """Close and announce; the count is read again once nobody can vote any more."""
    await unit.polls.save(rules.closed(poll, now=unit.now), "close", by=by, now=unit.now)
    await tell.refresh("poll", poll.id)
    final = await unit.polls.by_id(poll.id)
    await tell.groups_below(poll.path, result(final, tell.speaker(None)))
