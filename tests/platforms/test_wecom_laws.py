"""Laws of what WeCom is sent and sends: whatever people type, it fits and breaks nothing."""

import string

from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.wecom import cards
from bot.platforms.wecom.cards import Labels, Tap
from bot.platforms.wecom.crypto import Envelope, decrypted, encrypted
from bot.platforms.wecom.reading import Lens
from bot.platforms.wecom.rendering import parts, plain, size
from bot.platforms.wecom.wire import callback_in, frame_in
from handlers.messages import Form, Shown
from handlers.wording import texts
from tests.platforms.fake_wecom_rules import check_card

LABELS = Labels("睦邻 助手", texts("zh"))
KEY = bytes(range(32))
LABEL = st.text("灯坏了附议abc 123", min_size=1, max_size=30).map(lambda text: text.strip() or "x")
WORDS = st.text("灯坏了,\n *_#", min_size=1, max_size=200).map(lambda text: text.strip() or "x")
BUTTONS = st.lists(LABEL, min_size=1, max_size=20).map(
    lambda labels: [[[label, f"call:{i}"]] for i, label in enumerate(labels)]
)


@given(st.text(), st.integers(8, 200))
def test_parts_hold_all_that_is_said_and_fit(text: str, limit: int) -> None:
    found = parts(text, limit)

    assert all(size(part) <= limit for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())


@given(st.text("*_`[]()<>#~|\\-+=灯a1 \n"))
def test_nothing_typed_is_markup(text: str) -> None:
    shown = plain(text)

    assert len(shown) == len(text)
    assert not set("*`[]<>~|\\") & set(shown)
    assert not any(line.lstrip().startswith(("#", "- ", "+ ", "---")) for line in shown.split("\n"))


@given(st.text(string.ascii_letters + string.digits + "_-./?=&"))
def test_links_stay_as_they_are(path: str) -> None:
    link = f"https://mulin.example.org/j/{path}"

    assert link in plain(f"打开 {link} 看")


@given(WORDS, BUTTONS)
def test_every_card_is_one_that_wecom_takes(text: str, buttons: list[list[list[str]]]) -> None:
    shown = Shown(text, buttons)
    card = cards.card(shown, "c1-2-ab", LABELS)

    assert card is not None
    check_card(card)


@given(WORDS, BUTTONS, st.text("好的。已记下", max_size=80))
def test_every_changed_card_is_one_that_wecom_takes(
    text: str, buttons: list[list[list[str]]], note: str
) -> None:
    shown = Shown(text, buttons)
    card = cards.card(shown, "c1-2-ab", LABELS)
    assert card is not None
    tap = Tap("c1-2-ab", card["card_type"], ("call:0",), "one")
    more = Shown(text, [*buttons, *[[[f"又{i}", f"more:{i}"]] for i in range(12)]])
    for now in (shown, Shown(text), more, None):
        check_card(cards.updated(now, tap, note, LABELS))


@given(
    st.lists(LABEL, min_size=2, max_size=20),
    LABEL,
    st.booleans(),
    st.booleans(),
    st.text("已投", max_size=60),
)
def test_every_ballot_paper_is_one_that_wecom_takes(
    options: list[str], title: str, several: bool, is_open: bool, note: str
) -> None:
    counts = tuple(range(1000, 1000 + len(options)))
    form = Form("handin:5.1", title, tuple(options), counts, several, "票5", is_open)
    rows = [[[label, f"vote:5.1:{i}"]] for i, label in enumerate(options)] if is_open else []
    shown = Shown("票5", rows, form=form)
    tap = Tap("c1-2-ab", "vote_interaction", ("0",), "form|handin:5.1")
    check_card(cards.updated(shown, tap, note, LABELS))
    card = cards.card(shown, "c1-2-ab", LABELS)

    assert (card is not None) == is_open
    if card is not None:
        check_card(card)


@given(st.binary(max_size=300))
def test_what_is_encrypted_is_read_again(plain_bytes: bytes) -> None:
    envelope = Envelope("t", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
    sealed = envelope.sealed(plain_bytes)

    assert decrypted(KEY, encrypted(KEY, plain_bytes)) == plain_bytes
    assert envelope.opened(envelope.signature("1", "n", sealed), "1", "n", sealed) == plain_bytes


@given(st.text() | st.binary())
def test_no_frame_breaks_the_reader(said: str | bytes) -> None:
    found = frame_in(said)
    if found is not None:
        callback_in(found.body)


@given(st.text("@＠睦邻助手 \u2005\u3000报事灯ab\n，2"))
def test_mentions_of_us_never_stay(text: str) -> None:
    lens = Lens("睦邻 助手", lambda words: words.startswith("报事"))

    assert "@睦邻 助手" not in lens._bare(text, is_group=True)
