"""Guards 防护: foreign pages, huge and broken posts, markup in all that people type."""

import re
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import web
from handlers.wording import LANGUAGES, texts
from storage.statement import rows
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE
from tests.web.conftest import BASE, House
from web.forms import MAX_BODY_BYTES, POSTS_A_MINUTE, Limiter, NotTaken
from web.live import MAX_PAGES, Hub
from web.view import MARKS

STATIC = Path(web.__file__).parent / "static"
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"referer": "https://evil.example/x"},
    ],
)
async def test_a_foreign_page_cannot_speak_for_us(house: House, headers: dict[str, str]) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "text": "报事 假的"}
    await browser.posts("/chat", form, None, **headers)

    assert browser.status == 403
    assert "报1 " not in await browser.opens("/chat")


@ON_ONE_DATABASE
async def test_a_form_without_our_token_is_refused(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await browser.says("报事 假的", token="0" * 32)

    assert browser.status == 403
    assert "报1 " not in await browser.opens("/chat")


@ON_ONE_DATABASE
async def test_our_own_page_may_post_behind_its_own_name(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "text": "报事 真的"}
    await browser.posts("/chat", form, origin=BASE, sec_fetch_site="same-origin")

    assert browser.status == 200


@ON_ONE_DATABASE
@pytest.mark.parametrize("where", ["text", "name"])
async def test_what_people_type_is_never_markup(house: House, where: str) -> None:
    browser = await house.resident("3-2-701", XSS[:20] if where == "name" else "新邻居")
    await browser.says(f"报事 {XSS}")

    page = await browser.opens("/chat")

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


@ON_ONE_DATABASE
async def test_markup_in_a_buttons_label_is_shown_as_it_is(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await house.app.database.unit(lambda unit: _squad(unit, "<b onclick=x>队"))
    await house.says("王阿姨", "报事 四楼水管漏了", at="3号楼")
    head = await house.resident("3-2-702", "代楼长")
    await house.says("孙主任", "任命 代楼长 楼栋长 3号楼")
    await head.opens("/chat")
    await head.says("派单 报1")

    page = await head.opens("/chat")

    assert "&lt;b onclick=x&gt;队" in page
    assert "<b onclick" not in page
    assert browser.status == 200


@ON_ONE_DATABASE
async def test_a_huge_post_is_refused_politely(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")

    page = await browser.says("看", photo=b"x" * (MAX_BODY_BYTES + 1))

    assert browser.status == 413
    assert "照片太大了" in page


@ON_ONE_DATABASE
async def test_a_huge_post_that_hides_its_size_is_cut_off(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield b'--b\r\ncontent-disposition: form-data; name="photo"; filename="p"\r\n\r\n'
        for _ in range(64):
            taken += 1
            yield b"x" * (1024 * 1024)

    response = await browser.client.post(
        "/chat", content=endless(), headers={"content-type": "multipart/form-data; boundary=b"}
    )

    assert response.status_code == 413


@ON_ONE_DATABASE
@pytest.mark.parametrize("content", [b"no picture", b"\xff\xd8\xff\xe0broken", b"GIF89a"])
async def test_a_broken_picture_gets_a_polite_answer(house: House, content: bytes) -> None:
    browser = await house.resident("3-2-701", "新邻居")

    page = await browser.says("报事 灯坏了", photo=content)

    assert browser.status == 400
    assert "这张照片打不开" in page
    assert "报事 灯坏了</textarea>" in page  # what was typed is not lost
    assert "报1 " not in page


@ON_ONE_DATABASE
async def test_too_many_posts_are_slowed_down_politely(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    for _ in range(POSTS_A_MINUTE):
        await browser.posts("/chat", {**browser.form("me"), "text": " "})
    assert browser.status == 400

    page = await browser.says("报事 灯坏了")

    assert browser.status == 429
    assert "请过一分钟再试" in page


@ON_ONE_DATABASE
async def test_pages_allow_nothing_from_outside(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    response = await browser.client.get("/chat")

    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    outside = re.findall(r'(?:src|href)="(?:https?:)?//', response.text)
    assert outside == []


@ON_ONE_DATABASE
async def test_a_stranger_cannot_make_us_read_a_huge_body(house: House) -> None:
    browser = house.browser()
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(64):
            taken += 1
            yield b"x" * (1024 * 1024)

    response = await browser.client.post("/chat", content=endless())

    assert response.status_code == 403
    assert taken <= 1


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("text", "status", "answer"),
    [
        ("", 400, "请先写一句话"),
        ("  \n ", 400, "请先写一句话"),
        ("\x00\x00", 400, "请先写一句话"),
        ("\u200b", 200, "没听懂"),
    ],
)
async def test_nothing_at_all_gets_a_helpful_word(
    house: House, text: str, status: int, answer: str
) -> None:
    browser = await house.resident("3-2-701", "新邻居")

    await browser.says(text)

    assert browser.status == status
    assert answer in browser.page


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "text", ["x" * 10_000, "😀" * 900, "\u202e\u200f反的", "'; drop table people; --", "\ud83d"]
)
async def test_odd_words_are_taken_as_words(house: House, text: str) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    form = {**browser.form("me"), "text": text.encode("utf-8", "replace").decode()}

    await browser.posts("/chat", form)

    assert browser.status == 200
    assert "出错" not in browser.page


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "call", ["second:999", "admit:1:1", "=s1", "!!", "dispatch:1:p1", "x" * 300]
)
async def test_a_forged_button_changes_nothing(house: House, call: str) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    await house.says("王阿姨", "报事 四楼水管漏了", at="3号楼")
    before = await house.app.database.read(_journal)

    await browser.posts("/chat", {**browser.form("me"), "press": call})

    assert browser.status == 200
    assert "出错" not in browser.page
    assert await house.app.database.read(_journal) == before


@ON_ONE_DATABASE
@pytest.mark.parametrize("delivery", ["", "short", "x" * 200, "a b c d e f g", "../../etc"])
async def test_a_form_without_a_proper_id_is_out_of_date(house: House, delivery: str) -> None:
    browser = await house.resident("3-2-701", "新邻居")

    page = await browser.says("报事 灯坏了", delivery=delivery)

    assert browser.status == 403
    assert "页面过期了" in page


async def test_nobody_can_use_up_another_browsers_form(house: House) -> None:
    ours = await house.resident("3-2-701", "新邻居")
    other = await house.resident("3-2-702", "另一户")
    delivery = ours.form("me")["delivery"]
    await other.says("报事 假的灯坏了", delivery=delivery)

    page = await ours.says("报事 真的窗户坏了", delivery=delivery)

    assert "真的窗户坏了" in page
    assert "报2 · 待派单" in page


@ON_ONE_DATABASE
async def test_one_is_never_sent_on_to_a_foreign_page(house: House) -> None:
    browser = await house.resident("3-2-701", "新邻居")
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        form = {**browser.form("me"), "text": "帮助", "back": back}
        response = await browser.client.post("/chat", data=form)

        assert response.headers["location"] == "/"
        await browser.opens("/chat")


def test_a_minute_later_one_may_post_again() -> None:
    now = [0.0]
    limiter = Limiter(per_minute=2, seconds=lambda: now[0])
    limiter.count("a")
    limiter.count("a")
    with pytest.raises(NotTaken):
        limiter.count("a")
    limiter.count("b")
    now[0] = 61.0

    limiter.count("a")


def test_one_person_keeps_so_many_pages_live_and_no_more() -> None:
    hub = Hub()
    pages = [hub.page("a") for _ in range(MAX_PAGES)]
    for page in pages:
        page.__enter__()
    assert not hub.has_room("a")
    assert hub.has_room("b")
    pages[0].__exit__(None, None, None)

    assert hub.has_room("a")


def test_a_closing_hub_wakes_everybody_and_takes_nobody_in() -> None:
    hub = Hub()
    with hub.listening(["x"]) as woken:
        hub.close()

        assert woken.is_set()
        assert not hub.has_room("a")


@pytest.mark.parametrize(
    "modern",
    [r"=>", r"`", r"\b(?:let|const|class|async|await|import|export)\s", r"\.\.\.", r"fetch\("],
)
def test_the_script_is_plain_enough_for_an_old_phone(modern: str) -> None:
    script = re.sub(
        r"//.*|/\*[\s\S]*?\*/|\"[^\"\n]*\"", "", (STATIC / "chat.js").read_text("utf-8")
    )

    assert not re.search(modern, script)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_at_the_head_of_a_line_is_drawn_by_us(lang: str) -> None:
    """A machine without a font for pictures would show an empty box."""
    heads = {line[:1] for words in texts(lang).values() for line in words.split("\n")}
    pictures = {head for head in heads if unicodedata.category(head or "x") == "So"} - set(
        "○▶✓✗㎡"
    )  # letters

    assert pictures <= set(MARKS)
    assert all((STATIC / f"{mark}.svg").exists() for mark in MARKS.values())


def test_style_and_script_name_nothing_outside() -> None:
    for file in STATIC.iterdir():
        words = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")

        assert "//" not in re.sub(r"(?m)^\s*//.*|/\*[\s\S]*?\*/|\s// .*", "", words), file.name


async def _journal(unit: Unit) -> int:
    return int((await rows("select count(*) from journal"))[0][0])


async def _squad(unit: Unit, name: str) -> None:
    community = (await unit.places.communities())[0]
    await unit.places.add_squad(name, "", community)
