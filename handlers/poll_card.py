"""Poll card 投票卡: the live count, the result in words and as a chart."""

from collections.abc import Collection
from fractions import Fraction
from typing import Final

from domain.people import Actor
from domain.polls import Manner, Poll, PollState, VoterKind, keys_held
from domain.text import shortened
from handlers.forwarding import forward_row
from handlers.messages import BallotPaper, Bar, Chart, Form, Reply, Row, Series, Typed, Words
from handlers.numbers import carried
from handlers.registry import REGISTRY, button, card
from handlers.wording import Speaker
from storage.unit import Unit

MANY: Final = 8
"""From so many options on, two short ones share a row."""
SHORT: Final = 8
"""Characters of an option that has room beside another one."""


@card("poll")
async def poll_card(unit: Unit, poll_id: int, viewer: Actor | None) -> Reply:
    """A poll as it stands; its options are the buttons while it is open."""
    poll = await unit.polls.by_id(poll_id)
    facts = {
        "label": poll.label,
        "state": poll.state,
        "question": Typed(poll.question),
        "lines": _lines(poll) if poll.state is not PollState.CANCELLED else None,
        "voters": _turnout(poll),
        "manner": manner_words(poll.manner),
        "at": poll.closes_at,
        "doors_seen": _doors_seen(poll),
        "yours": await _yours(unit, poll, viewer),
    }
    rows = (*_buttons(poll), *_forward(poll, viewer))
    return Reply("poll.card", facts, rows, paper=_paper(poll))


def _paper(poll: Poll) -> BallotPaper:
    """The poll as a ballot paper, which is handed in once with all that was chosen."""
    call = button(REGISTRY.commands["handin"].handler, Typed(""), number=carried(poll)).call
    form = Form(
        call,
        poll.question,
        tuple(poll.options),
        tuple(poll.votes) if poll.voters else (),
        several=not poll.manner.is_single,
        is_open=poll.state is PollState.OPEN,
    )
    named = Words("poll.anonymous" if poll.manner.is_anonymous else "poll.named")
    note = {"label": poll.label, "named": named, "at": poll.closes_at}
    return BallotPaper(form, Words("poll.paper", note))


def _buttons(poll: Poll) -> tuple[Row, ...]:
    if poll.state is not PollState.OPEN:
        return ()
    vote = REGISTRY.commands["vote"].handler
    buttons = [
        button(vote, Typed(shortened(option, 24)), number=carried(poll), option=i)
        for i, option in enumerate(poll.options)
    ]
    is_long = len(buttons) >= MANY and max(map(len, poll.options)) <= SHORT
    per_row = 2 if is_long else 1
    return tuple(tuple(buttons[i : i + per_row]) for i in range(0, len(buttons), per_row))


def _doors_seen(poll: Poll) -> Words | None:
    """Said before the vote where neighbours will read which household voted what."""
    is_by_door = poll.manner.voter is VoterKind.HOUSEHOLD and not poll.manner.is_anonymous
    return Words("poll.doors_seen") if is_by_door and poll.state is PollState.OPEN else None


async def _yours(unit: Unit, poll: Poll, viewer: Actor | None) -> Words | None:
    """What the reader of a private card has voted so far; None for who has no vote."""
    if viewer is None or poll.state is not PollState.OPEN:
        return None
    keys = keys_held(poll, viewer)
    if not keys:
        return None
    chosen = [await unit.polls.choices(poll, key) for key in keys]
    if None in chosen:
        return Words("poll.not_voted")
    if poll.manner.is_anonymous:
        return Words("poll.you_voted")
    if any([await unit.polls.is_from_before(poll, key, viewer.id) for key in keys]):
        return Words("poll.voted_before_you")
    options = frozenset[int]().union(*(each for each in chosen if each))
    return Words(
        "poll.you_chose", {"options": Series(tuple(poll.options[i] for i in sorted(options)))}
    )


def _forward(poll: Poll, viewer: Actor | None) -> tuple[Row, ...]:
    return forward_row(viewer, poll) if poll.state is PollState.OPEN else ()


def _lines(poll: Poll) -> list[Words]:
    return [
        Words(
            "poll.count_line", {"option": Typed(option), "count": count, "percent": percent(share)}
        )
        for option, count, share in zip(poll.options, poll.votes, poll.shares(), strict=True)
    ]


def _turnout(poll: Poll) -> Words:
    key = "poll.households" if poll.manner.voter is VoterKind.HOUSEHOLD else "poll.persons"
    return Words(key, {"count": poll.voters})


def percent(share: Fraction) -> str:
    """A share for people: whole percent, half up, from the exact fraction."""
    return f"{int(share * 100 + Fraction(1, 2))}%"


def manner_words(manner: Manner) -> Words:
    """How it is voted: single or several, named or anonymous, by person or household."""
    facts = {
        "several": Words("poll.several" if not manner.is_single else "poll.single"),
        "named": Words("poll.anonymous" if manner.is_anonymous else "poll.named"),
        "voter": manner.voter,
    }
    return Words("poll.manner", facts)


def told_choices(poll: Poll, chosen: Collection[int]) -> Reply:
    """What a voter is told after a tap."""
    if not chosen:
        return Reply("poll.taken_back", {"label": poll.label}, is_brief=True)
    if poll.manner.is_anonymous:  # what is sent is kept by somebody: it must not say the choice
        return Reply("poll.voted_final", {"label": poll.label}, is_brief=True)
    options = Series(tuple(poll.options[i] for i in sorted(chosen)))
    return Reply("poll.voted", {"label": poll.label, "options": options}, is_brief=True)


def result(poll: Poll, speaker: Speaker) -> Reply:
    """The end of a poll: words first, the chart for those who look."""
    leaders = tuple(poll.options[i] for i in poll.leaders())
    key = "poll.result_none" if not leaders else "poll.result_tie" if leaders[1:] else "poll.result"
    facts = {
        "label": poll.label,
        "question": Typed(poll.question),
        "winner": Series(leaders),
        "lines": _lines(poll),
        "voters": _turnout(poll),
    }
    bars = tuple(
        Bar(option, count, speaker.text("poll.bar", {"count": count, "percent": percent(share)}))
        for option, count, share in zip(poll.options, poll.votes, poll.shares(), strict=True)
    )
    footer = speaker.text("poll.footer", {"voters": _turnout(poll), "at": poll.closes_at})
    chart = Chart(poll.question, bars, footer, poll.voters) if leaders else None
    return Reply(key, facts, chart=chart)
