"""Reading 来信: a callback → what the router understands, or nothing."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

import msgspec

from bot.platforms.wecom.wire import Callback, CardEvent, Media, Quote
from handlers.messages import Incoming, Press

NAME: Final = "wecom"
OPENED: Final = "opened"
"""What opening the private chat calls; the answer is who we are and what we can do."""
FORM: Final = "form|"
"""Begins the question of a ballot paper; behind it stands what handing it in calls."""
NO_CHOICE: Final = "-"

_AT: Final = "[@＠]"
_GAP: Final = r"[\s\u2005\u2002\u3000\u00a0]"
_UNSEEN: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_OTHER: Final = re.compile(rf"{_GAP}*{_AT}[^\s\u2005@＠]{{1,40}}(?:{_GAP}+|$)")
_WORDLESS: Final = frozenset({"voice", "file", "video", "location", "link"})
_MOST_WORDS_IN_A_NAME: Final = 4
_LONGEST_COMMAND: Final = 12


class Heard(msgspec.Struct, frozen=True):
    """What somebody said, and the pictures or the file that go with it, still on WeCom's store."""

    incoming: Incoming
    media: tuple[Media, ...] = ()
    file: Media | None = None


@dataclass(slots=True)
class Lens:
    """Reads callbacks with the eyes of one bot.

    Attributes:
        bot_name: The name under which people mention us; empty takes the first mention for ours.
        is_command: Whether a text begins with a command.
    """

    bot_name: str
    is_command: Callable[[str], bool]

    def read(self, callback: Callback, req_id: str) -> Heard | None:
        """What a callback says; None for what does not concern us."""
        if not callback.from_.userid or (callback.is_group and not callback.chatid):
            return None
        if callback.msgtype == "event":
            return self._happened(callback, req_id)
        text, media = "\n".join(_texts(callback)), tuple(_pictures(callback))
        text = self._bare(text, is_group=callback.is_group)
        text = self._with_quote(text, callback.quote)
        is_wordless = not callback.is_group and callback.msgtype in _WORDLESS
        if not (text or media or callback.is_group or is_wordless):
            return None
        return Heard(_incoming(callback, text), media, callback.file)

    def _happened(self, callback: Callback, req_id: str) -> Heard | None:
        event = callback.event
        if event is None:
            return None
        if event.eventtype == "enter_chat":
            said = _incoming(callback, "")
            return Heard(msgspec.structs.replace(said, press=Press(OPENED)))
        if event.template_card_event is None:
            return None
        press = Press(call_of(event.template_card_event), f"{callback.from_.userid}|{req_id}")
        return Heard(msgspec.structs.replace(_incoming(callback, ""), press=press))

    def _bare(self, text: str, *, is_group: bool) -> str:
        """A text without mentions of us, and without those before its command."""
        text = _UNSEEN.sub("", text)
        if self.bot_name:
            text = self._ours().sub(" ", normalize("NFC", text))
        elif is_group:
            text = _OTHER.sub("", text, count=1)
        text = text.strip().replace("\u2005", " ")
        return self._from_command(text) if _OTHER.match(text) else text

    def _ours(self) -> re.Pattern[str]:
        words = (re.escape(word) for word in normalize("NFC", self.bot_name).split())
        name = f"{_GAP}+".join(words)
        end = rf"(?:{_GAP}+|$|(?=[,，:：。.!！?？/／\n]))"
        # A name in Chinese is often run into what is said: @助手报事 ...
        is_ascii_end = self.bot_name[-1:].isascii() and self.bot_name[-1:].isalnum()
        return re.compile(rf"{_AT}{_GAP}*{name}{end if is_ascii_end else _GAP + '*'}", re.I)

    def _from_command(self, text: str) -> str:
        """What stands behind mentions of others; their names may have spaces in them."""
        while found := _OTHER.match(text):
            text = text[found.end() :].lstrip()
        first, rest = text, text
        for _ in range(_MOST_WORDS_IN_A_NAME):
            if self.is_command(rest):
                return rest
            rest = rest.partition(" ")[2].lstrip()
        return first

    def _with_quote(self, text: str, quote: Quote | None) -> str:
        """A bare command takes what is quoted for its words: 报事, said to a neighbour's words."""
        quoted = _UNSEEN.sub("", "\n".join(_quoted(quote))).strip() if quote is not None else ""
        is_bare = len(text) <= _LONGEST_COMMAND and " " not in text and self.is_command(text)
        return f"{text} {quoted}" if quoted and text and is_bare else text


def call_of(card: CardEvent) -> str:
    """What a tap on a card calls."""
    selected = card.selected_items.selected_item
    if not selected:
        return card.event_key
    first = selected[0]
    if first.question_key.startswith(FORM):
        picks = sorted(first.option_ids.option_id, key=lambda pick: pick.zfill(3))
        return f"{first.question_key.removeprefix(FORM)}:{'.'.join(picks) or NO_CHOICE}"
    return first.option_ids.option_id[0] if first.option_ids.option_id else card.event_key


def _incoming(callback: Callback, text: str) -> Incoming:
    who = callback.from_.userid
    return Incoming(
        platform=NAME,
        delivery=callback.msgid,
        chat=callback.address,
        is_private=not callback.is_group,
        account=who,
        name=who,
        text=text,
        ref=callback.msgid,
        is_addressed=callback.is_group,  # nothing else reaches us there
    )


def _texts(callback: Callback) -> Iterator[str]:
    for words in (callback.text, callback.voice):
        if words is not None:
            yield words.content
    for item in callback.mixed.msg_item if callback.mixed else ():
        if item.text is not None:
            yield item.text.content


def _pictures(callback: Callback) -> Iterator[Media]:
    """Those of the message, then those that it quotes: in a group that is how photos come."""
    for source in (callback, callback.quote):
        if source is None:
            continue
        if source.image is not None:
            yield source.image
        for item in source.mixed.msg_item if source.mixed else ():
            if item.image is not None:
                yield item.image


def _quoted(quote: Quote) -> Iterator[str]:
    for words in (quote.text, quote.voice):
        if words is not None:
            yield words.content
    for item in quote.mixed.msg_item if quote.mixed else ():
        if item.text is not None:
            yield item.text.content
