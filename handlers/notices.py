"""Notices 公告、辟谣: read back, posted on one card in every group, listed, withdrawn."""

from collections.abc import Sequence

from msgspec.structs import replace

from domain import notices as rules
from domain.notices import Notice, NoticeKind
from domain.people import Ability
from domain.places import within
from domain.text import shortened
from handlers.ask import CANCEL_ROW, Ask
from handlers.kinds import FreeText
from handlers.messages import Reply, Typed, Words
from handlers.notice_kinds import NoticeKindName, NoticeNumber
from handlers.numbers import carried
from handlers.registry import button, command, press
from storage.outbox import Priority


@command("公告", "通知", "notice", may=Ability.POST_NOTICE, section="notices", everyday=("通知",))
async def notice(ask: Ask, text: FreeText) -> Reply:
    """Prepare a notice; nobody reads it before it has been read back."""
    return await _read_back(ask, NoticeKind.NOTICE, text)


@command("辟谣", "clarify", may=Ability.POST_NOTICE, section="notices")
async def clarify(ask: Ask, text: FreeText) -> Reply:
    """Prepare to say that a rumour is not true, and what is."""
    return await _read_back(ask, NoticeKind.CLARIFICATION, text)


async def _read_back(ask: Ask, kind: NoticeKind, text: str) -> Reply:
    await _check_may(ask)
    yes = await ask.confirm(post, {"text": rules.checked_text(text), "kind": kind.value})
    facts = {"kind": kind, "text": Typed(text), "place": ask.here.name}
    return Reply("notice.read_back", facts, ((yes,), CANCEL_ROW))


async def _check_may(ask: Ask) -> None:
    if not ask.actor.can(Ability.POST_NOTICE, at=ask.here.path):
        raise await ask.not_allowed(Words("button.notice"), Ability.POST_NOTICE)


@press("noticepost", may=Ability.POST_NOTICE, only_confirmed=True)
async def post(ask: Ask, text: FreeText, kind: NoticeKindName) -> None:
    """Post it: one card, with one count, in every group of the place."""
    await _check_may(ask)
    made = Notice(
        id=0,
        community_id=ask.tenant.id,
        number=await ask.unit.places.next_number(ask.tenant.id, "notice"),
        place_id=ask.here.id,
        path=ask.here.path,
        author_id=ask.actor.id,
        kind=NoticeKind(kind),
        text=rules.checked_text(text),
        posted_at=ask.now,
    )
    made = await ask.unit.notices.add(made)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "notice", made.id, viewer=viewer, thread=ask.incoming.thread)
    await ask.tell.cards_below(made.path, "notice", made.id, but=ask.chat.id)


@press("readnotice", may=Ability.SEE_ISSUES)
async def read_notice(ask: Ask, number: NoticeNumber) -> Reply:
    """Say 知道了, once; every card counts it."""
    found = await ask.notice(number)
    rules.check_posted(found)
    is_new = await ask.unit.notices.read(found, ask.actor.id, ask.now)
    if is_new:
        await ask.tell.refresh("notice", found.id)
    facts = {"label": found.label, "count": found.readers + is_new}
    return Reply("notice.thanks" if is_new else "notice.known", facts, is_brief=True)


@command("撤回公告", "withdrawnotice", may=Ability.POST_NOTICE, section="notices")
async def withdraw_notice(ask: Ask, number: NoticeNumber) -> Reply:
    """Ask whether a notice that is wrong shall be taken back."""
    found = await ask.notice(number)
    rules.withdrawn(found, by=ask.actor)
    yes = await ask.confirm(withdraw, {"number": carried(found)})
    facts = {"label": found.label, "text": Typed(shortened(found.text, 24))}
    return Reply("notice.withdraw_read_back", facts, ((yes,), CANCEL_ROW))


@press("noticewithdraw", may=Ability.POST_NOTICE, only_confirmed=True)
async def withdraw(ask: Ask, number: NoticeNumber) -> Reply:
    """Take it back; the groups are told by whom."""
    found = await ask.notice(number)
    await ask.unit.notices.withdraw(
        rules.withdrawn(found, by=ask.actor), by=ask.actor.id, now=ask.now
    )
    await ask.tell.refresh("notice", found.id)
    text = Typed(shortened(found.text, 24))
    reply = Reply(
        "notice.withdrawn", {"label": found.label, "text": text, "who": Typed(ask.actor.name)}
    )
    await ask.tell.groups_below(found.path, reply, but=ask.chat.id)
    return replace(reply, is_private=not _is_of_here(ask, found))


def _is_of_here(ask: Ask, found: Notice) -> bool:
    """Whether this chat may read of it; one of a grid stands in the groups of its buildings."""
    runs_here = ask.place is not None and within(ask.place.path, found.path)
    return runs_here or ask.is_of_here(found.path)


@command("公告列表", "notices", may=Ability.SEE_ISSUES, section="notices")
async def list_notices(ask: Ask) -> Reply:
    """The newest notices that concern the asker."""
    mine = await ask.unit.notices.newest_for(ask.actor)
    if not mine:
        return Reply("notice.none")
    found = [one for one in mine if _is_of_here(ask, one)]
    if not found:
        return replace(_listed(mine), is_private=True)
    return _listed(found)


def _listed(found: Sequence[Notice]) -> Reply:
    lines = [
        Words(
            "notice.line",
            {
                "label": n.label,
                "kind": n.kind,
                "text": Typed(shortened(n.text, 24)),
                "at": n.posted_at,
            },
        )
        for n in found
    ]
    rows = tuple(
        (button(show_notice, Typed(f"{n.label} {shortened(n.text, 12)}"), number=carried(n)),)
        for n in found
    )
    return Reply("notice.list", {"lines": lines}, rows)


@press("shownotice", may=Ability.SEE_ISSUES)
async def show_notice(ask: Ask, number: NoticeNumber) -> Reply | None:
    """A notice's card; a group sees what concerns its own place."""
    found = await ask.notice(number)
    if not _is_of_here(ask, found):
        is_sent = await ask.tell.person_card(ask.actor.id, "notice", found.id, Priority.ANSWER)
        return Reply("look_private" if is_sent else "only_private", is_brief=True)
    viewer = ask.actor if ask.chat.is_private else None
    await ask.tell.card(ask.chat, "notice", found.id, viewer=viewer, thread=ask.incoming.thread)
    return None
