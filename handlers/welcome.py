"""Welcome 欢迎: the first words to strangers and groups, and to what cannot be understood."""

import re
from typing import Final

from domain.people import Ability
from domain.text import MAX_WORDS, cleaned, folded, shortened
from domain.urgency import is_emergency
from handlers.agreeing import confirms
from handlers.ask import CANCEL, CONFIRMED, YES, Ask
from handlers.messages import Button, ChatEvent, Reply, Row, Typed, Words
from handlers.registry import REGISTRY, button
from handlers.telling import Teller
from storage.unit import Unit

_SMALL_TALK: Final = re.compile(
    r"(?:你|您)(?:好|是谁|是什么|会什么|能做什么|能干什么)(?:啊|呀|吗|呢)?|在吗|在不在|有人吗|"
    r"好的?|嗯+|哦+|早|早上好|晚上好|晚安|再见|"
    r"hi|hello|hey|ok|okay|who are you|[\W_]*"
)
"""What is said to us without anything to do: the answer is what we can do."""
_THANKS: Final = re.compile(
    r"(?:好的?|太)?(?:多谢|谢谢|感谢|辛苦|麻烦)(?:你们?|您|了|啊|呀|哈|啦|大家|小|助手|机器人|师傅)*|"
    r"thanks?|thank you"
)
_FINE: Final = re.compile(
    r"(?:好|没|没有|知道|晓得|明白|没事|就这样)了|收到|明白|行|可以|对的?|是的?|没事|不用|(?:哈|呵|嘿){2,}"
)
_MISSAID: Final = re.compile(
    r"(?:不对(?![劲头])|错了|我?(?:说|打|写|搞|报)错了?|应该是)[\s,，。!！]*.{0,20}"
)
_STANCE: Final = re.compile(
    r".{0,12}(?:不?同意|不?赞成|反对|支持|弃权)(?:的|了|啊)*|我(?:要|想)?[选投](?!诉).{1,12}"
)
"""What answers a vote or a survey that is shown elsewhere."""
_ASKS_ABOUT_OWN: Final = re.compile(
    r"我(?:家)?(?:的|报的|说的)?.{0,12}(?:怎么?样了?|修好了?没有?|修好了?吗|好了?没有?|处理.{0,4})|"
    r"(?:到底)?(?:什么时候|啥时候|几时|哪天)(?:才|能|会|可以)*(?:来|修|弄|办|处理).{0,6}|"
    r"(?:怎么|为什么|咋)?(?:都)?(?:还|老)?(?:是)?[没不](?:有)?人?[来修管].{0,6}|"
    r"有人(?:来|修|管)了?[吗没]?.{0,4}"
)
"""What people ask about a report of theirs."""
_CANCEL: Final = re.compile(r"取消|算了|不用了|返回|退出|cancel")
_OWN_DATA: Final = re.compile(
    r".*(?:删除?|注销|查看).{0,4}(?:我的?)?(?:信息|数据|资料|账号)|delete my (?:data|account)"
)
_NO_REPORT: Final = re.compile(
    r"[\W_]*\d[\W\d]*|报\s*\d+|人工|客服|(?:怎么|如何|什么时候|为什么|能不能|可不可以|哪里|哪儿|谁).*|"
    r".*(?:电话多少|电话是多少|几点|多少钱|在哪里?|怎么(?:弄|用|说|投票))|"
    r"(?!.*(?:[坏漏堵脏臭吵裂破断松]|不亮|停[水电])).*怎么办|(?:(\w)\1{2,}\W*)+"
)
"""Numbers, questions and a child's keys: reported to a whole building they would help nobody."""
_END: Final = " .!?~,。"


def help_row() -> Row:
    """The same 帮助 button everywhere."""
    return (button(REGISTRY.commands["help"].handler),)


def _own(key: str) -> tuple[Row, ...]:
    """What an answer leads to besides the help."""
    return tuple((button(REGISTRY.commands[code].handler),) for code in _LEADS_TO.get(key, ()))


def private_button() -> Button:
    """A button that leads to our private chat."""
    return Button(Words("button.private"), "", opens_private=True)


def taps() -> tuple[Row, ...]:
    """What a stranger needs: say where they live, use a code, read more."""
    handler = {code: REGISTRY.commands[code].handler for code in ("join", "code")}
    return (
        (button(handler["join"], "button.join"),),
        (button(handler["code"], "button.code"),),
        help_row(),
    )


async def stranger(ask: Ask) -> Reply | None:
    """Greet whoever has not joined yet: once in a group, whenever they write in private."""
    is_first = await ask.unit.chats.greet(ask.chat.id, ask.actor.id)
    if ask.incoming.press is not None:
        return Reply("hello.not_joined", is_brief=True)
    if not ask.chat.is_private and not is_first:
        return None
    place = ask.place.name if ask.place else ""
    return Reply("hello.stranger", {"name": ask.actor.name, "place": place}, taps())


async def unclear(ask: Ask) -> Reply | None:
    """Answer what is no command: silence in a busy group, an offer in private."""
    if not ask.chat.is_private and not ask.incoming.is_addressed:
        return None
    if ask.actor.is_stranger:
        return await stranger(ask)
    words = cleaned(ask.incoming.text)
    if words and (waiting := await _undecided(ask)) is not None:
        return waiting
    said = folded(words).strip(_END)
    for key, pattern in _ANSWERS.items():
        if said and pattern.fullmatch(said):
            return Reply(key, buttons=(*_own(key), help_row()))
    if words and _SMALL_TALK.fullmatch(said):
        return await REGISTRY.commands["help"].handler(ask)  # type: ignore[no-any-return]
    is_report = bool(ask.incoming.pictures) or (said != "" and not _NO_REPORT.fullmatch(said))
    may = ask.actor.can(Ability.REPORT_ISSUE)
    if may and _ASKS_ABOUT_OWN.fullmatch(said) and await ask.unit.issues.mine(ask.actor):
        return await REGISTRY.commands["mine"].handler(ask)  # type: ignore[no-any-return]
    if not (is_report and may):
        return Reply("hello.unclear", buttons=(*(_own("hello.unclear") if may else ()), help_row()))
    return await offer_report(ask, words[:MAX_WORDS])


async def _undecided(ask: Ask) -> Reply | None:
    """That what was read back still waits, where words came instead of a tap; None for nothing.

    What was merely offered as a report waits for nothing: the next sentence takes its place.
    """
    draft = await ask.unit.chats.draft(ask.actor.id, ask.chat.id)
    if draft is None or draft.asking != CONFIRMED or draft.command == "issue":
        return None
    menu = await ask.unit.chats.menus.of(ask.chat.id, ask.actor.id)
    if not any(confirms(call) for call in menu):
        return None
    yes = Button(Words(f"yes.{draft.command}"), YES)
    rows = ((yes,), (Button(Words("button.leave_it"), CANCEL),))
    said = shortened(cleaned(ask.incoming.text), 40)
    return Reply("hello.undecided", {"words": Typed(said)}, rows)


_ANSWERS: Final = {
    "hello.thanks": _THANKS,
    "hello.nothing_open": _CANCEL,
    "hello.your_data": _OWN_DATA,
    "hello.fine": _FINE,
    "hello.say_whole": _MISSAID,
    "hello.stance": _STANCE,
}
"""What is said without a command and has an answer of its own."""
_LEADS_TO: Final = {
    "hello.your_data": ("mydata",),
    "hello.unclear": ("issue", "mine"),
    "hello.say_whole": ("mine",),
    "hello.stance": ("polls", "surveys", "motions"),
}
"""Answer → commands that stand under it before the help."""


async def offer_report(ask: Ask, words: str) -> Reply:
    """Somebody just says what is broken: offer to report it, with one tap."""
    report = REGISTRY.commands["issue"].handler
    pictures = await ask.keep_pictures()
    yes = await ask.confirm(report, {"what": words, "photos": pictures})
    no = Button(Words("button.cancel"), "=cancel")
    shown = Typed(shortened(words, 60)) if words else Words("issue.only_photo")
    key = "hello.emergency" if is_emergency(words) else "hello.report_this"
    return Reply(key, {"words": shown}, ((yes, no), help_row()))


async def into_group(unit: Unit, event: ChatEvent) -> None:
    """Say who we are when we are added to a group, and what staff has to do."""
    chat = await unit.chats.met(event.platform, event.chat, is_private=False)
    await unit.chats.back(event.platform, event.chat)
    community = await unit.places.community(chat.community_id) if chat.community_id else None
    key = "hello.back" if chat.place_id else "hello.group"
    await Teller(unit, community).chat(chat, Reply(key, buttons=(help_row(),)))
