"""Sending 发信: one post → the calls that bring it where it belongs."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Final

from telegram.error import TelegramError

from bot.platforms.base import Pace
from bot.platforms.telegram.api import (
    NO_THREAD,
    NOT_CHANGED,
    UPLOAD_TIMEOUT_S,
    Api,
    says,
    send_error,
    upload,
)
from bot.platforms.telegram.rendering import (
    MAX_CAPTION,
    MAX_NOTE,
    MAX_TEXT,
    NO_PREVIEW,
    clipped,
    fits,
    keyboard,
    markup,
    parts,
    reply_to,
)
from bot.platforms.telegram.wire import SentMessage
from handlers.messages import OPEN_PRIVATE, Shown, unpacked
from storage.outbox import Post
from storage.photos import StoredPhoto

LoadPhoto = Callable[[int], Awaitable[StoredPhoto | None]]
"""A stored picture by its id; None where it was deleted meanwhile."""

WITH_PHOTO: Final = "p"
"""Ends the ref of a message whose text is the caption of a picture or a document."""
MAX_REMEMBERED: Final = 500
SPACING_MARGIN_S: Final = 0.05


def is_group(address: str) -> bool:
    """Groups have negative ids."""
    return address.startswith("-")


class Sender:
    """Brings posts to Telegram. ``username`` tells our name, for links to the private chat."""

    def __init__(
        self, api: Api, load_photo: LoadPhoto, username: Callable[[], Awaitable[str]], pace: Pace
    ) -> None:
        self._api = api
        self._load_photo = load_photo
        self._username = username
        per_second = pace.per_chat_second
        self._spacing_s = 1 / per_second + SPACING_MARGIN_S if per_second else 0.0
        self._arrived: OrderedDict[int, int] = OrderedDict()
        self._files: OrderedDict[int, str] = OrderedDict()

    async def send(self, post: Post) -> str | None:
        """Send, edit or answer; the ref of the message that carries the buttons.

        Raises:
            SendError: It did not arrive.
        """
        shown = unpacked(post.body)
        try:
            if post.kind == "toast":
                await self._toast(post, shown)
                return None
            if post.kind == "edit":
                return await self._edit(post, shown)
            return await self._message(post, shown)
        except TelegramError as error:
            raise send_error(error, is_group=is_group(post.address)) from error

    async def _toast(self, post: Post, shown: Shown) -> None:
        await self._api.call(
            "answerCallbackQuery",
            bool,
            callback_query_id=post.ref,
            text=clipped(shown.text, MAX_NOTE) or None,
            show_alert=True if shown.alert else None,
        )

    async def _edit(self, post: Post, shown: Shown) -> str | None:
        if post.ref is None:
            return None  # it never arrived, so there is nothing to change
        has_photo = post.ref.endswith(WITH_PHOTO)
        fields: dict[str, Any] = {
            "chat_id": int(post.address),
            "message_id": int(post.ref.removesuffix(WITH_PHOTO)),
            "reply_markup": keyboard(shown, await self._name_for(shown)),
        }
        try:
            if has_photo:
                caption = clipped(shown.text, MAX_CAPTION)
                await self._api.raw("editMessageCaption", caption=caption, **fields)
            else:
                text = clipped(shown.text, MAX_TEXT)
                await self._api.raw(
                    "editMessageText", text=text, link_preview_options=NO_PREVIEW, **fields
                )
        except TelegramError as error:
            if not says(error, NOT_CHANGED):
                raise
        return post.ref

    async def _message(self, post: Post, shown: Shown) -> str | None:
        file = await self._attached(shown)
        is_captioned = file is not None and fits(shown.text, MAX_CAPTION)
        texts = [] if is_captioned else parts(shown.text)
        steps: list[Attached | str] = [text for text in texts if text]
        if file is not None:
            steps.insert(0, file)
        ref = None
        # A later try goes on behind the parts that have arrived, so that none comes twice.
        for number in range(self._arrived.get(post.id, 0), len(steps)):
            if number:
                await asyncio.sleep(self._spacing_s)
            fields = await self._frame(post, shown, number == 0, number == len(steps) - 1)
            step = steps[number]
            if isinstance(step, str):
                ref = await self._text(fields, step)
            else:
                ref = await self._file(fields, step, shown, is_captioned=is_captioned)
            _remember(self._arrived, post.id, number + 1)
        self._arrived.pop(post.id, None)
        return ref

    async def _frame(
        self, post: Post, shown: Shown, is_first: bool, is_last: bool
    ) -> dict[str, Any]:
        """Fields of a message besides its content: the reply first, the buttons last."""
        in_group = is_group(post.address)
        name = await self._name_for(shown)
        return {
            "chat_id": int(post.address),
            "message_thread_id": int(post.thread) if post.thread else None,
            "reply_parameters": reply_to(shown.reply_to) if is_first else None,
            "reply_markup": markup(shown, name, is_group=in_group) if is_last else None,
        }

    async def _text(self, fields: dict[str, Any], text: str) -> str:
        sent = await self._called("sendMessage", fields, text=text, link_preview_options=NO_PREVIEW)
        return str(sent.message_id)

    async def _file(
        self, fields: dict[str, Any], file: "Attached", shown: Shown, *, is_captioned: bool
    ) -> str:
        caption = shown.text if is_captioned and shown.text else None
        fields = {**fields, "caption": caption}
        if shown.document:
            sent = await self._called("sendDocument", fields, document=file.content)
        else:
            sent = await self._called("sendPhoto", fields, photo=file.content)
        if sent.photo:
            _remember(self._files, file.id, sent.photo[-1].file_id)
        return f"{sent.message_id}{WITH_PHOTO}"

    async def _called(self, method: str, fields: dict[str, Any], **more: Any) -> SentMessage:
        """Send into the topic; where that was deleted, into the group itself."""
        limit = UPLOAD_TIMEOUT_S
        try:
            return await self._api.call(method, SentMessage, limit_s=limit, **fields, **more)
        except TelegramError as error:
            if not (says(error, NO_THREAD) and fields.get("message_thread_id")):
                raise
        fields = {**fields, "message_thread_id": None}
        return await self._api.call(method, SentMessage, limit_s=limit, **fields, **more)

    async def _attached(self, shown: Shown) -> "Attached | None":
        """A picture or document as Telegram takes it: by the name it has there, else its bytes."""
        file_id = shown.file_id
        if file_id is None:
            return None
        if file_id in self._files:
            return Attached(file_id, self._files[file_id])
        stored = await self._load_photo(file_id)
        name = shown.document.name if shown.document else ""
        return Attached(file_id, upload(stored.content, stored.mime, name)) if stored else None

    async def _name_for(self, shown: Shown) -> str:
        """Our user name, asked for only where a button links to our private chat."""
        calls = {call for row in shown.buttons for _, call in row}
        return await self._username() if OPEN_PRIVATE in calls else ""


class Attached:
    """A stored picture or document on its way: what it is called at Telegram, or the file."""

    __slots__ = ("content", "id")

    def __init__(self, file_id: int, content: object) -> None:
        self.id = file_id
        self.content = content


def _remember(known: OrderedDict[int, Any], key: int, value: Any) -> None:
    """Keep ``value``, and forget the oldest beyond what is useful."""
    known[key] = value
    known.move_to_end(key)
    if len(known) > MAX_REMEMBERED:
        known.popitem(last=False)
