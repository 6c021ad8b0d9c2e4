"""Named meetings 点名的会: 会3 in front of a topic is the meeting, 会议室 is the topic."""

import pytest

from handlers.topic_kinds import named_meeting


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("会3 楼道堆物", "3", "楼道堆物"),
        ("会 3，楼道堆物", "3", "楼道堆物"),
        ("会３ 楼道堆物", "3", "楼道堆物"),
        ("会三 楼道堆物", "3", "楼道堆物"),
        ("会3号：楼道堆物", "3", "楼道堆物"),
        ("会3门禁", "3", "门禁"),
        ("会3", "3", ""),
        ("会3号楼开不开", None, "会3号楼开不开"),
        ("会3楼的灯", None, "会3楼的灯"),
        ("会议室的门", None, "会议室的门"),
        ("会一会新邻居", None, "会一会新邻居"),
        ("三楼楼道堆物", None, "三楼楼道堆物"),
        ("会0 门禁", None, "会0 门禁"),
        ("", None, ""),
    ],
)
def test_which_meeting_a_topic_names(text: str, number: str | None, rest: str) -> None:
    assert named_meeting(text) == (number, rest)
