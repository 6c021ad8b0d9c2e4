"""Whole votes 一次表决: made up by hypothesis, written into a ledger as the program writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.ballots import ALPHABET, Ballot, Outcome, Way, outcome, receipts_of
from domain.ledger import (
    Ending,
    Entitled,
    LedgerRow,
    ballot_row,
    canonical,
    close_row,
    conflict_row,
    export_line,
    fingerprint,
    open_row,
    sealed,
    secret_row,
    took_part_row,
    voter_row,
)
from domain.matters import Choices, Matter
from domain.motions import Motion, Preset
from domain.refusal import Refusal
from domain.verdict import Choice, Tally, Weight, counted_each, judged

MANY = 25 * len(Way) * len(Choice) ** 5 - 1
"""Ways in which any of 25 owners may choose on five matters."""
BEGUN = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def motion(preset: Preset, *, is_secret: bool, matters: int = 0) -> Motion:
    """A motion that opened at ``BEGUN`` and is open for a month; 0: it is the one matter itself."""
    return Motion(
        id=1,
        community_id=1,
        number=1,
        place_id=1,
        path="/1/",
        author_id=1,
        title="更换物业公司",
        text="同意更换物业公司，聘期三年。",
        preset=preset,
        is_secret=is_secret,
        is_binding=False,
        announced_at=BEGUN,
        opens_at=BEGUN,
        closes_at=BEGUN + timedelta(days=30),
        matters=tuple(Matter(f"第{n}条", f"楼道不堆第{n}样东西。") for n in range(1, matters + 1)),
    )


@dataclass(frozen=True)
class Vote:
    """A vote that ended: its export, and what the program makes of it."""

    lines: tuple[str, ...]
    tallies: tuple[Tally, ...]
    passes: tuple[bool, ...]
    is_unopened: bool

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    """Any vote: any rule, one matter or up to five, named or secret, owners who change their
    mind, papers and proxies.
    """
    salt = draw(st.sampled_from(["", "5a17"]))
    areas = draw(st.lists(st.integers(1, 99_999), min_size=1, max_size=25))
    entries = [
        Entitled(n, (f"3-1-{n}",), f"王{'*' * (n % 3)}", area, salt)
        for n, area in enumerate(areas, 1)
    ]
    matters = draw(st.integers(0, 5))
    made = motion(draw(st.sampled_from(Preset)), is_secret=draw(st.booleans()), matters=matters)
    # One number for all that somebody gives: to draw each part of it takes three times as long.
    given = draw(st.lists(st.integers(0, MANY), max_size=60))
    came = [_given(number, len(entries), len(made.asked)) for number in given]
    if made.is_secret:
        return secret_vote(made, entries, {voter: ballot.choices for voter, ballot in came})
    return named_vote(made, entries, came)


def _given(number: int, voters: int, matters: int) -> tuple[int, Ballot]:
    """Who gives which ballot in which way, as ``number`` tells."""
    number, voter = divmod(number, voters)
    number, way = divmod(number, len(Way))
    said = [tuple(Choice)[number // len(Choice) ** n % len(Choice)] for n in range(matters)]
    return voter + 1, Ballot(tuple(said), tuple(Way)[way])


def named_vote(
    made: Motion, entries: Sequence[Entitled], came: Sequence[tuple[int, Ballot]]
) -> Vote:
    """A named vote into which these ballots came, one after the other."""
    rows, last = [], dict[int, Ballot]()
    for minute, (voter, ballot) in enumerate(came):
        at = made.opens_at + timedelta(minutes=minute)
        try:
            what = outcome(last.get(voter), ballot)
        except Refusal:
            continue
        if what is Outcome.COUNTS:
            last[voter] = ballot
            rows.append(ballot_row(voter, ballot, at))
        elif what is Outcome.CONFLICT:
            rows.append(conflict_row(voter, ballot.choices, at))
    return _ended(made, entries, rows, {v: b.choices for v, b in last.items()})


def secret_vote(made: Motion, entries: Sequence[Entitled], chosen: Mapping[int, Choices]) -> Vote:
    """A secret vote as it is taken into the ledger at its close."""
    made = replace(made, fingerprint=fingerprint(entries))
    rows: list[LedgerRow] = [took_part_row(voter) for voter in sorted(chosen)]
    found = []
    for voter, choices in chosen.items():
        receipts = receipts_of(made, voter, code_of(voter))
        numbers = range(1, len(receipts) + 1) if made.matters else (0,)
        found += list(zip(numbers, receipts, choices, strict=True))
    if len(chosen) >= made.fewest:
        rows += [secret_row(receipt, choice, n) for n, receipt, choice in sorted(found)]
    return _ended(made, entries, rows, chosen)


def code_of(voter: int) -> str:
    """A receipt code, different for each voter."""
    return (ALPHABET * 2)[voter : voter + 12]


def _ended(
    made: Motion,
    entries: Sequence[Entitled],
    rows: Sequence[LedgerRow],
    chosen: Mapping[int, Choices],
) -> Vote:
    roll = Weight(len(entries), sum(entry.area for entry in entries))
    weights = {entry.number: entry.weight for entry in entries}
    ballots = [(choices, weights[voter]) for voter, choices in chosen.items()]
    tallies = counted_each(roll, ballots, len(made.asked))
    came = tallies[0].took_part
    made = replace(made, roll=roll, fingerprint=fingerprint(entries), took_part=came)
    passes = tuple(judged(tally, made.terms.rule).passes for tally in tallies)
    ending = Ending(tallies, passes, bool(made.matters), made.is_unopened)
    end = close_row(ending, made.closes_at)
    opening = [open_row(made, "睦邻社区", "睦邻社区", roll), *map(voter_row, entries)]
    texts = [canonical(row) for row in (*opening, *rows, end)]
    lines = tuple(export_line(head, text) for head, text in sealed(texts))
    passes = tuple(each and not made.is_unopened for each in passes)
    return Vote(lines, tallies, passes, made.is_unopened)


def resealed(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """These rows as an export by somebody who knows how hashes are made."""
    return tuple(export_line(head, text) for head, text in sealed(map(canonical, rows)))
