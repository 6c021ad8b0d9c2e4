"""Audit 核对: counts a vote again from its ledger alone, and finds what does not fit."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from domain.ballots import Ballot, Outcome, Way, outcome
from domain.ledger import (
    FORMAT,
    GENESIS,
    SEVERAL,
    Ending,
    canonical,
    chained,
    close_row,
    hundredths,
    rule_of,
)
from domain.matters import MOST_MATTERS, Choices, choices_of
from domain.refusal import Refusal
from domain.verdict import Choice, Tally, Verdict, Weight, counted_each, judged


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
        tallies: Each matter, counted anew; empty where the ballots are secret and still unopened,
            or none are there.
        is_closed: Whether the end is in it.
    """

    flaws: tuple[Flaw, ...]
    head: str
    opening_head: str = ""
    tallies: tuple[Tally, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    titles: tuple[str, ...] = ()
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
    receipts: dict[tuple[int, str], Choice] = field(default_factory=dict)
    closes_at: str = ""
    at: str = ""
    close: Mapping[str, Any] | None = None
    opening_head: str = ""

    @property
    def is_secret(self) -> bool:
        return bool(self.opening["secret"])

    @property
    def is_listed(self) -> bool:
        return "matters" in self.opening

    @property
    def matters(self) -> int:
        return len(self.opening["matters"]) if self.is_listed else 1

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
    if not flaws and not count.opening_head:
        flaws.append(Flaw(number, "no_opening"))
    found = Audited(tuple(flaws), head, count.opening_head, is_closed=count.close is not None)
    return found if flaws else _judged(found, count)


def _judged(found: Audited, count: _Count) -> Audited:
    """With the sums and the verdict of each matter."""
    tallies = _tallies(count)
    rule = rule_of(count.opening["rule"])
    titles = tuple(matter["title"] for matter in count.opening.get("matters", ()))
    verdicts = tuple(judged(tally, rule) for tally in tallies)
    return replace(found, tallies=tallies, verdicts=verdicts, titles=titles)


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
    if row["format"] != (SEVERAL if "matters" in row else FORMAT):
        raise Wrong("format")
    if not 1 <= len(row.get("matters", "1")) <= MOST_MATTERS:
        raise Wrong("row")
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
    ballot = Ballot(_choices(count, row), Way(row["way"]))
    _check_in_time(count, row["at"])
    before = count.ballots.get(row["voter"])
    if count.is_secret or row["voter"] not in count.areas:
        raise Wrong("voter")
    if outcome(before, ballot) is not Outcome.COUNTS:
        raise Wrong("precedence")
    count.ballots[row["voter"]] = ballot


def _choices(count: _Count, row: Mapping[str, Any]) -> Choices:
    found = choices_of(row["choice"])
    if len(found) != count.matters:
        raise Wrong("row")
    return found


def _conflict(count: _Count, row: Mapping[str, Any]) -> None:
    _check_in_time(count, row["at"])
    before, paper = count.ballots[row["voter"]], Ballot(_choices(count, row), Way.PAPER)
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
    matter = row["matter"] if count.is_listed else 1
    found = (matter, row["receipt"])
    if not count.is_secret or found <= max(count.receipts, default=(0, "")):
        raise Wrong("voter")
    if not 1 <= matter <= count.matters:
        raise Wrong("row")
    count.receipts[found] = Choice(row["choice"])


def _close(count: _Count, row: Mapping[str, Any]) -> None:
    count.close = row
    at = datetime.fromisoformat(row["at"])
    tallies = _tallies(count)
    is_unopened = count.is_secret and len(count.took_part) < count.opening["fewest"]
    if not tallies:
        mine = Weight(len(count.took_part), sum(count.areas[v] for v in count.took_part))
        tallies = (Tally(count.whole, abstain=mine),) * count.matters
    rule = rule_of(count.opening["rule"])
    passes = tuple(judged(tally, rule).passes for tally in tallies)
    ending = Ending(tallies, passes, count.is_listed, is_unopened)
    if (is_unopened and count.receipts) or close_row(ending, at) != row:
        raise Wrong("sums")


def _tallies(count: _Count) -> tuple[Tally, ...]:
    """The sums; of secret ballots the area of each choice is what the close says, within bounds."""
    if not count.is_secret:
        ballots = ((b.choices, Weight(1, count.areas[v])) for v, b in count.ballots.items())
        return counted_each(count.whole, ballots, count.matters)
    if count.close is None or count.close["unopened"]:
        return ()
    sums = count.close["sums"] if count.is_listed else [count.close["sums"]]
    return tuple(_secret_tally(count, n, sums[n - 1]) for n in range(1, count.matters + 1))


def _secret_tally(count: _Count, matter: int, sums: Mapping[str, Any]) -> Tally:
    said = [choice for (n, _), choice in count.receipts.items() if n == matter]
    by = {c: Weight(said.count(c), hundredths(sums[c.value]["area"])) for c in Choice}
    area = sum(count.areas[v] for v in count.took_part)
    if sum(w.area for w in by.values()) != area or len(said) != len(count.took_part):
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
