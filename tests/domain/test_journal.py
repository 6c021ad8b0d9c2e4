"""The journal's chain 留痕: any later change is found."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.journal import GENESIS, Entry, sealed

laws = settings(derandomize=True, deadline=None, database=None, max_examples=200)
ids = st.integers(1, 2**40)
facts = st.dictionaries(
    st.sampled_from(["state", "handler_id", "level_path"]),
    st.one_of(st.none(), ids, st.text(st.characters(codec="utf-8"), max_size=8)),
)
entries = st.builds(
    Entry,
    at=st.integers(0, 10**9).map(lambda s: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
    actor_id=st.one_of(st.none(), ids),
    subject=st.sampled_from(["issue", "grant"]),
    subject_id=ids,
    verb=st.sampled_from(["report", "verify", "grant"]),
    before=facts,
    after=facts,
    remark_id=st.one_of(st.none(), ids),
)


def chain(rows: list[Entry]) -> list[str]:
    hashes, head = [], GENESIS
    for seq, entry in enumerate(rows, 1):
        head = sealed(entry, seq, head)
        hashes.append(head)
    return hashes


@laws
@given(st.lists(entries, min_size=1, max_size=6), st.data())
def test_any_change_of_a_row_changes_every_seal_from_there_on(
    rows: list[Entry], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(["actor_id", "subject_id", "verb", "after", "remark_id"]))
    other = data.draw(entries)
    changed = rows[at]._replace(**{field: getattr(other, field)})
    forged = [*rows[:at], changed, *rows[at + 1 :]]

    same = changed == rows[at]
    assert chain(forged)[:at] == chain(rows)[:at]
    assert all((a == b) is same for a, b in zip(chain(forged)[at:], chain(rows)[at:], strict=True))


@laws
@given(entries)
def test_the_order_of_facts_does_not_matter(entry: Entry) -> None:
    turned = entry._replace(after=dict(reversed(list(entry.after.items()))))

    assert sealed(turned, 1, GENESIS) == sealed(entry, 1, GENESIS)


@laws
@given(entries)
def test_place_and_neighbour_are_sealed_too(entry: Entry) -> None:
    assert sealed(entry, 1, GENESIS) != sealed(entry, 2, GENESIS)
    assert sealed(entry, 1, GENESIS) != sealed(entry, 1, "1" * 64)
