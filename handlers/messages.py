"""Messages 消息: the neutral words between platforms and handlers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from domain.sheets import Sheet
from handlers.printouts import Printout


class Picture(msgspec.Struct, frozen=True):
    """A picture's bytes, already without EXIF, and their media type."""

    mime: str
    content: bytes


class Press(msgspec.Struct, frozen=True):
    """A tap on a button: its packed call, and the platform's names for the tap and the message."""

    call: str
    ref: str | None = None
    message: str | None = None


class Incoming(msgspec.Struct, frozen=True):
    """What one person said or tapped in one chat.

    Attributes:
        delivery: The platform's unique id of this delivery; the same one again changes nothing.
        chat: The platform's address of the chat; ``thread`` is a forum topic in it.
        account: The platform's address of the person.
        ref: The platform's name for the message itself.
        sheet: A spreadsheet that was sent, read to plain rows; ``unread`` tells why one was not
            (``refusal.sheet_<unread>`` are its words).
        is_addressed: Whether it is plainly meant for us (a mention, a reply to our message).
        is_edit: Whether it corrects an earlier message with the same ``ref``.
    """

    platform: str
    delivery: str
    chat: str
    is_private: bool
    account: str
    name: str
    text: str = ""
    thread: str | None = None
    ref: str | None = None
    press: Press | None = None
    pictures: tuple[Picture, ...] = ()
    sheet: Sheet | None = None
    unread: str = ""
    is_addressed: bool = False
    is_edit: bool = False


class ChatChange(StrEnum):
    """What can happen to us in a chat."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


class ChatEvent(msgspec.Struct, frozen=True):
    """We were added to a chat, removed or blocked, or the chat moved to ``new_address``."""

    platform: str
    delivery: str
    chat: str
    is_private: bool
    change: ChatChange
    new_address: str | None = None


Facts = Mapping[str, Any]


class Words(msgspec.Struct, frozen=True):
    """A key of ``texts/`` and the facts that fill it; put into words for each reader."""

    key: str
    facts: Facts = {}


class Typed(msgspec.Struct, frozen=True):
    """What a person typed; shown as it is, never looked up and never markup."""

    text: str


class Series(msgspec.Struct, frozen=True):
    """Several things that people typed, on one line; each language has its own comma."""

    parts: tuple[str, ...]


class Button(msgspec.Struct, frozen=True):
    """A label and the packed call that a tap makes (at most 64 bytes).

    ``opens_private`` asks the platform to lead to our private chat instead; the call ``COPY``
    copies the message's text where the platform can do that, and is left out where it cannot.
    """

    label: Words | Typed
    call: str
    opens_private: bool = False


Row = tuple[Button, ...]


class Bar(msgspec.Struct, frozen=True):
    """One bar: its label, how long it is, and what stands beside it."""

    label: str
    count: int
    note: str


class Chart(msgspec.Struct, frozen=True):
    """A bar chart in the words of one reader, drawn when it is sent.

    ``whole`` is what a full track stands for (all voters); 0 measures by the longest bar.
    """

    title: str
    bars: tuple[Bar, ...]
    footer: str
    whole: int = 0


class Document(msgspec.Struct, frozen=True):
    """A file that comes with a message: the id of what is stored, and the name that people see."""

    file: int
    name: str


class QrCode(msgspec.Struct, frozen=True):
    """A QR code, drawn when it is sent: a platform's own link with ``payload``, else ``link``."""

    payload: str
    link: str


class Form(msgspec.Struct, frozen=True, omit_defaults=True):
    """The buttons of a question as one form, for platforms that have ballot papers.

    Attributes:
        call: What a form that is handed in calls, with what was chosen behind it
            (``handin:5.1`` → ``handin:5.1:0.2``); the options are numbered from 0, none is ``-``.
        options: What can be chosen; each is also a button, the first ones of the message.
        counts: How often each was chosen; empty where nobody may know yet.
        several: Whether more than one can be chosen.
        note: One line more: until when, how it stands.
        is_open: Whether it can still be handed in.
    """

    call: str
    title: str
    options: tuple[str, ...]
    counts: tuple[int, ...] = ()
    several: bool = False
    note: str = ""
    is_open: bool = True


class BallotPaper(msgspec.Struct, frozen=True):
    """A ``Form`` whose note is not in words yet."""

    form: Form
    note: Words


class Reply(msgspec.Struct, frozen=True):
    """An answer: words, rows of buttons, a picture, a chart or a document.

    Attributes:
        is_private: It is for the asker alone; in a group they are told to look in private.
        is_brief: It answers a tap with a passing note and leaves no message.
        is_once: One tap answers it; our own page then greys its buttons.
        is_fleeting: Its words are nowhere kept by us once they were read (secret ballots).
        paper: The buttons as a ballot paper, for platforms that have such.
    """

    key: str
    facts: Facts = {}
    buttons: tuple[Row, ...] = ()
    photo_id: int | None = None
    is_private: bool = False
    is_brief: bool = False
    is_once: bool = False
    is_fleeting: bool = False
    chart: Chart | None = None
    document: Document | None = None
    printout: Printout | None = None
    qr: QrCode | None = None
    paper: BallotPaper | None = None

    @property
    def words(self) -> Words:
        """Key and facts."""
        return Words(self.key, self.facts)


class Shown(msgspec.Struct, omit_defaults=True):
    """A message in one reader's language, as the outbox keeps it and a platform renders it.

    Attributes:
        text: Plain text; the first line is the title. What people typed is in it as it is.
        buttons: Rows of ``[label, call]``; ``call`` ``@private`` opens our private chat.
        photo: Id of a stored picture.
        asks: Whether an answer in words is expected (Telegram opens the reply field for it).
        alert: Whether a passing note needs a tap to go away.
        chart: Drawn into ``photo`` before it is sent, where there is a Chinese font.
        document: A stored file to be downloaded; a message has a picture or a document.
        fleeting: What takes the place of the words where we keep them ourselves; empty where
            they stay.
        qr: Drawn into ``photo`` before it is sent.
        printout: Made into ``document`` before it is sent.
        form: The buttons as a ballot paper, for platforms that have such.
        once: Whether one tap answers it; ``answered`` is that tap's call.
    """

    text: str
    buttons: list[list[list[str]]] = []
    photo: int | None = None
    asks: bool = False
    reply_to: str | None = None
    alert: bool = False
    chart: Chart | None = None
    document: Document | None = None
    fleeting: str = ""
    qr: QrCode | None = None
    printout: Printout | None = None
    form: Form | None = None
    once: bool = False
    answered: str = ""

    @property
    def file_id(self) -> int | None:
        """Id of the stored file that belongs to the message, a picture or a document."""
        return self.document.file if self.document else self.photo


OPEN_PRIVATE = "@private"
"""The call of a button that leads to our private chat."""
COPY = "@copy"
"""The call of a button that copies the text of its message."""
NOT_FOR_US = frozenset({OPEN_PRIVATE, COPY})
"""Calls that the platform answers by itself; they have no number."""


def packed(shown: Shown) -> str:
    """``shown`` as the outbox stores it."""
    return msgspec.json.encode(shown).decode()


_DECODER = msgspec.json.Decoder(Shown)


def unpacked(body: str) -> Shown:
    """What the outbox stored."""
    return _DECODER.decode(body)
