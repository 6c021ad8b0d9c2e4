"""The result of a vote 表决结果: its card and its chart, of the estate with 1,152 owners."""

from dataclasses import replace
from datetime import UTC

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
