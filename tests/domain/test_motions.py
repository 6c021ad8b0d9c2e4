"""Motions 表决事项: when a vote ends, and until when its result hangs out."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.motions import Motion, MotionState, Preset, closed

NOON = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
OPEN = Motion(
    1, 1, 1, 1, "/1/", 1, "选聘物业", "同意。", Preset.ORDINARY, is_secret=False, is_binding=True,
    announced_at=NOON, opens_at=NOON, closes_at=NOON + WEEK, state=MotionState.OPEN,
)  # fmt: skip


@pytest.mark.parametrize("early", [timedelta(0), timedelta(days=3)])
def test_a_result_hangs_out_from_the_end_on(early: timedelta) -> None:
    over = closed(OPEN, "head", now=OPEN.closes_at - early, publicity=WEEK)

    assert over.closes_at == OPEN.closes_at - early
    assert over.final_at == over.closes_at + WEEK


def test_a_result_that_need_not_hang_out_is_final_though_it_was_counted_late() -> None:
    """A timer comes a moment late, and a machine that was off comes hours late."""
    over = closed(OPEN, "head", now=OPEN.closes_at + timedelta(hours=2), publicity=timedelta(0))

    assert over.final_at == over.closes_at == OPEN.closes_at
