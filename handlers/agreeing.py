"""Agreeing 应答: buttons that are typed: a yes or a no in words, or just what stands on them."""

from typing import Final

from domain.text import folded
from handlers.ask import CANCEL, YES, Ask
from handlers.asked import parted
from storage.chats import Draft

CANCELS: Final = frozenset({"取消", "算了", "不用了", "cancel", "/cancel", CANCEL})
_AROUND: Final = " 。.!！~～,，啊呀吧哦哈"
_YES: Final = frozenset(
    {
        *("好", "好的", "行", "可以", "对", "对的", "是", "是的", "嗯", "没错", "确认", "确定"),
        *("没问题", "就这样", "yes", "ok", "okay", "sure", "confirm"),
    }
)
_NO: Final = frozenset({"不", "不是", "不对", "不要", "不用", "不行", "别", "no", "nope"})
_LONGEST_LABEL: Final = 30
"""Characters of what people type off a button."""


def confirms(call: str) -> bool:
    """Whether a button is the yes to what was read back, a ballot's too."""
    bare = parted(call)[0]
    return bare == YES or bare.partition(":")[0] == "cast"


async def written_button(ask: Ask) -> str | None:
    """The call of the button last shown whose words were typed instead of tapped."""
    text = ask.incoming.text
    if not text or len(text) > _LONGEST_LABEL or text.isnumeric():
        return None
    return await ask.unit.chats.menus.pressed_by(text, ask.chat.id, ask.actor.id)


async def agreed(ask: Ask, draft: Draft | None) -> str | None:
    """The call of the button that a yes or a no in words means, under what was asked last."""
    words = folded(ask.incoming.text).strip(_AROUND)
    if not ask.chat.is_private or words not in _YES | _NO:
        return None
    menu = await ask.unit.chats.menus.of(ask.chat.id, ask.actor.id)
    yes = next((call for call in menu if confirms(call)), None)
    if yes is None:
        return None
    no = next((call for call in menu if parted(call)[0] in CANCELS), None)
    if draft is not None and draft.args.get("anew"):  # 是同一件事吗？ above 还是单独提
        yes, no = (menu[0] if menu[0] != yes else None), yes
    return yes if words in _YES else no
