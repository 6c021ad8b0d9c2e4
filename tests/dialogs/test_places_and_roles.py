"""Places and roles 绑定与任命: which group is whose, who may do what where."""

import pytest

from tests.conftest import ON_ONE_DATABASE, Stairwell


async def test_staff_binds_a_group_to_its_building(town: Stairwell) -> None:
    assert "还不知道这里是哪栋楼" in await town.says("王阿姨", "报事 灯坏了", at="新群")

    bound = await town.says("李网格", "绑定 三栋", at="新群")

    assert "「3号楼」" in bound and "睦邻社区 › 第一网格 › 3号楼" in bound
    assert "报1" in await town.says("王阿姨", "报事 灯坏了", at="新群")


async def test_a_group_may_be_a_grids(town: Stairwell) -> None:
    assert "「第一网格」" in await town.says("李网格", "绑定 第一网格", at="新群")


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", ["王阿姨", "张楼长", "周业委", "赵师傅"])
async def test_others_do_not_bind(town: Stairwell, who: str) -> None:
    assert "需要楼栋长或工作人员" in await town.says(who, "绑定 3号楼", at="新群")


async def test_staff_binds_only_what_is_theirs(town: Stairwell) -> None:
    assert "不归您管" in await town.says("李网格", "绑定 5号楼", at="新群")
    assert "没有找到" in await town.says("李网格", "绑定 99号楼", at="新群")
    assert "不止一处" in await town.says("李网格", "绑定 1单元", at="新群")


async def test_a_group_is_bound_in_the_group(town: Stairwell) -> None:
    assert "请在群里说" in await town.says("李网格", "绑定 3号楼")


async def test_binding_asks_which_place(town: Stairwell) -> None:
    assert "请问是哪里" in await town.says("李网格", "绑定", at="新群")
    assert "「3号楼」" in await town.says("李网格", "3号楼", at="新群")


async def test_a_second_group_of_the_building_sees_its_reports(town: Stairwell) -> None:
    await town.says("李网格", "绑定 3号楼", at="二单元群")
    await town.says("王阿姨", "报事 灯坏了", at="3号楼")

    assert "报1" in town.told("二单元群")


async def test_a_role_is_given_and_taken_at_a_place(town: Stairwell) -> None:
    assert "小陈 现在是3号楼的楼栋长" in await town.says("孙主任", "任命 小陈 楼栋长 3号楼")
    assert "您现在是3号楼的楼栋长" in town.told("小陈")
    await town.says("王阿姨", "报事 灯坏了")
    assert "已派给" in await town.says("小陈", "派单 1 维修队")

    assert "不再是" in await town.says("孙主任", "免去 小陈 楼栋长 3号楼")
    assert "不再是" in town.told("小陈")
    assert "需要楼栋长" in await town.says("小陈", "派单 1 关爱队")


async def test_a_role_reaches_what_lies_below_and_nothing_else(town: Stairwell) -> None:
    await town.says("朱阿婆", "报事 楼道灯坏了", at="5号楼")

    assert "没有找到 报1" in await town.says("李网格", "派单 1 维修队")
    assert "已派给" in await town.says("唐网格", "派单 1 维修队")


@ON_ONE_DATABASE
@pytest.mark.parametrize("who", ["王阿姨", "张楼长", "李网格", "魏科长"])
async def test_only_the_committee_appoints(town: Stairwell, who: str) -> None:
    assert "需要楼栋长或工作人员" in await town.says(who, "任命 小陈 楼栋长 3号楼")


async def test_an_appointment_is_asked_for_piece_by_piece(town: Stairwell) -> None:
    assert "请问是哪位" in await town.says("孙主任", "任命")
    assert "什么身份" in await town.says("孙主任", "小陈")
    assert "没有「皇帝」这个身份" in await town.says("孙主任", "皇帝")
    assert "请问是哪里" in await town.says("孙主任", "楼栋长")

    assert "小陈 现在是3号楼的楼栋长" in await town.says("孙主任", "3号楼")


@ON_ONE_DATABASE
@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("任命 外星人 楼栋长 3号楼", "没有找到「外星人」"),
        ("任命 小陈 楼栋长 99号楼", "没有找到「99号楼」"),
        ("任命 小陈 居民 睦邻社区", "不能任命居民"),
        ("任命 小陈 楼栋长 3-2-301", "不能任命楼栋长"),
        ("免去 小陈 网格员 3号楼", "小陈 不是3号楼的网格员"),
        ("免去 孙主任 居委会 睦邻社区", "请别的工作人员来改"),
    ],
)
async def test_what_cannot_be_is_refused(town: Stairwell, said: str, answer: str) -> None:
    assert answer in await town.says("孙主任", said)


async def test_who_moves_out_sees_the_building_no_more(town: Stairwell) -> None:
    await town.says("刘大爷", "报事 灯坏了")
    await town.says("孙主任", "免去 小陈 居民 3-2-301")

    assert "[我住这栋楼]" in await town.says("小陈", "看 1")


async def test_another_building_sees_nothing(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    assert town.told("5号楼") == ""
    absent = await town.says("朱阿婆", "看 99")
    forbidden = await town.says("朱阿婆", "看 1")
    assert forbidden.replace("报1", "报99") == absent


@ON_ONE_DATABASE
@pytest.mark.parametrize("said", ["附议 1", "验单 1", "撤回 1", "经过 1", "看 1", "退回 1 没好"])
async def test_no_step_tells_that_it_exists(town: Stairwell, said: str) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")

    assert "没有找到 报1" in await town.says("朱阿婆", said)


@ON_ONE_DATABASE
@pytest.mark.parametrize("call", ["second:1", "show:1", "dispatch:1:s1", "verify:1"])
async def test_no_tap_tells_either(town: Stairwell, call: str) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")

    assert "没有找到 报1" in await town.taps("卫楼长", call)


async def test_search_and_lists_keep_to_the_own_place(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了")

    assert "没有找到" in await town.says("朱阿婆", "找 灯")
    assert "没有未办完" in await town.says("朱阿婆", "列表")
    assert "报1" in await town.says("刘大爷", "找 灯")
    assert "报1" in await town.says("刘大爷", "列表")


async def test_a_group_never_shows_another_buildings_card(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")

    for said in ("看 1", "经过 1"):
        assert "私" in await town.says("孙主任", said, at="5号楼")
        assert "五楼灯坏了" not in town.told("5号楼")
        assert "五楼灯坏了" in town.told("孙主任")


async def test_no_duplicate_of_another_building_is_offered(town: Stairwell) -> None:
    await town.says("朱阿婆", "报事 五楼灯坏了", at="5号楼")

    assert "报2 · 待派单" in await town.says("王阿姨", "报事 五楼灯坏了", at="5号楼")


async def test_the_grid_group_lists_its_buildings(town: Stairwell) -> None:
    await town.says("王阿姨", "报事 五楼灯坏了", at="3号楼")
    await town.says("朱阿婆", "报事 门坏了", at="5号楼")

    listed = await town.says("李网格", "/列表", at="第一网格")

    assert "报1" in listed and "报2" not in listed


async def test_a_refusal_says_whom_to_ask(town: Stairwell) -> None:
    assert "请找楼栋长 张楼长" in await town.says("王阿姨", "投票 车棚 东/西 明晚8点", at="3号楼")
    assert "请找网格员 李网格" in await town.says("张楼长", "绑定 3号楼", at="3号楼")
    assert "请找居委会 孙主任" in await town.says("李网格", "任命 小陈 楼栋长 3号楼")


async def test_street_staff_are_called_by_their_name(town: Stairwell) -> None:
    assert "魏科长 现在是第一网格的网格员" in await town.says(
        "孙主任", "任命 魏科长 网格员 第一网格"
    )


async def test_the_committee_says_who_answers_at_its_street(town: Stairwell) -> None:
    assert "小陈 现在是梧桐街道的街道" in await town.says("孙主任", "任命 小陈 街道 梧桐街道")
    assert "小陈" in await town.says("孙主任", "免去 小陈 街道 梧桐街道")
    assert "没有" in await town.says("孙主任", "任命 小陈 网格员 梧桐街道")


async def test_a_mistyped_door_is_taken_out_once_nobody_lives_there(town: Stairwell) -> None:
    await town.says("赵师傅", "登记 3-2-999")
    await town.presses("张楼长", "同意加入")
    assert "还有人登记着" in await town.says("张楼长", "删门牌 3-2-999")
    await town.says("孙主任", "免去 赵师傅 居民 3-2-999")
    invited = await town.says("张楼长", "邀请 3-2-999")
    code = invited.partition("邀请码：")[2][:9]

    assert "没有找到" in await town.says("韩楼长", "删门牌 3-2-999")
    assert "已从门牌里去掉" in await town.says("张楼长", "删门牌 3-2-999")
    assert "没有找到" in await town.says("张楼长", "删门牌 3-2-999")
    assert "不对" in await town.says("郑师母", f"邀请码 {code}")


async def test_a_door_that_voted_or_stands_on_the_roll_is_kept(town: Stairwell) -> None:
    await town.says("张楼长", "投票 每户 车棚放哪 东侧/西侧 周五晚8点", at="3号楼")
    await town.presses("张楼长", "发布", at="3号楼")
    await town.presses("王阿姨", "东侧", at="3号楼")
    await town.says("孙主任", "免去 王阿姨 居民 3-2-501")

    assert "门牌留着" in await town.says("张楼长", "删门牌 3-2-501")
    await town.sends("孙主任", "名册.csv", "楼栋,单元,房号,业主,面积\n3,2,777,空,90\n")
    await town.presses("孙主任", "存入名册")
    assert "在名册上" in await town.says("张楼长", "删门牌 3-2-777")
