"""Wire 报文: the few fields of WeCom's frames that we read, and the frames that we write."""

import re
import secrets
import time
from typing import Any, Final

import msgspec

SUBSCRIBE: Final = "aibot_subscribe"
PING: Final = "ping"
RESPOND: Final = "aibot_respond_msg"
WELCOME: Final = "aibot_respond_welcome_msg"
UPDATE: Final = "aibot_respond_update_msg"
SEND: Final = "aibot_send_msg"
UPLOAD_INIT: Final = "aibot_upload_media_init"
UPLOAD_CHUNK: Final = "aibot_upload_media_chunk"
UPLOAD_FINISH: Final = "aibot_upload_media_finish"
MESSAGE: Final = "aibot_msg_callback"
EVENT: Final = "aibot_event_callback"

SINGLE: Final = 1
GROUP: Final = 2
"""``chat_type`` of a push; always told, since WeCom else tries one after the other."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")


class Headers(msgspec.Struct):
    """What ties an answer to what it answers."""

    req_id: str = ""


class Frame(msgspec.Struct):
    """One frame: a callback has ``cmd``, an acknowledgement has ``errcode``."""

    headers: Headers = msgspec.field(default_factory=Headers)
    cmd: str = ""
    errcode: int = 0
    errmsg: str = ""
    body: msgspec.Raw = msgspec.Raw(b"{}")


class Words(msgspec.Struct):
    """A text, or what a voice message was heard as."""

    content: str = ""


class Media(msgspec.Struct):
    """A file on WeCom's store, encrypted; its address is good for five minutes."""

    url: str = ""
    aeskey: str = ""


class Item(msgspec.Struct):
    """One part of a mixed message."""

    msgtype: str = ""
    text: Words | None = None
    image: Media | None = None


class Mixed(msgspec.Struct):
    """Texts and pictures in one message."""

    msg_item: list[Item] = []


class Quote(msgspec.Struct):
    """What a message quotes; it does not tell which message that was."""

    msgtype: str = ""
    text: Words | None = None
    voice: Words | None = None
    image: Media | None = None
    mixed: Mixed | None = None


class Sender(msgspec.Struct):
    """Who wrote or tapped; WeCom tells no name."""

    userid: str = ""


class OptionIds(msgspec.Struct):
    """What was chosen for one question."""

    option_id: list[str] = []


class Selected(msgspec.Struct):
    """One question of a card and what was chosen."""

    question_key: str = ""
    option_ids: OptionIds = msgspec.field(default_factory=OptionIds)


class SelectedItems(msgspec.Struct):
    """All questions of a card."""

    selected_item: list[Selected] = []


class CardEvent(msgspec.Struct):
    """A tap on a card."""

    card_type: str = ""
    event_key: str = ""
    task_id: str = ""
    selected_items: SelectedItems = msgspec.field(default_factory=SelectedItems)


class Event(msgspec.Struct):
    """What happened; the details stand under the event's own name."""

    eventtype: str = ""
    template_card_event: CardEvent | None = None


class Callback(msgspec.Struct):
    """A message or an event."""

    msgid: str = ""
    chatid: str = ""
    chattype: str = "single"
    from_: Sender = msgspec.field(default_factory=Sender, name="from")
    msgtype: str = ""
    response_url: str = ""
    text: Words | None = None
    voice: Words | None = None
    image: Media | None = None
    file: Media | None = None
    mixed: Mixed | None = None
    quote: Quote | None = None
    event: Event | None = None

    @property
    def is_group(self) -> bool:
        """Whether it happened in a group."""
        return self.chattype == "group"

    @property
    def address(self) -> str:
        """The chat in which it happened; the one with a person is named after them, with an @."""
        return self.chatid if self.is_group else f"@{self.from_.userid}"

    @property
    def card(self) -> CardEvent | None:
        """The tap, if it is one."""
        return self.event.template_card_event if self.event else None


class UploadBegun(msgspec.Struct):
    """What an upload is called."""

    upload_id: str = ""


class Uploaded(msgspec.Struct):
    """What the uploaded file is called, for three days."""

    media_id: str = ""


_FRAME: Final = msgspec.json.Decoder(Frame)
_CALLBACK: Final = msgspec.json.Decoder(Callback)


def frame_in(text: str | bytes) -> Frame | None:
    """One frame; None for what is none. Control characters, which WeCom lets slip in, go."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    try:
        return _FRAME.decode(_CONTROL.sub("", text))
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def callback_in(body: msgspec.Raw | bytes) -> Callback | None:
    """A message or an event; None where it is malformed or nobody's."""
    try:
        found = _CALLBACK.decode(body)
    except msgspec.MsgspecError:
        return None
    return found if found.msgid and found.msgtype else None


def new_req_id(cmd: str) -> str:
    """A name for a request of ours, in the form that Tencent's own client uses."""
    return f"{cmd}_{int(time.time() * 1000)}_{secrets.token_hex(4)}"


def frame(cmd: str, req_id: str, body: Any = None) -> str:
    """A frame as it is sent."""
    found: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
    if body is not None:
        found["body"] = body
    return msgspec.json.encode(found).decode()
