"""Talk 说话: how people say what they mean, and when we keep silent."""

import pytest

from bot.dialog import Town
from handlers.messages import Picture
from storage.database import Database, Driver
from tests.conftest import ON_ONE_DATABASE, Stairwell


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "said",
    [
        "报事 五楼灯坏了",
        "报事：五楼灯坏了",
        "报事，五楼灯坏了",
        "报事\n五楼灯坏了",
        "报事五楼灯坏了",
        "报修 五楼灯坏了",
        "/报事 五楼灯坏了",
        "／报事　五楼灯坏了",
        "/issue 五楼灯坏了",
        "issue 五楼灯坏了",
        "ＩＳＳＵＥ　五楼灯坏了",
        "Issue: 五楼灯坏了",
        "@bot 报事 五楼灯坏了",
        "@助手 报事五楼灯坏了",
        "＠助手，报事 五楼灯坏了",
        "我要报事 五楼灯坏了",
        "请报修，五楼灯坏了",
        "\u200b报事 \u200e五楼灯坏了",
        "。报事 五楼灯坏了",
    ],
)
async def test_a_report_is_understood_in_a_group(town: Stairwell, said: str) -> None:
    card = await town.says("王阿姨", said, at="3号楼")

    assert "报1 · 待派单\n五楼灯坏了\n" in card


async def test_voice_to_text_without_blanks_is_understood(town: Stairwell) -> None:
    assert "五楼的灯又不亮了" in await town.says("王阿姨", "报事五楼的灯又不亮了", at="3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "said",
    [
        "报事了吗",
        "报事了吗？",
        "报事没有啊",
        "报事情况怎么样了",
        "报修电话是多少",
        "报修的人来了",
        "报事群里说一下吧？",
        "反映强烈",
        "反映 强烈",
        "投票了没",
        "我的",
        "我的！",
        "看 那边有彩虹",
        "看3号楼那边",
        "找 猫",
        "找到了",
        "完成",
        "完成 了",
        "修好了",
        "修好了吗",
        "没修好",
        "帮助 老人过马路",
        "帮助别人就是帮助自己",
        "经过 三楼的时候看到的",
        "附议的人真多",
        "附议 五楼的意见",
        "接单 了吗",
        "接单啦",
        "上报纸了",
        "列表",
        "列表发我一下",
        "登记的人不多",
        "加入 我们",
        "1",
        "２",
        "好的",
        "@张三 报事了吗",
        "help the old",
        "list",
        "mine",
        "show me",
        "second floor",
        "issued yesterday",
        "finish",
        "code review",
        "join us",
        "name it",
        "🙂",
        "   ",
        "https://example.com/报事",
    ],
)
async def test_neighbours_own_talk_is_left_alone(town: Stairwell, said: str) -> None:
    assert await town.says("王阿姨", said, at="3号楼") == ""
    assert town.events == []


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["报事了吗", "报事了吗？", "报事吧"])
async def test_even_in_private_a_question_is_no_report(town: Stairwell, said: str) -> None:
    assert "报1" not in await town.says("王阿姨", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize("number", ["1", "１", "一", "1.", "1。", " 1 ", "1、"])
async def test_a_button_is_answered_by_its_number(town: Stairwell, number: str) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert "派给谁" in await town.says("张楼长", number)


async def test_a_number_beyond_the_buttons_is_told(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert "1 到 4 之间" in await town.says("张楼长", "9")


async def test_a_number_answers_what_the_group_saw_last(town: Stairwell) -> None:
    await town.says("刘大爷", "帮助", at="3号楼")
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert "1位邻居也遇到" in await town.says("刘大爷", "@助手 1", at="3号楼")


async def test_a_number_answers_the_buttons_as_they_are_now(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("张楼长", "附议 1")
    await town.says("张楼长", "看 1")

    assert "派给谁" in await town.says("张楼长", "1")


async def test_an_issue_is_found_by_its_number_in_any_writing(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")

    for number in ("1", "报1", "报 1", "#1", "第1号", "１", "一", "报事1"):
        assert "五楼灯坏了" in await town.says("王阿姨", f"看 {number}")


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["看 五楼", "看 3号楼", "附议 3-2-501", "看 0", "看 99999999999"])
async def test_a_place_is_no_issue_number(town: Stairwell, said: str) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")

    assert "请写编号" in await town.says("王阿姨", said)


async def test_what_is_missing_is_asked_one_at_a_time(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")
    assert "哪一件" in await town.says("李网格", "派单")
    assert "派给谁" in await town.says("李网格", "报1")

    assert "报1 已派给维修队" in await town.says("李网格", "维修队")


async def test_a_question_survives_a_restart(town: Stairwell, driver: Driver) -> None:
    await town.says("王阿姨", "报事", at="3号楼")
    await town.town.close()
    restarted = Town(Database(driver, town.town.clock), town.town.clock)
    await restarted.open()
    town.town = restarted

    assert "报1" in await town.says("王阿姨", "五楼灯坏了", at="3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize("word", ["取消", "算了", "不用了", "cancel", "1"])
async def test_a_question_is_cancelled(town: Stairwell, word: str) -> None:
    await town.says("王阿姨", "报事")

    assert "什么也没变" in await town.says("王阿姨", word)
    assert "报1" not in await town.says("王阿姨", "五楼灯坏了")


async def test_another_command_replaces_the_question(town: Stairwell) -> None:
    await town.says("王阿姨", "报事")
    await town.says("王阿姨", "我的")

    assert "要把这件事报上去吗" in await town.says("王阿姨", "五楼灯坏了")


async def test_in_a_group_a_question_is_forgotten_when_talk_goes_on(town: Stairwell) -> None:
    await town.says("王阿姨", "报事", at="3号楼")
    await town.moves("+1h")

    assert await town.says("王阿姨", "今天天气真好", at="3号楼") == ""


async def test_in_private_a_question_waits(town: Stairwell) -> None:
    await town.says("王阿姨", "报事")
    await town.moves("+1h")

    assert "报1" in await town.says("王阿姨", "五楼灯坏了")


async def test_what_cannot_be_done_any_more_is_not_asked_again(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")
    await town.says("李网格", "派单 1 赵师傅")
    await town.presses("赵师傅", "接单")
    await town.presses("赵师傅", "办结")
    await town.says("王阿姨", "撤回 1")
    await town.presses("王阿姨", "还是撤回")

    assert "已撤回" in await town.says("赵师傅", "换好了")
    assert "要把这件事报上去吗" in await town.says("赵师傅", "今天下雨路滑")


async def test_whoever_just_says_what_is_broken_is_offered_to_report_it(town: Stairwell) -> None:
    assert "要把这件事报上去吗" in await town.says("王阿姨", "五楼的灯又不亮了")

    assert "报1 · 待派单" in await town.says("王阿姨", "1")


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["你好", "您好！", "你是谁？", "好的", "在吗", "Hello", "？？"])
async def test_a_greeting_is_answered_with_what_we_can_do(town: Stairwell, said: str) -> None:
    assert "点一下就好" in await town.says("王阿姨", said)


async def test_a_photo_without_words_is_offered_too(town: Stairwell) -> None:
    picture = Picture("image/png", b"x")
    await town.says("王阿姨", "", pictures=[picture])

    assert "报1" in await town.presses("王阿姨", "报上去")


async def test_a_private_answer_is_given_in_private(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")

    assert "私聊" in await town.says("王阿姨", "我的报事", at="3号楼")
    assert "报1" in town.told("王阿姨")
    assert "报1" not in town.told("3号楼")


async def test_help_is_a_page_of_taps_by_role(town: Stairwell) -> None:
    resident, grid_worker = await town.says("王阿姨", "帮助"), await town.says("李网格", "帮助")

    for tap in ("[报事]", "[我的报事]", "[报事列表]"):
        assert tap in resident and tap in grid_worker
    assert resident.count("[") <= 7 and grid_worker.count("[") <= 7  # they fit on a phone
    await town.presses("李网格", "还能做什么")
    await town.presses("王阿姨", "还能做什么")
    assert "派单" in await town.presses("李网格", "办事怎么说")
    assert "派单" not in await town.presses("王阿姨", "办事怎么说")
    assert "3号楼" in resident and "第一网格" in grid_worker


async def test_a_meeting_is_moved_by_taps_alone(town: Stairwell) -> None:
    await town.plays("张楼长: 睦邻夜话 周三晚7点 凉亭\n张楼长> 召集\n张楼长: 帮助")
    await town.presses("张楼长", "还能做什么")
    await town.presses("张楼长", "开会怎么说")

    assert "改到什么时候" in await town.presses("张楼长", "会议改期")


async def test_help_in_a_group_leaves_out_what_is_private(town: Stairwell) -> None:
    await town.says("李网格", "帮助", at="3号楼")
    await town.presses("李网格", "还能做什么", at="3号楼")
    office = await town.presses("李网格", "管理怎么说", at="3号楼")

    assert "绑定" in office and "邀请" not in office


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["帮助", "/help", "菜单", "/start", "/start xyz", "@bot 帮助"])
async def test_help_has_many_names(town: Stairwell, said: str) -> None:
    assert "[我的报事]" in await town.says("王阿姨", said)


async def test_every_refusal_leads_to_help(town: Stairwell) -> None:
    assert "[帮助]" in await town.says("王阿姨", "看 99")


async def test_who_chose_english_reads_english_everywhere(town: Stairwell) -> None:
    await town.says("王阿姨", "语言")
    await town.presses("王阿姨", "English")
    seen = [
        await town.says("王阿姨", said)
        for said in (
            "help",
            "/issue lamp broken",
            "/show 1",
            "/show 99",
            "/dispatch 1",
            "/timeline 1",
            "/mine",
            "/withdraw 1",
            "/join 3-2-102",
            "/bind 3",
            "/code",
            "cancel",
            "hello there",
        )
    ]

    for told in seen:
        names = ("王阿姨", "号楼", "报1", "报99", "中文", "张楼长", "李网格", "孙主任")
        for name in names:
            told = told.replace(name, "")
        assert not any("\u4e00" <= char <= "\u9fff" for char in told), told


async def test_others_keep_their_own_language(town: Stairwell) -> None:
    await town.says("王阿姨", "语言 English")
    await town.says("王阿姨", "issue lamp broken", at="3号楼")

    assert "待派单" in town.card("3号楼") and "待派单" in town.card("张楼长")


@ON_ONE_DATABASE
@pytest.mark.parametrize("length", [1_001, 10_000])
async def test_a_text_that_is_too_long_is_refused_shortly(town: Stairwell, length: int) -> None:
    told = await town.says("王阿姨", "报事 " + "灯" * length)

    assert "说得太长了" in told and len(told) < 200


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "call",
    [
        "",
        ":",
        "xyz",
        "=!",
        "=s1",
        "=",
        "show:-1",
        "show:1:2:3",
        "show:٣",
        "show:1_0",
        "a" * 80,
    ],
)
async def test_a_forged_button_is_out_of_date(town: Stairwell, call: str) -> None:
    assert "过期" in await town.taps("王阿姨", call)


async def test_a_button_that_lost_its_number_asks_for_it(town: Stairwell) -> None:
    assert "哪一件" in await town.taps("王阿姨", "show:")


async def test_a_foreign_yes_says_nothing(town: Stairwell) -> None:
    await town.says("王阿姨", "五楼灯坏了")

    assert "过期" in await town.taps("刘大爷", "=!")
