"""Audit 核对: the ledger alone tells the verdict, and any change of it is found."""

import contextlib
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audit import audited
from domain.ballots import Ballot, Outcome, Way, grouped, outcome, receipts_of
from domain.ledger import Entitled, fingerprint, hundredths, square_metres
from domain.motions import Preset
from domain.refusal import Refusal
from domain.verdict import Choice
from handlers import vote_verifier
from tests.domain.voted import (
    BEGUN,
    Vote,
    code_of,
    motion,
    named_vote,
    resealed,
    secret_vote,
    votes,
)

DATA = Path(__file__).parent.parent / "data"
ENTRIES = [Entitled(n, (f"3-1-{n}01",), "王**", 8853) for n in range(1, 9)]
PLAIN = named_vote(
    motion(Preset.ORDINARY, is_secret=False),
    ENTRIES,
    [(n, Ballot((Choice.YES,), Way.CHAT)) for n in range(1, 8)],
)


CHOICES = st.tuples(st.sampled_from(Choice))


def verified(lines: tuple[str, ...]) -> str:
    """What the verifier prints; its complaint where it finds something."""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        try:
            vote_verifier.verified(lines)
        except (vote_verifier.Broken, KeyError, IndexError, TypeError, ValueError) as broken:
            print(f"✗ {broken}")
    return told.getvalue()


@settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@given(votes())
def test_the_verifier_agrees_with_the_program(vote: Vote) -> None:
    found, told = audited(vote.lines), verified(vote.lines)

    assert found.flaws == () and found.is_closed and "✗ " not in told.replace(": ✗", "")
    if vote.is_unopened:
        assert found.tallies == () and "没有开票" in told
        return
    assert found.tallies == vote.tallies
    assert tuple(verdict.passes for verdict in found.verdicts) == vote.passes
    concluded = [line == "结论：通过 passes" for line in told.split("\n") if "结论：" in line]
    assert tuple(concluded) == vote.passes


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(votes(), st.data())
def test_any_changed_character_is_found(vote: Vote, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(vote.text) - 1))
    other = data.draw(st.characters(exclude_characters=[vote.text[at]], codec="utf-8"))
    changed = tuple((vote.text[:at] + other + vote.text[at + 1 :]).split("\n"))

    assert audited(changed).flaws and "✗" in verified(changed)


@settings(deadline=None, derandomize=True, database=None)
@given(votes(), st.data())
def test_any_row_that_is_removed_is_found(vote: Vote, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(vote.lines) - 1))
    less = vote.lines[:at] + vote.lines[at + 1 :]

    found = audited(less)
    assert found.flaws or not found.is_closed


@settings(deadline=None, derandomize=True, database=None)
@given(votes(), st.data())
def test_any_row_that_is_inserted_or_moved_is_found(vote: Vote, data: st.DataObject) -> None:
    rows = st.integers(0, len(vote.lines) - 1)
    row, at = data.draw(rows), data.draw(rows)
    more = (*vote.lines[:at], vote.lines[row], *vote.lines[at:])

    assert audited(more).flaws and "✗" in verified(more)


@settings(deadline=None, derandomize=True, database=None)
@given(votes())
def test_whoever_seals_a_changed_ledger_anew_gets_another_head(vote: Vote) -> None:
    rows = [json.loads(line)["row"] for line in vote.lines]
    rows[0] = {**rows[0], "title": "别的事"}

    assert audited(resealed(rows)).head != audited(vote.lines).head


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"kind": "ballot", "voter": 9}, "voter"),
        ({"way": "proxy", "voter": 1}, "precedence"),
        ({"way": "paper", "voter": 1}, "precedence"),
        ({"at": (BEGUN + timedelta(days=31)).isoformat()}, "time"),
        ({"at": (BEGUN - timedelta(days=1)).isoformat()}, "time"),
        ({"choice": "maybe"}, "row"),
        ({"kind": "gift"}, "row"),
        ({"kind": "took_part", "voter": 8}, "voter"),
    ],
)
def test_a_forged_row_is_found_though_every_hash_fits(
    changes: dict[str, object], flaw: str
) -> None:
    rows = [json.loads(line)["row"] for line in PLAIN.lines]
    rows[-2] = {**rows[-2], **changes}

    assert [f.key for f in audited(resealed(rows)).flaws] == [flaw]


def test_sums_that_were_embellished_are_found() -> None:
    rows = [json.loads(line)["row"] for line in PLAIN.lines]
    rows[-1] = {**rows[-1], "passes": False}

    assert [f.key for f in audited(resealed(rows)).flaws] == ["sums"]
    assert "✗" in verified(resealed(rows))


def test_a_vote_that_runs_is_whole_so_far() -> None:
    found = audited(PLAIN.lines[:-1])

    assert found.flaws == () and not found.is_closed
    assert "还没有结束" in verified(PLAIN.lines[:-1])


def test_half_a_roll_is_no_opening() -> None:
    assert [f.key for f in audited(PLAIN.lines[:4]).flaws] == ["no_opening"]
    assert [f.key for f in audited([]).flaws] == ["no_opening"]


def test_a_secret_ballot_is_found_with_its_code_and_only_by_its_owner() -> None:
    chosen = dict.fromkeys(range(1, 7), (Choice.YES,)) | {3: (Choice.NO,)}
    made = motion(Preset.ADVISORY, is_secret=True)
    vote = secret_vote(made, ENTRIES, chosen)
    rows = [json.loads(line)["row"] for line in vote.lines]

    assert "反对" in vote_verifier.receipt_found(rows, "3", grouped(code_of(3)))
    assert vote_verifier.receipt_found(rows, "4", code_of(3)) == ""
    made = replace(made, fingerprint=fingerprint(ENTRIES))
    assert receipts_of(made, 3, code_of(3))[0] in vote.text


def test_too_few_secret_ballots_stay_unopened() -> None:
    vote = secret_vote(motion(Preset.ADVISORY, is_secret=True), ENTRIES, {1: (Choice.YES,)})

    assert vote.is_unopened and '"kind":"secret"' not in vote.text


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(st.builds(Ballot, CHOICES, st.sampled_from(Way)), max_size=8))
def test_the_owners_own_last_ballot_counts_whatever_else_comes(came: list[Ballot]) -> None:
    last: Ballot | None = None
    for ballot in came:
        try:
            last = ballot if outcome(last, ballot) is Outcome.COUNTS else last
        except Refusal:
            continue
    own = [ballot for ballot in came if ballot.way.is_own]
    decisive = own or [ballot for ballot in came if ballot.way is Way.PAPER] or came

    assert last == (decisive[-1] if decisive else None)


@settings(deadline=None, derandomize=True, database=None)
@given(st.integers(0, 10**9))
def test_areas_are_written_and_read_exactly(area: int) -> None:
    assert hundredths(square_metres(area)) == area


@pytest.mark.parametrize("text", ["88.5", "88", "-1.00", "８８.53", "", "1e2.00", ".50x"])
def test_what_is_no_area_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no area"):
        hundredths(text)


@pytest.mark.parametrize(("name", "passes"), [("named", True), ("secret", False)])
def test_an_export_from_before_there_were_several_matters_still_fits(
    name: str, passes: bool
) -> None:
    text = (DATA / f"old-{name}-vote.jsonl").read_text("utf-8")
    lines = tuple(text.removesuffix("\n").split("\n"))
    found, told = audited(lines), verified(lines)

    assert found.flaws == () and [verdict.passes for verdict in found.verdicts] == [passes]
    assert ("结论：通过" in told) == passes and "✗ " not in told.replace(": ✗", "")
