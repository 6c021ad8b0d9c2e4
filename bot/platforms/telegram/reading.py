"""Reading 来信: an update → what the router understands, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from bot.platforms.telegram.wire import (
    GROUPS,
    CallbackQuery,
    Document,
    Entity,
    Me,
    MemberChange,
    Message,
    Update,
    User,
)
from domain.sheets import is_sheet
from handlers.messages import ChatChange, ChatEvent, Incoming, Press

NAME: Final = "telegram"
HELLO: Final = "hi"
"""What our own link to the private chat carries; any other word in such a link is a code."""
ENTRY: Final = "in_"
"""Begins the word of a link that checks in at a meeting."""
GREETING: Final = "/start"

_OUTSIDE: Final = frozenset({"left", "kicked"})
_MAX_NAME: Final = 60


class Heard(msgspec.Struct, frozen=True):
    """What somebody said, and the files of the pictures that go with it.

    Attributes:
        sheet: A spreadsheet that was sent to us alone; a group's files are its own business.
        is_anonymous: An administrator hides behind the group, so that nobody can tell who it is.
    """

    incoming: Incoming
    file_ids: tuple[str, ...] = ()
    is_anonymous: bool = False
    sheet: Document | None = None


@dataclass(slots=True)
class Lens:
    """Reads updates with the eyes of one bot."""

    me: Me
    _mention: str = field(init=False)

    def __post_init__(self) -> None:
        self._mention = f"@{self.me.username}".lower()

    def read_all(self, updates: Sequence[Update]) -> Heard | ChatEvent | None:
        """An update, or the photos of an album as the one message that its sender sees."""
        found = [each for update in updates if (each := self.read(update)) is not None]
        if len(found) < 2 or not isinstance(found[0], Heard):
            return found[0] if found else None
        first, others = found[0], found[1:]
        photos = [first, *(other for other in others if isinstance(other, Heard))]
        said = next((each.incoming for each in photos if each.incoming.text), first.incoming)
        incoming = msgspec.structs.replace(said, delivery=first.incoming.delivery)
        return Heard(incoming, tuple(f for p in photos for f in p.file_ids), first.is_anonymous)

    def read(self, update: Update) -> Heard | ChatEvent | None:
        """What an update says; None for what does not concern us."""
        if update.callback_query is not None:
            return self._pressed(update.update_id, update.callback_query)
        if update.my_chat_member is not None:
            return _membership(update.update_id, update.my_chat_member)
        message = update.message or update.edited_message
        if message is None:
            return None
        if update.message is not None:
            moved = _moved(message)
            if moved is not None:
                return moved
        return self._said(update.update_id, message, is_edit=update.message is None)

    def _said(self, number: int, message: Message, *, is_edit: bool) -> Heard | None:
        is_private = message.chat.type == "private"
        if not is_private and message.chat.type not in GROUPS:
            return None
        is_anonymous = _is_anonymous(message)
        if not is_anonymous and not _is_by_person(message):
            return None
        said = self._words(message, is_private=is_private)
        file_id = _picture(message)
        if said is None or not (said[0] or file_id or (is_private and _is_wordless(message))):
            return None
        who = message.from_
        incoming = Incoming(
            platform=NAME,
            delivery=str(number),
            chat=str(message.chat.id),
            is_private=is_private,
            account="" if is_anonymous or who is None else str(who.id),
            name="" if who is None else _name(who),
            text=said[0],
            thread=str(message.message_thread_id) if message.is_topic_message else None,
            ref=str(message.message_id),
            is_addressed=said[1] or self._is_reply_to_us(message),
            is_edit=is_edit,
        )
        sheet = _sheet(message) if is_private else None
        return Heard(incoming, (file_id,) if file_id else (), is_anonymous, sheet)

    def _words(self, message: Message, *, is_private: bool) -> tuple[str, bool] | None:
        """Text without what names us, and whether it did; None where it is for another bot."""
        text = message.text or message.caption
        is_addressed = False
        for entity in reversed(message.entities or message.caption_entities):
            if entity.type not in {"mention", "text_mention", "bot_command"}:
                continue
            before, marked, after = _cut(text, entity)
            if entity.type == "bot_command":
                word, _, whom = marked.partition("@")
                if whom and f"@{whom}".lower() != self._mention:
                    if not before.strip():
                        return None
                    continue
                is_addressed = is_addressed or bool(whom)
                text = before + word + after
            elif self._is_us(entity, marked):
                is_addressed = True
                text = f"{before.rstrip()} {after.lstrip()}".strip()
        return (_unlinked(text) if is_private else text), is_addressed

    def _is_us(self, entity: Entity, marked: str) -> bool:
        if entity.type == "text_mention":
            return entity.user is not None and entity.user.id == self.me.id
        return marked.lower() == self._mention

    def _is_reply_to_us(self, message: Message) -> bool:
        """A reply to our message; every message of a topic formally replies to its first one."""
        to = message.reply_to_message
        if to is None or to.from_ is None or to.from_.id != self.me.id:
            return False
        return not (message.is_topic_message and to.message_id == message.message_thread_id)

    def _pressed(self, number: int, query: CallbackQuery) -> Heard | None:
        on = query.message
        if on is None or not query.data or query.from_.is_bot or on.chat.type == "channel":
            return None
        incoming = Incoming(
            platform=NAME,
            delivery=str(number),
            chat=str(on.chat.id),
            is_private=on.chat.type == "private",
            account=str(query.from_.id),
            name=_name(query.from_),
            thread=str(on.message_thread_id) if on.is_topic_message else None,
            ref=str(on.message_id),
            press=Press(query.data, query.id),
        )
        return Heard(incoming)


def _name(who: User) -> str:
    """A name in the order in which its language says it: 王芳, but Ann Lee."""
    first, last = who.first_name, who.last_name
    full = f"{first} {last}" if (first + last).isascii() else f"{last}{first}"
    return full.strip()[:_MAX_NAME]


def _moved(message: Message) -> ChatEvent | None:
    """A group that got a new address; both chats tell it, so both tell it under one name."""
    old, new = message.chat.id, message.migrate_to_chat_id
    if message.migrate_from_chat_id is not None:
        old, new = message.migrate_from_chat_id, message.chat.id
    if new is None:
        return None
    return ChatEvent(NAME, f"moved:{old}:{new}", str(old), False, ChatChange.MOVED, str(new))


def _membership(number: int, change: MemberChange) -> ChatEvent | None:
    is_private = change.chat.type == "private"
    if not is_private and change.chat.type not in GROUPS:
        return None
    was, now = (
        member.status not in _OUTSIDE and (member.status != "restricted" or member.is_member)
        for member in (change.old_chat_member, change.new_chat_member)
    )
    if was == now:
        return None
    what = ChatChange.ADDED if now else ChatChange.REMOVED
    return ChatEvent(NAME, str(number), str(change.chat.id), is_private, what)


def _is_anonymous(message: Message) -> bool:
    return message.sender_chat is not None and message.sender_chat.id == message.chat.id


def _is_by_person(message: Message) -> bool:
    """Whether one person stands behind it: no channel, no other bot, nothing automatic."""
    if message.sender_chat is not None or message.is_automatic_forward:
        return False
    return message.from_ is not None and not message.from_.is_bot


def _picture(message: Message) -> str:
    """The file of the largest photo, or of an image sent as a file."""
    if message.photo:
        return max(message.photo, key=lambda size: size.width * size.height).file_id
    if message.document is not None and message.document.mime_type.startswith("image/"):
        return message.document.file_id
    return ""


def _sheet(message: Message) -> Document | None:
    """A spreadsheet, by its name."""
    document = message.document
    return document if document is not None and is_sheet(document.file_name) else None


def _is_wordless(message: Message) -> bool:
    """A voice message and the like: not understood, but in private not passed over either."""
    return any(
        part is not None
        for part in (
            message.voice,
            message.audio,
            message.video,
            message.video_note,
            message.sticker,
            message.location,
            message.contact,
            message.document,
        )
    )


def _unlinked(text: str) -> str:
    """``/start CODE`` of a link as the words that a neighbour would type."""
    head, _, payload = text.partition(" ")
    payload = payload.strip()
    if head != GREETING or not payload:
        return text
    if payload == HELLO:
        return GREETING
    if payload.startswith(ENTRY):
        return f"签到 {payload.removeprefix(ENTRY)}"
    return f"邀请码 {payload}"


def _cut(text: str, entity: Entity) -> tuple[str, str, str]:
    """Before, inside and behind an entity, which counts in UTF-16 code units."""
    start, end = entity.offset, entity.offset + entity.length
    if text[:end].isascii():
        return text[:start], text[start:end], text[end:]
    units = text.encode("utf-16-le", "surrogatepass")
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    parts = (units[:start], units[start:end], units[end:])
    before, inside, behind = (part.decode("utf-16-le", "replace") for part in parts)
    return before, inside, behind
