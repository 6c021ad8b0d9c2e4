"""Chatter 闲聊: neighbours' own talk as the Bot API tells it; standard library only."""

import json
from functools import cache
from typing import Any, Final

UPDATES_PER_ANSWER: Final = 100
GROUPS: Final = 40

LINES: Final = (
    "早上好呀",
    "今天菜场的青菜真新鲜，两块五一斤",
    "谁家的快递放错了？在3号楼门口",
    "孩子们几点放学呀",
    "[微笑][微笑]",
    "谢谢张楼长，辛苦了！",
    "我家的猫不见了，橘色的，看到的邻居说一声，谢谢大家",
    "明天好像要下雨，衣服记得收",
    "有人一起去公园吗？",
    "好的好的",
    "报事了吗？我看大家都在说这个灯",
    "昨天投票的结果出来没有啊",
    "哈哈哈哈哈",
    "Does anybody have a ladder that I could borrow this weekend?",
    "收到",
    "楼下那棵桂花开了，香得很，晚上散步可以去看看，带上小朋友，记得带驱蚊水",
    "👍👍👍",
    "周末包饺子，多了，谁家要？",
    "停水到几点？",
    "请问物业电话是多少",
)
_OPENINGS: Final = (
    "啊 哎呀 早 晚上 中午 昨天 今天 明天 后天 刚才 刚刚 现在 周末 下午 楼上 楼下 隔壁 门口 物业 "
    "快递 电梯 停车 孩子 老人 奶奶 爷爷 大家 各位 邻居 王姐 老李 小陈 我家 我们 你们 他们 谁 "
    "哪位 怎么 为什么 是的 对的 好 行 可以 没有 不是 不用 谢谢 感谢 辛苦 恭喜 祝 哈哈 嗯嗯 哦 "
    "听说 看见 有人 有没有 能不能 请问 麻烦问下 报纸 投篮 帮忙 签名 ok yes lol hi in is"
)
OPENINGS: Final = tuple(_OPENINGS.split())
"""Beginnings, some of them like those of commands; each before many of the lines."""


def _update(number: int) -> dict[str, Any]:
    user = {
        "id": 10_000 + number % 300,
        "is_bot": False,
        "first_name": f"邻居{number % 300}",
        "username": f"neighbour_{number % 300}",
        "language_code": "zh-hans",
    }
    chat = {
        "id": -1_000_000_000_000 - number % GROUPS,
        "title": f"{number % GROUPS}号楼",
        "type": "supergroup",
    }
    message: dict[str, Any] = {
        "message_id": number,
        "from": user,
        "chat": chat,
        "date": 1795233600 + number,
        "text": f"{OPENINGS[number % len(OPENINGS)]}，{LINES[number % len(LINES)]}",
    }
    if number % 5 == 0:
        earlier = {"message_id": number - 1, "from": user, "chat": chat, "date": 1795233600}
        message["reply_to_message"] = {**earlier, "text": "早"}
    return {"update_id": number, "message": message}


@cache
def answers(count: int) -> list[bytes]:
    """``count`` updates in answers to ``getUpdates``, as they come over the wire.

    Made in the first turn, which only warms up.
    """
    found = []
    for start in range(0, count, UPDATES_PER_ANSWER):
        numbers = range(start, min(start + UPDATES_PER_ANSWER, count))
        result = [_update(number) for number in numbers]
        found.append(json.dumps({"ok": True, "result": result}).encode())
    return found
