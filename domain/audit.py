"""Audit 核对: counts a vote again from its ledger alone, and finds what does not fit."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from domain.ballots import Ballot, Outcome, Way, outcome
from domain.ledger import (
    FORMAT,
    GENESIS,
    canonical,
    chained,
    close_row,
    hundredths,
    rule_of,
)
from domain.refusal import Refusal
from domain.verdict import Choice, Tally, Verdict, Weight, counted, judged


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that does not fit. ``line`` counts from 1; ``key`` names it under ``flaw``."""

    line: int
    key: str


@dataclass(frozen=True, slots=True)
class Audited:
    """What a ledger says.

    Attributes:
        flaws: What does not fit; empty for a ledger that nobody touched.
        head: The head after the last row, to be compared with the one that was published.
        opening_head: The head at the opening; empty where the ledger has no opening.
        tally: Counted anew; None where the ballots are secret and still unopened, or none are
            there.
        is_closed: Whether the end is in it.
    """

    flaws: tuple[Flaw, ...]
    head: str
    opening_head: str = ""
    tally: Tally | None = None
    verdict: Verdict | None = None
    is_closed: bool = False


class Wrong(Exception):
    """A row that does not fit; ``key`` names what is wrong with it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass
class _Count:
    """What was read so far."""

    opening: Mapping[str, Any] = field(default_factory=dict)
    areas: dict[int, int] = field(default_factory=dict)
    roll: list[str] = field(default_factory=list)
    ballots: dict[int, Ballot] = field(default_factory=dict)
    took_part: set[int] = field(default_factory=set)
    receipts: dict[str, Choice] = field(default_factory=dict)
    closes_at: str = ""
    at: str = ""
    close: Mapping[str, Any] | None = None
    opening_head: str = ""

    @property
    def is_secret(self) -> bool:
        return bool(self.opening["secret"])

    @property
    def whole(self) -> Weight:
        return Weight(len(self.areas), sum(self.areas.values()))


def audited(lines: Iterable[str]) -> Audited:
    """Read an export's lines: hashes, order, who may vote, which ballot counts, and the sums."""
    count, flaws, head, number = _Count(), [], GENESIS, 0
    for number, line in enumerate(lines, 1):
        try:
            head, row = _opened(line, head)
            _take(count, row, head)
        except Wrong as wrong:
            flaws.append(Flaw(number, wrong.key))
            break  # whatever stands behind a break says nothing any more
        except Refusal:
            flaws.append(Flaw(number, "precedence"))
            break
        except (ValueError, KeyError, TypeError, AttributeError):
            flaws.append(Flaw(number, "row"))
            break
    tally = _tally(count) if not flaws and count.opening_head else None
    if not flaws and not count.opening_head:
        flaws.append(Flaw(number, "no_opening"))
    verdict = judged(tally, rule_of(count.opening["rule"])) if tally else None
    is_closed = count.close is not None
    return Audited(tuple(flaws), head, count.opening_head, tally, verdict, is_closed)


def _opened(line: str, head: str) -> tuple[str, Mapping[str, Any]]:
    """A line's row, if its hash follows from what stands before it."""
    try:
        found = json.loads(line)
        row, claimed = found["row"], found["hash"]
    except (ValueError, KeyError, TypeError) as error:
        raise Wrong("json") from error
    after = chained(head, canonical(row))
    if claimed != after or canonical(found) != line:
        raise Wrong("hash")
    return after, row


def _take(count: _Count, row: Mapping[str, Any], head: str) -> None:
    if count.close is not None:
        raise Wrong("after_close")
    kind = row["kind"]
    if (kind == "open") == bool(count.opening):
        raise Wrong("order")
    if kind not in {"open", "voter"} and not count.opening_head:
        raise Wrong("roll")
    _TAKEN[kind](count, row)
    if kind == "voter" and len(count.areas) == count.opening["heads"]:
        _check_roll(count)
        count.opening_head = head


def _open(count: _Count, row: Mapping[str, Any]) -> None:
    if row["format"] != FORMAT:
        raise Wrong("format")
    rule_of(row["rule"])
    count.opening, count.closes_at, count.at = row, row["closes_at"], row["opened_at"]


def _voter(count: _Count, row: Mapping[str, Any]) -> None:
    if count.opening_head or row["voter"] != len(count.areas) + 1:
        raise Wrong("roll")
    count.areas[row["voter"]] = hundredths(row["area"])
    count.roll.append(canonical(row))


def _check_roll(count: _Count) -> None:
    found = sha256("\n".join(count.roll).encode()).hexdigest()
    if found != count.opening["roll"] or hundredths(count.opening["area"]) != count.whole.area:
        raise Wrong("roll")


def _ballot(count: _Count, row: Mapping[str, Any]) -> None:
    ballot = Ballot(Choice(row["choice"]), Way(row["way"]))
    _check_in_time(count, row["at"])
    before = count.ballots.get(row["voter"])
    if count.is_secret or row["voter"] not in count.areas:
        raise Wrong("voter")
    if outcome(before, ballot) is not Outcome.COUNTS:
        raise Wrong("precedence")
    count.ballots[row["voter"]] = ballot


def _conflict(count: _Count, row: Mapping[str, Any]) -> None:
    _check_in_time(count, row["at"])
    before, paper = count.ballots[row["voter"]], Ballot(Choice(row["choice"]), Way.PAPER)
    if outcome(before, paper) is not Outcome.CONFLICT:
        raise Wrong("precedence")


def _extend(count: _Count, row: Mapping[str, Any]) -> None:
    _check_in_time(count, row["at"])
    if _instant(row["closes_at"]) <= _instant(count.closes_at):
        raise Wrong("time")
    count.closes_at = row["closes_at"]


def _check_in_time(count: _Count, at: str) -> None:
    if not _instant(count.at) <= _instant(at) <= _instant(count.closes_at):
        raise Wrong("time")
    count.at = at


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _took_part(count: _Count, row: Mapping[str, Any]) -> None:
    voter = row["voter"]
    is_next = voter > max(count.took_part, default=0) and not count.receipts
    if not count.is_secret or voter not in count.areas or not is_next:
        raise Wrong("voter")
    count.took_part.add(voter)


def _secret(count: _Count, row: Mapping[str, Any]) -> None:
    receipt = row["receipt"]
    if not count.is_secret or receipt <= max(count.receipts, default=""):
        raise Wrong("voter")
    count.receipts[receipt] = Choice(row["choice"])


def _close(count: _Count, row: Mapping[str, Any]) -> None:
    count.close = row
    at = datetime.fromisoformat(row["at"])
    tally = _tally(count)
    is_unopened = count.is_secret and len(count.took_part) < count.opening["fewest"]
    if count.is_secret and len(count.receipts) != (0 if is_unopened else len(count.took_part)):
        raise Wrong("sums")
    if tally is None:
        mine = Weight(len(count.took_part), sum(count.areas[v] for v in count.took_part))
        tally = Tally(count.whole, abstain=mine)
    passes = judged(tally, rule_of(count.opening["rule"])).passes
    if close_row(tally, at, passes=passes, is_unopened=is_unopened) != row:
        raise Wrong("sums")


def _tally(count: _Count) -> Tally | None:
    """The sums; of secret ballots the area of each choice is what the close says, within bounds."""
    if not count.is_secret:
        ballots = ((b.choice, Weight(1, count.areas[v])) for v, b in count.ballots.items())
        return counted(count.whole, ballots)
    if count.close is None or count.close["unopened"]:
        return None
    sums = count.close["sums"]
    heads = {c: sum(found is c for found in count.receipts.values()) for c in Choice}
    by = {c: Weight(heads[c], hundredths(sums[c.value]["area"])) for c in Choice}
    if sum(w.area for w in by.values()) != sum(count.areas[v] for v in count.took_part):
        raise Wrong("sums")
    return Tally(count.whole, by[Choice.YES], by[Choice.NO], by[Choice.ABSTAIN])


_TAKEN: Final = {
    "open": _open,
    "voter": _voter,
    "ballot": _ballot,
    "conflict": _conflict,
    "extend": _extend,
    "took_part": _took_part,
    "secret": _secret,
    "close": _close,
}
