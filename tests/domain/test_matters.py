"""Several matters 几项一起表决: laws that hold for each, and forged rows that both audits find."""

import json
from collections.abc import Sequence
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.audit import audited
from domain.ballots import Ballot, Way, receipts_of
from domain.matters import (
    MOST_MATTERS,
    Choices,
    Matter,
    choices_of,
    lettered,
    matters_of,
    matters_text,
    unlettered,
    written,
)
from domain.motions import TERMS, Preset
from domain.verdict import Choice, Rule, Weight, counted, counted_each, judged
from tests.domain.test_audit import ENTRIES, verified
from tests.domain.voted import Vote, motion, named_vote, resealed, secret_vote

RULES = st.sampled_from([terms.rule for terms in TERMS.values()])
Came = list[tuple[Choices, Weight]]


@st.composite
def came(draw: st.DrawFn) -> tuple[int, Came]:
    """How many matters there are, and ballots with a choice on each."""
    matters = draw(st.integers(1, 5))
    choices = st.tuples(*[st.sampled_from(Choice)] * matters)
    weights = st.builds(Weight, st.just(1), st.integers(1, 30_000))
    return matters, draw(st.lists(st.tuples(choices, weights), min_size=1, max_size=30))


def roll_of(ballots: Sequence[tuple[Choices, Weight]]) -> Weight:
    return sum((weight for _, weight in ballots), Weight(3, 900))


@settings(deadline=None)
@given(came(), st.randoms(use_true_random=False))
def test_order_never_matters_and_each_matter_is_counted_as_if_alone(
    found: tuple[int, Came], random: Random
) -> None:
    matters, ballots = found
    shuffled = list(ballots)
    random.shuffle(shuffled)
    roll = roll_of(ballots)
    tallies = counted_each(roll, shuffled, matters)

    alone = [counted(roll, [(c[n], w) for c, w in ballots]) for n in range(matters)]
    assert list(tallies) == alone


@settings(deadline=None)
@given(came())
def test_the_sums_are_equal_on_every_matter(found: tuple[int, Came]) -> None:
    matters, ballots = found
    roll = roll_of(ballots)

    for tally in counted_each(roll, ballots, matters):
        assert tally.yes + tally.no + tally.abstain == tally.took_part
        assert tally.took_part + tally.silent == roll
        assert tally.took_part == roll - Weight(3, 900)


@settings(deadline=None)
@given(came(), RULES, st.data())
def test_one_more_yes_helps_its_own_matter_and_touches_no_other(
    found: tuple[int, Came], rule: Rule, data: st.DataObject
) -> None:
    matters, ballots = found
    at = data.draw(st.integers(0, len(ballots) - 1))
    n = data.draw(st.integers(0, matters - 1))
    choices, weight = ballots[at]
    changed = (*choices[:n], Choice.YES, *choices[n + 1 :])
    after = [*ballots[:at], (changed, weight), *ballots[at + 1 :]]
    roll = roll_of(ballots)
    was, now = counted_each(roll, ballots, matters), counted_each(roll, after, matters)

    assert judged(now[n], rule).passes or not judged(was[n], rule).passes
    assert [t for i, t in enumerate(was) if i != n] == [t for i, t in enumerate(now) if i != n]


@given(st.lists(st.sampled_from(Choice), min_size=1, max_size=MOST_MATTERS).map(tuple))
def test_choices_are_stored_and_carried_and_come_back(choices: Choices) -> None:
    assert choices_of(written(choices)) == choices
    assert unlettered(lettered(choices)) == choices


@pytest.mark.parametrize("text", ["", "x", "yesno", "yes,no", "y" * 21, "Y", "y n"])
def test_forged_choices_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        unlettered(text)


@given(st.lists(st.builds(Matter, st.text(max_size=40), st.text()), max_size=5).map(tuple))
def test_matters_come_back_as_they_were_stored(matters: tuple[Matter, ...]) -> None:
    assert matters_of(matters_text(matters)) == matters


def test_a_lone_matter_has_the_receipt_that_it_always_had() -> None:
    made = motion(Preset.ADVISORY, is_secret=True)
    plain = sha256(f"{made.label} {made.fingerprint} 3 ABCD".encode()).hexdigest()

    assert receipts_of(made, 3, "ABCD") == (plain,)
    several = receipts_of(motion(Preset.ADVISORY, is_secret=True, matters=3), 3, "ABCD")
    assert len({plain, *several}) == 4


YES_NO = (Choice.YES, Choice.NO)
NAMED = named_vote(
    motion(Preset.ORDINARY, is_secret=False, matters=2),
    ENTRIES,
    [(n, Ballot(YES_NO, Way.CHAT)) for n in range(1, 8)],
)
SECRET = secret_vote(
    motion(Preset.ADVISORY, is_secret=True, matters=2), ENTRIES, dict.fromkeys(range(1, 7), YES_NO)
)


@pytest.mark.parametrize(
    ("vote", "at", "changes"),
    [
        (NAMED, -2, {"choice": "yes"}),
        (NAMED, -2, {"choice": "yes,no,no"}),
        (NAMED, -2, {"choice": "yes,maybe"}),
        (NAMED, -1, {"passes": [True, True]}),
        (NAMED, -1, {"passes": True}),
        (NAMED, -1, {"sums": {}}),
        (SECRET, -2, {"matter": 3}),
        (SECRET, -2, {"matter": 0}),
        (SECRET, -2, {"matter": 1}),
        (SECRET, -2, {"choice": "yes"}),
        (SECRET, -2, {"choice": "yes,no"}),
        (SECRET, -1, {"passes": [False, False]}),
    ],
)
def test_a_forged_row_is_found_by_both_though_every_hash_fits(
    vote: Vote, at: int, changes: dict[str, object]
) -> None:
    assert not audited(vote.lines).flaws
    rows = [json.loads(line)["row"] for line in vote.lines]
    rows[at] = {**rows[at], **changes}

    assert audited(resealed(rows)).flaws and "✗" in verified(resealed(rows)).replace(": ✗", "")


def test_a_list_of_matters_belongs_to_its_format() -> None:
    rows = [json.loads(line)["row"] for line in NAMED.lines]

    assert [f.key for f in audited(resealed([{**rows[0], "format": 1}, *rows[1:]])).flaws] == [
        "format"
    ]
    none = [{**rows[0], "matters": []}, *rows[1:]]
    assert [f.key for f in audited(resealed(none)).flaws] == ["row"]
