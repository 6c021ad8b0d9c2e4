"""Ledger 票据链: a row for each thing that happened in a vote, sealing the row before it."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from domain.ballots import Ballot
from domain.matters import Choices, written
from domain.motions import Motion
from domain.verdict import Basis, Choice, Rule, Share, Tally, Weight

FORMAT: Final = 1
"""Of a ledger with one matter, as it has always been."""
SEVERAL: Final = 2
"""Of a ledger with a list of matters."""
GENESIS: Final = "0" * 64
"""The head before the first row."""

LedgerRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entitled:
    """One entry of a frozen roll: an owner (or household) with their flats and all their area.

    Attributes:
        number: From 1 on, in the order of the flats.
        name: Masked (``王**``), as it is published.
        area: Hundredths of a square metre.
        salt: Random, so that nobody finds out by trying who stands behind ``seal``; empty in
            ledgers from before names could be taken out.
    """

    number: int
    flats: tuple[str, ...]
    name: str
    area: int
    salt: str = ""

    @property
    def weight(self) -> Weight:
        """What the entry counts."""
        return Weight(1, self.area)

    @property
    def words(self) -> LedgerRow:
        """Who it is; kept apart from the ledger, which only holds their seal."""
        return {"flats": list(self.flats), "name": self.name, "salt": self.salt}

    @property
    def seal(self) -> str:
        """SHA-256 (hex) over the words as they are written."""
        return hashlib.sha256(canonical(self.words).encode()).hexdigest()

    @property
    def is_unnamed(self) -> bool:
        """Whether its words were taken out."""
        return not self.flats


def canonical(row: LedgerRow) -> str:
    """The one way in which a row is written: JSON, keys in order, no blanks."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(head: str, text: str) -> str:
    """The head after a row: SHA-256 (hex) over the head before it, a line feed, and the row."""
    return hashlib.sha256(f"{head}\n{text}".encode()).hexdigest()


def export_line(head: str, text: str) -> str:
    """A row as an export holds it, its own head in front."""
    return f'{{"hash":"{head}","row":{text}}}'


def square_metres(area: int) -> str:
    """Hundredths of a square metre as people write them (``8853`` → ``88.53``)."""
    return f"{area // 100}.{area % 100:02d}"


def hundredths(text: str) -> int:
    """The same back; raises ValueError where it is no area with two decimals."""
    whole, mark, rest = text.partition(".")
    if not (mark and len(rest) == 2 and (whole + rest).isascii() and (whole + rest).isdigit()):
        raise ValueError(f"no area: {text!r}")
    return int(whole) * 100 + int(rest)


# Rows


def open_row(motion: Motion, community: str, place: str, roll: Weight) -> LedgerRow:
    """What is put to the vote, under which rule, by how many."""
    several = {"matters": [{"title": m.title, "text": m.text} for m in motion.matters]}
    return {
        "kind": "open",
        "format": SEVERAL if motion.matters else FORMAT,
        "motion": motion.label,
        "community": community,
        "place": place,
        "title": motion.title,
        "text": motion.text,
        "preset": motion.preset.value,
        "rule": rule_facts(motion.terms.rule),
        "secret": motion.is_secret,
        "binding": motion.is_binding,
        "fewest": motion.fewest,
        "announced_at": _at(motion.announced_at),
        "opened_at": _at(motion.opens_at),
        "closes_at": _at(motion.closes_at),
        "heads": roll.heads,
        "area": square_metres(roll.area),
        "roll": motion.fingerprint,
        **(several if motion.matters else {}),
    }


def voter_row(entry: Entitled) -> LedgerRow:
    """One entry of the frozen roll; its words are sealed, so that they can be taken out later."""
    bare = {"kind": "voter", "voter": entry.number, "area": square_metres(entry.area)}
    if entry.salt:
        return {**bare, "who": entry.seal}
    return {**bare, "flats": list(entry.flats), "name": entry.name}


def fingerprint(entries: Sequence[Entitled]) -> str:
    """SHA-256 (hex) over the roll's rows, a line feed between; the same roll, the same text."""
    text = "\n".join(canonical(voter_row(entry)) for entry in entries)
    return hashlib.sha256(text.encode()).hexdigest()


def form_code(label: str, roll: str, voter: int) -> str:
    """What stands on a paper form 纸票编号 (``17-3F2A``): the entry's number and a check on it.

    It tells a form of this vote and roll (``roll``: its fingerprint) from any other; no secret.
    """
    check = hashlib.sha256(f"{label} {roll} {voter}".encode()).hexdigest()[:4].upper()
    return f"{voter}-{check}"


def ballot_row(voter: int, ballot: Ballot, at: datetime) -> LedgerRow:
    """A ballot of a named vote; a later one of the same voter takes its place."""
    return {
        "kind": "ballot",
        "voter": voter,
        "choice": written(ballot.choices),
        "way": ballot.way.value,
        "at": _at(at),
    }


def conflict_row(voter: int, choices: Choices, at: datetime) -> LedgerRow:
    """A paper that says something else than the owner's own ballot; it does not count."""
    return {"kind": "conflict", "voter": voter, "choice": written(choices), "at": _at(at)}


def extend_row(closes_at: datetime, at: datetime) -> LedgerRow:
    """The vote is open for longer."""
    return {"kind": "extend", "closes_at": _at(closes_at), "at": _at(at)}


def took_part_row(voter: int) -> LedgerRow:
    """Somebody whose ballot is among the secret ones; these rows come in the roll's order."""
    return {"kind": "took_part", "voter": voter}


def secret_row(receipt: str, choice: Choice, matter: int = 0) -> LedgerRow:
    """What a secret ballot says on one matter, apart from what it says on others.

    These rows come by matter, and then in the order of their receipts, which are random.
    ``matter`` counts from 1; 0 where there is but one.
    """
    row = {"kind": "secret", "receipt": receipt, "choice": choice.value}
    return {**row, "matter": matter} if matter else row


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a vote: sums and verdict of each matter.

    Attributes:
        is_listed: Whether the motion has a list of matters; else there is one, told alone.
        is_unopened: Whether too few gave a secret ballot: only who took part is told.
    """

    tallies: tuple[Tally, ...]
    passes: tuple[bool, ...]
    is_listed: bool = False
    is_unopened: bool = False


def close_row(ending: Ending, at: datetime) -> LedgerRow:
    """The end, with the sums; of secret ballots too few to be opened only how many took part."""
    sums = [_sums(tally, is_unopened=ending.is_unopened) for tally in ending.tallies]
    passes = [passes and not ending.is_unopened for passes in ending.passes]
    return {
        "kind": "close",
        "at": _at(at),
        "took_part": _sum(ending.tallies[0].took_part),
        "sums": sums if ending.is_listed else sums[0],
        "unopened": ending.is_unopened,
        "passes": passes if ending.is_listed else passes[0],
    }


def _sums(tally: Tally, *, is_unopened: bool) -> Mapping[str, object]:
    return {} if is_unopened else {choice.value: _sum(tally.of(choice)) for choice in Choice}


def _sum(weight: Weight) -> Mapping[str, int | str]:
    return {"heads": weight.heads, "area": square_metres(weight.area)}


def _at(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def rule_facts(rule: Rule) -> Mapping[str, str | bool]:
    """A rule as a row holds it (``>=2/3``, ``>1/2``)."""
    return {
        "participation": _share(rule.participation) if rule.participation else "",
        "approval": _share(rule.approval),
        "basis": rule.basis.value,
        "by_area": rule.by_area,
    }


def _share(share: Share) -> str:
    part = share.of_whole
    return f"{'>' if share.is_strict else '>='}{part.numerator}/{part.denominator}"


def rule_of(facts: Mapping[str, Any]) -> Rule:
    """The rule that a row holds; raises ValueError or KeyError where it is none."""
    participation = facts["participation"]
    return Rule(
        _share_of(participation) if participation else None,
        _share_of(facts["approval"]),
        Basis(facts["basis"]),
        bool(facts["by_area"]),
    )


def _share_of(text: str) -> Share:
    return Share(Fraction(text.lstrip(">=")), is_strict=not text.startswith(">="))


def sealed(texts: Iterable[str], head: str = GENESIS) -> list[tuple[str, str]]:
    """Rows with their heads, as they follow ``head``."""
    found = []
    for text in texts:
        head = chained(head, text)
        found.append((head, text))
    return found
