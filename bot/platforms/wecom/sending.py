"""Sending 发信: one post → the messages that bring it where it belongs."""

import hashlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.platforms.wecom import cards
from bot.platforms.wecom.cards import Labels
from bot.platforms.wecom.connection import Offline, Refused, Unknown
from bot.platforms.wecom.media import Budget
from bot.platforms.wecom.rendering import numbered, parts, plain, taps
from bot.platforms.wecom.timing import Timing
from bot.platforms.wecom.ways import (
    BAD_MEDIA,
    TASK_ID_USED,
    TOO_LATE,
    Opening,
    Waiting,
    Way,
    send_error,
)
from handlers.messages import OPEN_PRIVATE, Shown, unpacked
from storage.outbox import Post, Priority
from storage.photos import StoredPhoto

log = logging.getLogger("mulin.wecom")

Json = dict[str, Any]
LoadPhoto = Callable[[int], Awaitable[StoredPhoto | None]]
"""A stored picture by its id; None where it was deleted meanwhile."""
DrawCard = Callable[[int, str], Awaitable[Shown | None]]
"""A card of ours in a chat as it stands now; None where it may not be seen any more."""

MAX_REMEMBERED: Final = 500
MEDIA_LASTS_S: Final = 2.5 * 24 * 3600
"""How long an uploaded picture is used again; WeCom keeps it for three days."""


@dataclass(frozen=True, slots=True)
class Step:
    """One message: ``kind`` is ``text``, ``card``, ``image`` or ``file``.

    ``name`` and ``file`` are of a picture or a file: the name that people see, the stored id.
    """

    kind: str
    text: str = ""
    file: int = 0
    name: str = ""


class Sender:
    """Brings posts to WeCom. Without ``has_cards`` buttons are lines that a number answers."""

    def __init__(
        self,
        way: Way,
        waiting: Waiting,
        labels: Labels,
        *,
        load_photo: LoadPhoto,
        draw: DrawCard,
        timing: Timing,
        has_cards: bool,
    ) -> None:
        self._way = way
        self._waiting = waiting
        self._labels = labels
        self._load_photo = load_photo
        self._draw = draw
        self._timing = timing
        self._has_cards = has_cards
        self._arrived: OrderedDict[int, int] = OrderedDict()
        self._media: OrderedDict[int, tuple[str, float]] = OrderedDict()
        self._alike: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._uploads = Budget()
        self._shown: OrderedDict[str, Shown] = OrderedDict()

    async def send(self, post: Post) -> str | None:
        """Send a message or answer a tap; the card's task, where it is one.

        Raises:
            SendError: It did not arrive, or nobody knows.
        """
        shown = unpacked(post.body)
        if post.kind == "edit":
            return post.ref  # what stands in a chat stays as it is
        try:
            if post.kind == "toast":
                await self._toast(post, shown)
                return None
            return await self._message(post, shown)
        except (Refused, Unknown, Offline) as error:
            if isinstance(error, Refused):
                log.warning("refused", extra={"event": "wecom_refused", "code": error.code})
            raise send_error(error, is_group=is_group(post.address)) from error

    def steps(self, post: Post, shown: Shown) -> list[Step]:
        """The messages that a post becomes, in order."""
        steps = self._files(shown)
        has_card = self._has_cards and cards.card(shown, "c0-0", self._labels) is not None
        if not has_card or not cards.is_whole(shown):
            steps += _texts(self._words(post, shown))
        if has_card:
            steps.append(Step("card"))
        return steps or [Step("text", text="…")]

    # Messages

    async def _message(self, post: Post, shown: Shown) -> str:
        steps = self.steps(post, shown)
        opening = None
        if post.priority is Priority.ANSWER:
            or_newest = not (is_group(post.address) and self._way.pushes)
            opening = self._waiting.opening(post.address, shown.reply_to, or_newest=or_newest)
        ref = str(post.id)
        # A later try goes on behind the parts that have arrived, so that none comes twice.
        for number in range(self._arrived.get(post.id, 0), len(steps)):
            body, task_id = await self._body(post, shown, steps[number])
            if body is not None:
                opening = await self._said(post, opening, body)
            if task_id:
                ref = task_id
                _remember(self._shown, task_id, shown)
            _remember(self._arrived, post.id, number + 1)
        self._arrived.pop(post.id, None)
        return ref

    async def _said(self, post: Post, opening: Opening | None, body: Json) -> Opening | None:
        """Answer, or push where that cannot be; the opening that is still there."""
        is_file = body["msgtype"] in {"image", "file"}
        if opening is not None and not (is_file and opening.is_welcome):
            try:
                await self._way.answer(opening, as_answer(body, is_welcome=opening.is_welcome))
                return None
            except Refused as refused:
                if refused.code not in TOO_LATE:
                    raise
        try:
            await self._way.push(post.address, body)
        except Refused as refused:
            if refused.code == BAD_MEDIA:
                self._media.clear()
                self._alike.clear()
            if refused.code != TASK_ID_USED or body["msgtype"] != "template_card":
                raise
            body["template_card"]["task_id"] = cards.new_task_id(post)
            await self._way.push(post.address, body)
        return None

    async def _body(self, post: Post, shown: Shown, step: Step) -> tuple[Json | None, str]:
        """A message as WeCom takes it, and the task of a card; None for a deleted file."""
        if step.file:
            media_id = await self._media_id(step)
            found = {"msgtype": step.kind, step.kind: {"media_id": media_id}}
            return found if media_id else None, ""
        if step.kind == "text":
            return {"msgtype": "markdown", "markdown": {"content": step.text}}, ""
        task_id = cards.new_task_id(post)
        card = cards.card(shown, task_id, self._labels)
        return {"msgtype": "template_card", "template_card": card}, task_id

    def _files(self, shown: Shown) -> list[Step]:
        if not self._way.has_files:
            return []
        if shown.document is not None:
            return [Step("file", file=shown.document.file, name=shown.document.name)]
        return [Step("image", file=shown.photo)] if shown.photo is not None else []

    async def _media_id(self, step: Step) -> str:
        known = self._media.get(step.file)
        if known is not None and self._timing.now() - known[1] < MEDIA_LASTS_S:
            return known[0]
        stored = await self._load_photo(step.file)
        if stored is None:
            return ""
        digest = hashlib.sha256(stored.content).hexdigest()
        alike = self._alike.get(digest)
        if alike is not None and self._timing.now() - alike[1] < MEDIA_LASTS_S:
            return alike[0]
        self._uploads.take(self._timing.now())
        picture = f"{self._labels['picture']}.{'png' if stored.mime == 'image/png' else 'jpg'}"
        media_id = await self._way.upload(step.kind, step.name or picture, stored.content)
        for known_by, key in ((self._media, step.file), (self._alike, digest)):
            _remember(known_by, key, (media_id, self._timing.now()))
        return media_id

    def _words(self, post: Post, shown: Shown) -> str:
        """The words, and how to answer where nothing can be tapped."""
        in_group = is_group(post.address)
        lines = [shown.text]
        private = [label for row in shown.buttons for label, call in row if call == OPEN_PRIVATE]
        lines += [self._labels["write_alone"].replace("{label}", label) for label in private]
        if taps(shown):
            lines += ["", *numbered(shown)]
            lines.append(self._labels["answer_by_number" if in_group else "number_alone"])
        elif shown.asks and in_group:
            lines.append(self._labels["answer_here"])
        return "\n".join(lines)

    # Taps

    async def _toast(self, post: Post, note: Shown) -> None:
        """Answer a tap on the card itself, for whoever tapped; a late answer comes in private."""
        userid, _, req_id = (post.ref or "").partition("|")
        tap = self._waiting.tap(req_id)
        if tap is None:
            return await self._told_alone(userid, note)
        now = await self._seen(tap.task_id, post.address)
        card = cards.updated(now, tap, note.text, self._labels)
        body = {"response_type": "update_template_card", "userids": [userid], "template_card": card}
        try:
            await self._way.update(req_id, body)
        except Refused:
            await self._told_alone(userid, note)
            raise
        if now is not None:
            _remember(self._shown, tap.task_id, now)
        return None

    async def _seen(self, task_id: str, address: str) -> Shown | None:
        card_id = cards.card_id_of(task_id)
        if card_id is not None:
            return await self._draw(card_id, address)
        return self._shown.get(task_id)

    async def _told_alone(self, userid: str, note: Shown) -> None:
        if note.text and userid:
            body = {"msgtype": "markdown", "markdown": {"content": plain(note.text)}}
            await self._way.push(f"@{userid}", body)


def is_group(address: str) -> bool:
    """Private chats start with an ``@``."""
    return not address.startswith("@")


def as_answer(body: Json, *, is_welcome: bool) -> Json:
    """A message as an answer: a text is a stream that ends with its first frame."""
    if body["msgtype"] != "markdown":
        return body
    content = body["markdown"]["content"]
    if is_welcome:
        return {"msgtype": "text", "text": {"content": content}}
    stream_id = f"stream_{int(time.time() * 1000)}_{secrets.token_hex(4)}"
    stream = {"id": stream_id, "finish": True, "content": content}
    return {"msgtype": "stream", "stream": stream}


def _texts(words: str) -> Sequence[Step]:
    return [Step("text", text=part) for part in parts(plain(words)) if part]


def _remember(known: OrderedDict[Any, Any], key: object, value: object) -> None:
    """Keep ``value``, and forget the oldest beyond what is useful."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > MAX_REMEMBERED:
        known.popitem(last=False)
