"""Browser 浏览器: the pages in a real headless Chromium, as a neighbour's phone shows them."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import pytest_asyncio
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.web.conftest import CHROMIUM, CONTRASTS, FLAGS, NEEDS_CHROMIUM, shown

pytestmark = [NEEDS_CHROMIUM, pytest.mark.asyncio(loop_scope="module")]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """A browser without a window; each page has a context of its own."""
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def demo(tmp_path: Path, chromium: Browser) -> AsyncIterator[str]:
    """A fresh example neighbourhood; its address. Its pages are closed with it."""
    async with shown(tmp_path) as address:
        yield address
        for context in chromium.contexts:
            await context.close()


async def _opened(
    chromium: Browser, demo: str, who: str, size: dict[str, int] = PHONE, query: str = ""
) -> Page:
    """Somebody's own browser at their page."""
    context = await _context(chromium, size)
    page = await context.new_page()
    await page.goto(f"{demo}/as/{quote(who)}{query}")
    return page


async def _context(chromium: Browser, size: dict[str, int]) -> BrowserContext:
    context = await chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN"
    )
    context.set_default_timeout(20_000)
    return context


async def _says(page: Page, words: str, panel: str = "me") -> None:
    await page.locator(f"#text-{panel}").fill(words)
    await page.locator(f"#panel-{panel} .composer .primary").click()


async def test_a_lamp_is_reported_and_a_neighbour_seconds_it_live(
    chromium: Browser, demo: str
) -> None:
    wang = await _opened(chromium, demo, "王阿姨")
    liu = await _opened(chromium, demo, "刘大爷", query="?tab=group")
    reloads: list[str] = []
    wang.on("framenavigated", lambda frame: reloads.append(frame.url))
    await wang.get_by_role("button", name="报事", exact=True).click()
    await expect(wang.locator("#panel-me .bubbles")).to_contain_text("哪里坏了")
    await _says(wang, "五楼楼道灯坏了")
    await expect(wang.locator("#panel-me .bubble").last).to_contain_text("待派单")

    card = liu.locator("#panel-group .bubble").last
    await expect(card).to_contain_text("五楼楼道灯坏了")
    await card.get_by_role("button", name="附议").click()

    await expect(liu.get_by_role("status")).to_contain_text("已附议")
    await expect(wang.locator("#panel-me .bubble").last).to_contain_text("1位邻居也遇到")
    assert reloads == []


async def test_on_a_desktop_the_whole_story_is_played_side_by_side(
    chromium: Browser, demo: str
) -> None:
    page = await _opened(chromium, demo, "王阿姨", DESK)
    await _says(page, "报事 五楼楼道灯坏了")

    look = page.locator("#panel-look")
    await expect(look.locator(".bubble").last).to_contain_text("五楼楼道灯坏了")
    await look.locator(".bubble").last.get_by_role("button", name="派单").click()
    await look.get_by_role("button", name="维修队").last.click()

    await expect(page.locator("#panel-me")).to_contain_text("已派给维修队")
    await expect(page.locator("#panel-group .bubble").last).to_contain_text("已派单")


async def test_a_question_that_was_answered_has_nothing_to_tap(
    chromium: Browser, demo: str
) -> None:
    page = await _opened(chromium, demo, "王阿姨")
    await page.get_by_role("button", name="报事", exact=True).click()
    cancel = page.locator("#panel-me .bubbles").get_by_role("button", name="取消").first
    await expect(cancel).to_be_enabled()
    await _says(page, "五楼楼道灯坏了")

    await expect(page.locator("#panel-me .bubble").last).to_contain_text("待派单")
    await expect(cancel).to_be_disabled()
    await page.reload()
    await expect(cancel).to_be_disabled()


async def test_a_preview_in_the_group_is_its_authors_alone(chromium: Browser, demo: str) -> None:
    head = await _opened(chromium, demo, "张楼长", query="?tab=group")
    wang = await _opened(chromium, demo, "王阿姨", query="?tab=group")
    await _says(head, "投票 车棚放哪 东侧/西侧 周五晚8点", panel="group")
    mine = head.locator("#panel-group").get_by_role("button", name="发布")
    await expect(mine).to_be_enabled()

    await expect(wang.locator("#panel-group").get_by_role("button", name="发布")).to_be_disabled()
    await mine.click()
    await expect(mine).to_be_disabled()
    card = wang.locator("#panel-group .bubble").last
    await card.get_by_role("button", name="东侧").click()
    await expect(card).to_contain_text("东侧：1票")


async def test_the_clock_moves_and_what_is_due_is_told(chromium: Browser, demo: str) -> None:
    page = await _opened(chromium, demo, "郑师母")
    clock = page.locator("#clock")
    before = await clock.text_content()
    await page.locator("details.clock summary").click()
    await page.get_by_role("button", name="过3天").click()

    await expect(page.locator("#panel-me .bubbles")).to_contain_text("三天前办结")
    assert await clock.text_content() != before


async def test_another_page_sees_the_clock_move(chromium: Browser, demo: str) -> None:
    mover = await _opened(chromium, demo, "王阿姨")
    other = await _opened(chromium, demo, "郑师母")
    before = await other.locator("#clock").text_content() or ""
    await mover.locator("details.clock summary").click()
    await mover.get_by_role("button", name="过3天").click()

    await expect(other.locator("#clock")).not_to_have_text(before)
    await expect(other.locator("#panel-me .bubbles")).to_contain_text("三天前办结")


async def test_a_photo_is_shown_before_and_after_it_is_sent(
    chromium: Browser, demo: str, tmp_path: Path
) -> None:
    photo = tmp_path / "lamp.jpg"
    Image.new("RGB", (800, 600), "navy").save(photo)
    page = await _opened(chromium, demo, "王阿姨")
    await page.locator("#panel-me input[type=file]").set_input_files(photo)
    await expect(page.locator("#panel-me .chosen img")).to_be_visible()
    await _says(page, "报事 灯罩掉下来了")

    await expect(page.locator("#panel-me .mine img")).to_be_visible()
    card = page.locator("#panel-me .told img").last
    await expect(card).to_be_visible()
    await expect(card).to_have_js_property("naturalWidth", 800)
    assert await page.locator("#panel-me .chosen img").count() == 0


async def test_a_broken_photo_gets_words_and_keeps_what_was_typed(
    chromium: Browser, demo: str, tmp_path: Path
) -> None:
    photo = tmp_path / "lamp.jpg"
    photo.write_bytes(b"not a picture")
    page = await _opened(chromium, demo, "王阿姨")
    await page.locator("#panel-me input[type=file]").set_input_files(photo)
    await _says(page, "报事 灯罩掉下来了")

    await expect(page.get_by_role("status")).to_contain_text("这张照片打不开")
    await expect(page.locator("#text-me")).to_have_value("报事 灯罩掉下来了")


async def test_everything_works_with_the_keyboard_alone(chromium: Browser, demo: str) -> None:
    page = await _opened(chromium, demo, "王阿姨")
    await _tab_to(page, "报事")
    await page.keyboard.press("Enter")
    await expect(page.locator("#panel-me .bubbles")).to_contain_text("哪里坏了")
    await _tab_to(page, "比如：五楼灯坏了")
    await page.keyboard.type("五楼楼道灯坏了")
    await page.keyboard.press("Enter")

    await expect(page.locator("#panel-me .bubble").last).to_contain_text("待派单")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"


async def _tab_to(page: Page, name: str) -> None:
    """Press the tab key until something of that name has the focus."""
    named = "document.activeElement.placeholder || document.activeElement.textContent.trim()"
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate(named) == name:
            return
    raise AssertionError(f"the tab key never came to {name}")


@pytest.mark.parametrize("path", ["/", f"/as/{quote('李网格')}", "/j/WRONG234"])
@pytest.mark.parametrize("size", [PHONE, {"width": 180, "height": 370}, DESK])
async def test_nothing_scrolls_sideways_even_at_twice_the_size(
    chromium: Browser, demo: str, path: str, size: dict[str, int]
) -> None:
    page = await (await _context(chromium, size)).new_page()
    await page.goto(demo + path)
    for key in ("me", "group", "look"):
        tab = page.locator(f".tabs [data-tab={key}]")
        if await tab.count() and await tab.is_visible():
            await tab.click()
        wide = await page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= size["width"]
    lists = "Array.from(document.querySelectorAll('.bubbles'))"
    assert await page.evaluate(f"{lists}.every(l => l.scrollWidth <= l.clientWidth)")


@pytest.mark.parametrize("size", [PHONE, DESK])
async def test_every_button_fits_a_thumb(
    chromium: Browser, demo: str, size: dict[str, int]
) -> None:
    page = await _opened(chromium, demo, "李网格", size)
    await page.locator("details.clock summary").click()
    small = await page.evaluate(
        """Array.from(document.querySelectorAll("button, .button, .tabs a, textarea, select"))
            .filter(b => b.offsetParent)
            .map(b => [b.textContent.trim(), b.getBoundingClientRect()])
            .filter(([, r]) => r.height < 48 || r.width < 48)
            .map(([words, r]) => `${words} ${r.width}x${r.height}`)"""
    )

    assert small == []


async def test_words_stand_out_from_what_is_behind_them(chromium: Browser, demo: str) -> None:
    page = await _opened(chromium, demo, "李网格")
    for tab in ("me", "group", "look"):
        await page.locator(f".tabs [data-tab={tab}]").click()
        assert await page.evaluate(CONTRASTS) >= 4.5


async def test_a_households_own_pages_are_as_plain_to_read(chromium: Browser, demo: str) -> None:
    head = await _opened(chromium, demo, "张楼长")
    await _says(head, "邀请 3-2-701")
    told = head.locator("#panel-me .bubble").last
    await expect(told).to_contain_text("/j/")
    link = re.search(r"/j/\w+", await told.inner_text())
    page = await (await _context(chromium, PHONE)).new_page()
    await page.goto(demo + (link[0] if link else ""))
    least = [await page.evaluate(CONTRASTS)]
    await page.get_by_label("希望邻居怎么称呼您").fill("新邻居")
    await page.get_by_label("我同意").check()
    await page.get_by_role("button", name="进入").click()
    await expect(page.locator("#panel-me .bubbles")).to_contain_text("您已登记：3-2-701")
    least.append(await page.evaluate(CONTRASTS))
    await page.get_by_role("link", name="退出").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("退出")
    least.append(await page.evaluate(CONTRASTS))

    assert min(least) >= 4.5


async def test_it_works_without_script(chromium: Browser, demo: str) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{demo}/as/{quote('王阿姨')}")
    await page.locator("#panel-me").get_by_role("button", name="报事", exact=True).click()
    await expect(page.locator("#panel-me .bubbles")).to_contain_text("哪里坏了")
    await _says(page, "五楼楼道灯坏了")

    await expect(page.locator("#panel-me .bubble").last).to_contain_text("待派单")


async def test_an_old_browser_without_a_live_line_asks_instead(
    chromium: Browser, demo: str
) -> None:
    page = await (await _context(chromium, PHONE)).new_page()
    await page.add_init_script("delete window.EventSource")
    await page.goto(f"{demo}/as/{quote('刘大爷')}?tab=group")
    wang = await _opened(chromium, demo, "王阿姨")
    await _says(wang, "报事 五楼楼道灯坏了")
    await expect(wang.locator("#panel-me .bubble").last).to_contain_text("待派单")
    await page.evaluate("window.dispatchEvent(new Event('online'))")

    await expect(page.locator("#panel-group .bubble").last).to_contain_text("五楼楼道灯坏了")


async def test_a_reader_finds_its_way(chromium: Browser, demo: str) -> None:
    page = await _opened(chromium, demo, "王阿姨")

    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    await expect(page.get_by_role("main")).to_have_count(1)
    await expect(page.get_by_role("banner")).to_have_count(1)
    await expect(page.get_by_role("navigation")).to_have_count(1)
    await expect(page.get_by_role("log", name="我和助手")).to_have_attribute("aria-live", "polite")
    await expect(page.get_by_label("比如：五楼灯坏了")).to_be_visible()
    nameless = "Array.from(document.querySelectorAll('img')).filter(i => !i.alt).length"
    assert await page.evaluate(nameless) == 0


async def test_nothing_is_fetched_from_outside_and_nothing_typed_runs(
    chromium: Browser, demo: str
) -> None:
    page = await (await _context(chromium, PHONE)).new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    await page.goto(f"{demo}/as/{quote('王阿姨')}")
    await _says(page, '报事 <img src=x onerror="window.bad=1"><script>window.bad=1</script>')

    await expect(page.locator("#panel-me .bubble").last).to_contain_text("onerror")
    assert await page.evaluate("window.bad") is None
    assert hosts == {urlsplit(demo).netloc}


async def test_a_reload_shows_the_same_and_posts_nothing_again(
    chromium: Browser, demo: str
) -> None:
    page = await _opened(chromium, demo, "王阿姨")
    await _says(page, "报事 五楼楼道灯坏了")
    await expect(page.locator("#panel-me .bubble").last).to_contain_text("待派单")
    before = await page.locator("#panel-me .bubble .words").all_inner_texts()
    await page.reload()

    assert await page.locator("#panel-me .bubble .words").all_inner_texts() == before
