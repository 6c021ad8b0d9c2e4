"""Whole votes 一次表决: made up by hypothesis, written into a ledger as the program writes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.ballots import ALPHABET, Ballot, Outcome, Way, outcome, receipt_hash
from domain.ledger import (
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
from domain.motions import Motion, Preset
from domain.refusal import Refusal
from domain.verdict import Choice, Tally, Weight, counted, judged

BEGUN = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def motion(preset: Preset, *, is_secret: bool) -> Motion:
    """A motion that opened at ``BEGUN`` and is open for a month."""
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
    )


@dataclass(frozen=True)
class Vote:
    """A vote that ended: its export, and what the program makes of it."""

    lines: tuple[str, ...]
    tally: Tally
    passes: bool
    is_unopened: bool

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@st.composite
def votes(draw: st.DrawFn) -> Vote:
    """Any vote: any rule, named or secret, owners who change their mind, papers and proxies."""
    salt = draw(st.sampled_from(["", "5a17"]))
    areas = draw(st.lists(st.integers(1, 99_999), min_size=1, max_size=25))
    entries = [
        Entitled(n, (f"3-1-{n}",), f"王{'*' * (n % 3)}", area, salt)
        for n, area in enumerate(areas, 1)
    ]
    made = motion(draw(st.sampled_from(Preset)), is_secret=draw(st.booleans()))
    voters = st.integers(1, len(entries))
    if made.is_secret:
        chosen = draw(st.dictionaries(voters, st.sampled_from(Choice)))
        return secret_vote(made, entries, chosen)
    ballots = st.builds(Ballot, st.sampled_from(Choice), st.sampled_from(Way))
    return named_vote(made, entries, draw(st.lists(st.tuples(voters, ballots), max_size=60)))


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
            rows.append(conflict_row(voter, ballot.choice, at))
    return _ended(made, entries, rows, {v: b.choice for v, b in last.items()})


def secret_vote(made: Motion, entries: Sequence[Entitled], chosen: dict[int, Choice]) -> Vote:
    """A secret vote as it is taken into the ledger at its close."""
    made = replace(made, fingerprint=fingerprint(entries))
    rows: list[LedgerRow] = [took_part_row(voter) for voter in sorted(chosen)]
    receipts = sorted(
        (receipt_hash(made.label, made.fingerprint, voter, code_of(voter)), choice)
        for voter, choice in chosen.items()
    )
    if len(chosen) >= made.fewest:
        rows += [secret_row(receipt, choice) for receipt, choice in receipts]
    return _ended(made, entries, rows, chosen)


def code_of(voter: int) -> str:
    """A receipt code, different for each voter."""
    return (ALPHABET * 2)[voter : voter + 12]


def _ended(
    made: Motion,
    entries: Sequence[Entitled],
    rows: Sequence[LedgerRow],
    chosen: dict[int, Choice],
) -> Vote:
    roll = Weight(len(entries), sum(entry.area for entry in entries))
    weights = {entry.number: entry.weight for entry in entries}
    tally = counted(roll, [(choice, weights[voter]) for voter, choice in chosen.items()])
    made = replace(made, roll=roll, fingerprint=fingerprint(entries), took_part=tally.took_part)
    passes = judged(tally, made.terms.rule).passes
    end = close_row(tally, made.closes_at, passes=passes, is_unopened=made.is_unopened)
    opening = [open_row(made, "睦邻社区", "睦邻社区", roll), *map(voter_row, entries)]
    texts = [canonical(row) for row in (*opening, *rows, end)]
    lines = tuple(export_line(head, text) for head, text in sealed(texts))
    return Vote(lines, tally, passes and not made.is_unopened, made.is_unopened)


def resealed(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """These rows as an export by somebody who knows how hashes are made."""
    return tuple(export_line(head, text) for head, text in sealed(map(canonical, rows)))
