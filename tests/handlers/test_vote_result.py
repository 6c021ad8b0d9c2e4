"""The result of a vote 表决结果: its card and its chart, of the estate with 1,152 owners."""

from dataclasses import replace
from datetime import UTC

from domain.matters import Matter
from domain.motions import Motion, Preset
from handlers.motion_card import result
from handlers.registry import loaded
from handlers.wording import Speaker
from tests.domain.test_verdict import ESTATE
from tests.domain.voted import motion

loaded()


def ended(preset: Preset) -> Motion:
    """The estate's vote at its end."""
    made = motion(preset, is_secret=False)
    return replace(made, roll=ESTATE.roll, took_part=ESTATE.took_part, closing_head="ab" * 32)


def test_the_card_says_each_share_as_fraction_and_percentage() -> None:
    speaker = Speaker("zh", UTC)
    said = speaker.say(result(ended(Preset.SPECIAL), [ESTATE], speaker).words)

    assert "结果：没有通过" in said and "赞成：589户 · 61667.05㎡" in said
    assert "✓ 参加户数 905/1152 = 78.55%（要2/3以上）" in said
    assert "✗ 同意面积 61667.05/93449.08 = 65.99%（要3/4以上" in said
    assert len(said.split("\n")) <= 14


def test_the_chart_has_no_signs_that_fonts_lack_and_no_line_too_long() -> None:
    chart = result(ended(Preset.ORDINARY), [ESTATE], Speaker("zh", UTC)).chart

    assert chart is not None
    assert chart.footer == "905/1152户已投 78.55% · 面积 74.87%"
    assert chart.bars[0].note == "589户 · 65.08% · 面积65.99%"


def test_twenty_matters_have_a_line_and_a_bar_each_that_fit_on_a_phone() -> None:
    many = tuple(Matter(f"楼道里不堆放杂物和电动车{n}", "原文") for n in range(1, 21))
    speaker = Speaker("zh", UTC)
    found = result(replace(ended(Preset.ORDINARY), matters=many), [ESTATE] * 20, speaker)
    said = speaker.say(found.words)

    assert "20项里通过20项" in said and "✓ 20. 楼道里不堆放杂物和电动车20 · 赞成65.08%" in said
    assert max(map(len, said.split("\n"))) <= 44 and len(said.split("\n")) <= 28
    assert found.chart is not None and len(found.chart.bars) == 20


def test_where_area_does_not_count_the_chart_tells_none() -> None:
    chart = result(ended(Preset.RESIDENTS), [ESTATE], Speaker("zh", UTC)).chart

    assert chart is not None and "面积" not in chart.footer
    assert all("面积" not in bar.note for bar in chart.bars)
