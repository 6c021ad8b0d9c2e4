"""Questions 问话: what newcomers say to us that is no report, and how it is answered."""

import pytest

from handlers.ask import CONFIRMED
from storage.chats import Draft
from storage.unit import Unit
from tests.conftest import ON_ONE_DATABASE, Stairwell


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "page"),
    [
        ("报事怎么说", "报事怎么说"),
        ("报修怎么弄", "报事怎么说"),
        ("报事有什么用", "报事怎么说"),
        ("登记怎么说", "登记怎么说"),
        ("issue how does it work", "报事怎么说"),
    ],
)
async def test_asking_how_to_say_it_reports_nothing(town: Stairwell, said: str, page: str) -> None:
    assert page in await town.says("刘大爷", said)
    assert "报1" not in town.sees("3号楼")


async def test_talk_about_a_finished_repair_is_no_report(town: Stairwell) -> None:
    assert await town.says("刘大爷", "报事已经修好了谢谢赵师傅", at="3号楼") == ""


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["99", "物业电话多少", "人工", "怎么还没人来", "为什么不修"])
async def test_numbers_and_questions_are_not_offered_as_reports(town: Stairwell, said: str) -> None:
    answer = await town.says("刘大爷", said)

    assert "没听懂" in answer and "报上去" not in answer


async def test_a_label_that_there_is_none_of_is_said_to_be_absent(town: Stairwell) -> None:
    assert "没有找到 报999" in await town.says("刘大爷", "报999")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("谢谢啊", "不客气"),
        ("取消", "没有要取消的"),
        ("删除我的信息", "我的数据"),
        ("delete my data", "我的数据"),
    ],
)
async def test_what_has_an_answer_of_its_own_gets_it(
    town: Stairwell, said: str, answer: str
) -> None:
    assert answer in await town.says("刘大爷", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["着火了", "煤气味好大", "救命 有人晕倒了", "有人困在电梯里"])
async def test_danger_is_answered_with_whom_to_call_first(town: Stairwell, said: str) -> None:
    assert "火警119" in await town.says("刘大爷", said)
    assert "报1" in await town.presses("刘大爷", "报上去")


async def test_a_bill_for_gas_is_no_danger(town: Stairwell) -> None:
    assert "119" not in await town.says("刘大爷", "燃气费贴错门了")


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["修好了", "完成", "没修好"])
async def test_an_everyday_word_answers_the_question_that_was_asked(
    town: Stairwell, said: str
) -> None:
    await town.plays("王阿姨@3号楼: 报事 五楼灯坏了\n李网格: 派单 1 赵师傅\n赵师傅: 接单 1")
    await town.presses("赵师傅", "办结")

    assert "报1 已办结" in await town.says("赵师傅", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["附议 -1", "附议 一千二百", "附议 一万"])
async def test_a_number_that_is_none_is_not_taken_for_another(town: Stairwell, said: str) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("刘大爷", said)

    assert "也遇到" not in town.sees("3号楼").replace("附议：我也遇到", "")


async def test_nothing_to_send_back_is_said_instead_of_asked_for(town: Stairwell) -> None:
    said = await town.says("王阿姨", "没修好")

    assert "现在没有要您「退回」的事" in said and "[取消]" not in said
    assert "点" in await town.says("王阿姨", "1")


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["/start", "／start", "/help"])
async def test_a_command_with_its_slash_is_no_answer_to_a_question(
    town: Stairwell, said: str
) -> None:
    await town.says("王阿姨", "报事")

    assert "报事" in await town.says("王阿姨", said) and "报1" not in town.told("王阿姨")
    assert "报1" not in await town.says("王阿姨", "会议列表")


async def test_a_question_of_an_earlier_release_is_stale(town: Stairwell) -> None:
    async def asked(unit: Unit) -> None:
        chat = await unit.chats.met("memory", "@周业委", is_private=True)
        community = (await unit.places.communities())[0]
        (person,) = await unit.people.named("周业委", community.id)
        draft = Draft("motionopen", {"title": "换物业", "secret": 0}, CONFIRMED)
        await unit.chats.save_draft(person, chat.id, draft, unit.now)

    await town.town.app.database.unit(asked)

    assert "过期" in await town.taps("周业委", "=!")


@ON_ONE_DATABASE
async def test_words_that_do_not_fit_cost_nothing_of_what_was_answered(town: Stairwell) -> None:
    await town.plays("张楼长: 投票\n张楼长: 车棚建在哪")
    assert "至少要两个选项" in await town.says("张楼长", "东侧")
    await town.says("张楼长", "东侧 西侧还是不建")

    assert "不是时间" in await town.says("张楼长", "等大家都投了")
    preview = await town.says("张楼长", "周五晚8点")
    assert "车棚建在哪" in preview and "· 东侧\n· 西侧\n· 不建" in preview


@ON_ONE_DATABASE
async def test_a_step_that_is_unclear_costs_nothing_of_the_application(town: Stairwell) -> None:
    await town.plays("小陈: 微创投 楼道花架\n小陈: 大家一起种花\n小陈: 3000元")

    assert "哪天做完" in await town.says("小陈", "买花盆，种花")
    assert "1. 买花盆" in await town.says("小陈", "买花盆 12月5日")


@ON_ONE_DATABASE
@pytest.mark.parametrize(("said", "outcome"), [("好的", "报1"), ("对！", "报1"), ("不用", "不算")])
async def test_a_yes_in_words_answers_what_was_offered(
    town: Stairwell, said: str, outcome: str
) -> None:
    await town.says("王阿姨", "五楼的灯又不亮了")

    assert outcome in await town.says("王阿姨", said)


@ON_ONE_DATABASE
async def test_a_yes_in_words_answers_nothing_that_is_no_longer_shown(town: Stairwell) -> None:
    await town.plays("王阿姨: 五楼的灯又不亮了\n王阿姨: 会议列表")

    assert "报1" not in await town.says("王阿姨", "好的")


@ON_ONE_DATABASE
@pytest.mark.parametrize(("said", "outcome"), [("是的", "也遇到"), ("不是", "报2")])
async def test_a_yes_to_the_same_thing_seconds_it(town: Stairwell, said: str, outcome: str) -> None:
    await town.says("王阿姨", "报事 三楼楼道灯坏了", at="3号楼")
    await town.says("刘大爷", "报事 3楼楼道的灯不亮")

    assert outcome in await town.says("刘大爷", said)


@ON_ONE_DATABASE
async def test_words_under_a_preview_report_nothing(town: Stairwell) -> None:
    await town.says("张楼长", "睦邻夜话 周三晚7点 凉亭")

    assert "还没有定" in await town.says("张楼长", "不对 七点半")
    assert "会1" in await town.says("张楼长", "1")


@ON_ONE_DATABASE
async def test_what_was_only_offered_hides_nothing_that_is_meant(town: Stairwell) -> None:
    await town.plays("张楼长: 睦邻夜话 周三晚7点 凉亭\n张楼长> 召集\n王阿姨: 门口的地砖松了")

    assert "您来" in await town.says("王阿姨", "我来")
    assert "凉亭" in await town.says("王阿姨", "会1")


@ON_ONE_DATABASE
async def test_a_number_that_was_asked_for_is_no_cancelling(town: Stairwell) -> None:
    await town.plays("张楼长: 征询 装门禁，同意吗 下周五晚8点\n张楼长> 发布")
    assert "询1 装门禁" in await town.says("张楼长", "征询名单")
    assert "询1" in await town.says("张楼长", "1")

    assert "编号" in await town.says("王阿姨", "票据链")
    assert "什么也没变" not in await town.says("王阿姨", "1")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("谢谢你啊小助手", "不客气"),
        ("好了", "有事随时说"),
        ("不对 是四楼", "整句话重说"),
        ("装电梯我同意", "正在征询"),
        ("我选东侧", "正在投票"),
        ("啊啊啊啊哈哈哈", "没听懂"),
        ("孩子上学怎么办", "报事"),
        ("我到了", "没有能签到的会"),
        ("我能不能投票", "没有公示或投票中的表决"),
    ],
)
async def test_what_is_no_report_is_not_offered_as_one(
    town: Stairwell, said: str, answer: str
) -> None:
    told = await town.says("王阿姨", said)

    assert answer in told and "[报上去]" not in told


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    "said",
    [
        *("电梯又坏了怎么办", "不对劲，楼道有怪味", "我不同意楼上养鸡", "垃圾没人来收"),
        *("会议室的灯坏了", "公告栏的玻璃碎了", "投票箱坏了", "我的门铃坏了", "看不见路灯"),
    ],
)
async def test_a_complaint_in_everyday_words_is_offered_as_a_report(
    town: Stairwell, said: str
) -> None:
    assert "报上去" in await town.says("王阿姨", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["怎么还没人来", "我报的事怎么样了", "什么时候来修"])
async def test_whoever_waits_is_shown_how_far_it_is(town: Stairwell, said: str) -> None:
    await town.says("王阿姨", "投诉 五楼太吵")

    assert "报1 五楼太吵 · 待派单" in await town.says("王阿姨", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("发起投票", "要问大家什么"),
        ("我要发个通知 明天停水", "明天停水\n发到"),
        ("通知明天停水8点到12点", "明天停水8点到12点\n发到"),
        ("开个会吧 下周三晚上7点在活动室聊聊停车的事", "聊聊停车的事"),
        ("下周三晚上七点半在凉亭开个会吧", "19:30\n📍凉亭"),
    ],
)
async def test_a_verb_before_the_word_is_understood_in_private(
    town: Stairwell, said: str, answer: str
) -> None:
    assert answer in await town.says("张楼长", said)


@ON_ONE_DATABASE
async def test_the_meeting_to_come_is_moved_without_its_number(town: Stairwell) -> None:
    await town.plays("张楼长: 睦邻夜话 周三晚7点 凉亭\n张楼长> 召集")

    assert "睦邻夜话改期" in await town.says("张楼长", "会议改到周四晚8点")
    assert "11月26日周四 20:00" in await town.says("张楼长", "好的")
    assert "会1" in await town.says("张楼长", "会议取消了")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "tap"), [("我要投票", "正在投票"), ("征询", "正在征询"), ("夜话", "近期会议")]
)
async def test_who_may_not_begin_one_is_shown_what_runs(
    town: Stairwell, said: str, tap: str
) -> None:
    told = await town.says("王阿姨", said)

    assert "请找楼栋长 张楼长" in told and f"[{tap}]" in told


@ON_ONE_DATABASE
async def test_what_stands_on_a_button_may_be_typed(town: Stairwell) -> None:
    await town.plays("张楼长: 投票 车棚建在哪 东侧/西侧 周五晚8点\n张楼长: 发布\n王阿姨: 票1")

    assert "您投了：东侧" in await town.says("王阿姨", "东侧")


@ON_ONE_DATABASE
async def test_a_button_typed_as_an_answer_is_no_text_to_vote_on(town: Stairwell) -> None:
    await town.plays("王阿姨: 提议 门口装个扶手\n张楼长: 商议结果 议1 都说好\n张楼长: 动议 议1")
    await town.says("张楼长", "就用提议的原话")

    assert "】\n门口装个扶手\n" in await town.says("张楼长", "12月30日晚8点")


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["报1派给维修队", "把报1派给维修队", "派单 报1 给维修队"])
async def test_a_report_is_given_out_in_one_sentence(town: Stairwell, said: str) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert "报1 已派给维修队" in await town.says("李网格", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [("报1修好了", "报1 已办结"), ("修好了", "[报1 五楼灯坏了]"), ("搞定了", "[报1 五楼灯坏了]")],
)
async def test_who_mended_it_says_so_in_the_neighbours_words(
    town: Stairwell, said: str, answer: str
) -> None:
    await town.plays("王阿姨@3号楼: 报事 五楼灯坏了\n李网格: 派单 1 赵师傅\n赵师傅: 接单 1")

    assert answer in await town.says("赵师傅", said)


@ON_ONE_DATABASE
async def test_who_reported_it_verifies_it_in_the_same_words(town: Stairwell) -> None:
    await town.plays("王阿姨@3号楼: 报事 五楼灯坏了\n李网格: 派单 1 赵师傅\n赵师傅: 接单 1")
    await town.says("赵师傅", "报1修好了")

    assert "报1 谢谢您，已验单" in await town.says("王阿姨", "报1修好了")
