"""Wire 报文: the few fields of the Bot API that we read; everything else is skipped unread."""

from typing import Final

import msgspec

ALLOWED_UPDATES: Final = ["message", "edited_message", "callback_query", "my_chat_member"]
"""Kinds of update that we ask for; the Bot API keeps the others to itself."""

GROUPS: Final = frozenset({"group", "supergroup"})


class Present(msgspec.Struct):
    """Something of which only the presence matters (a voice message, a sticker)."""


class User(msgspec.Struct):
    """A Telegram account."""

    id: int
    is_bot: bool = False
    first_name: str = ""
    last_name: str = ""
    username: str = ""


class Me(User):
    """Our own account, as ``getMe`` tells it."""

    can_join_groups: bool = True
    can_read_all_group_messages: bool = False


class Chat(msgspec.Struct):
    """A chat; ``type`` is ``private``, ``group``, ``supergroup`` or ``channel``."""

    id: int
    type: str


class Entity(msgspec.Struct):
    """A marked part of a text; offset and length count UTF-16 code units."""

    type: str
    offset: int
    length: int
    user: User | None = None


class PhotoSize(msgspec.Struct):
    """One size of a photo."""

    file_id: str
    width: int = 0
    height: int = 0


class Document(msgspec.Struct):
    """A file sent as it is."""

    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int = 0


class RepliedTo(msgspec.Struct):
    """The message that is replied to."""

    message_id: int = 0
    from_: User | None = msgspec.field(default=None, name="from")


class Message(msgspec.Struct):
    """A message, as far as we care."""

    message_id: int
    chat: Chat
    from_: User | None = msgspec.field(default=None, name="from")
    sender_chat: Chat | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    reply_to_message: RepliedTo | None = None
    media_group_id: str = ""
    text: str = ""
    entities: list[Entity] = []
    caption: str = ""
    caption_entities: list[Entity] = []
    photo: list[PhotoSize] = []
    document: Document | None = None
    voice: Present | None = None
    audio: Present | None = None
    video: Present | None = None
    video_note: Present | None = None
    sticker: Present | None = None
    location: Present | None = None
    contact: Present | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None


class PressedOn(msgspec.Struct):
    """The message whose button was pressed; old ones come without their content."""

    message_id: int
    chat: Chat
    message_thread_id: int | None = None
    is_topic_message: bool = False


class CallbackQuery(msgspec.Struct):
    """A press on an inline button; ``data`` is whatever the client chose to send."""

    id: str
    from_: User = msgspec.field(name="from")
    message: PressedOn | None = None
    data: str = ""


class Member(msgspec.Struct):
    """Somebody's standing in a chat."""

    status: str
    is_member: bool = True


class MemberChange(msgspec.Struct):
    """Our own standing in a chat has changed."""

    chat: Chat
    old_chat_member: Member
    new_chat_member: Member


class Update(msgspec.Struct):
    """One update; at most one of its optional fields is there."""

    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: MemberChange | None = None

    @property
    def album(self) -> str:
        """The album that its photo belongs to, empty for none."""
        return self.message.media_group_id if self.message is not None else ""

    @property
    def lane(self) -> tuple[int, int] | None:
        """What is handled one after the other: a chat's messages, and each person's presses in it.

        A press answers what its message shows, so it need not wait for what others press or say.
        """
        press = self.callback_query
        if press is not None and press.message is not None:
            return press.message.chat.id, press.from_.id
        happened = self.message or self.edited_message or self.my_chat_member
        return (happened.chat.id, 0) if happened is not None else None


class _Numbered(msgspec.Struct):
    update_id: int


class SentMessage(msgspec.Struct):
    """What a sent message is called, and its photo's sizes."""

    message_id: int
    photo: list[PhotoSize] = []


class RemoteFile(msgspec.Struct):
    """Where a file can be fetched."""

    file_path: str = ""


class WebhookInfo(msgspec.Struct):
    """How the webhook is doing."""

    url: str = ""
    pending_update_count: int = 0
    last_error_message: str = ""


class BotCommand(msgspec.Struct):
    """One line of the command menu."""

    command: str
    description: str


_UPDATE: Final = msgspec.json.Decoder(Update)
_UPDATES: Final = msgspec.json.Decoder(list[Update])
_EACH: Final = msgspec.json.Decoder(list[msgspec.Raw])
_NUMBER: Final = msgspec.json.Decoder(_Numbered)


def updates_in(payload: bytes | msgspec.Raw) -> list[Update]:
    """Updates in a list; one that is malformed keeps its number and loses its content."""
    try:
        return _UPDATES.decode(payload)
    except msgspec.ValidationError:
        found = [update_in(each) for each in _EACH.decode(payload)]
        return [update for update in found if update is not None]


def update_in(payload: bytes | msgspec.Raw) -> Update | None:
    """One update; without content where it is malformed, None where it has no number even."""
    try:
        return _UPDATE.decode(payload)
    except msgspec.MsgspecError:
        try:
            return Update(_NUMBER.decode(payload).update_id)
        except msgspec.MsgspecError:
            return None
