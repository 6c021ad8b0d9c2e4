"""Methods 方法: what the fake Bot API does for each method that the bot calls."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tests.platforms.bot_api_spec import UPLOAD, methods
from tests.platforms.fake_world import BOT_ID, BOT_NAME, Bubble, Json

if TYPE_CHECKING:
    from tests.platforms.fake_telegram import FakeTelegram

METHODS: Final = methods()


class Refused(Exception):
    """The Bot API says no."""

    def __init__(
        self, status: int, description: str, parameters: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def answer_for(fake: "FakeTelegram", method: str, fields: Json) -> Any:
    """Do what ``method`` (in lower case) says; raises Refused."""
    return _ANSWERS[method](fake, fields) if method in _ANSWERS else True


def _me(fake: "FakeTelegram", fields: Json) -> Json:
    return {
        "id": BOT_ID,
        "is_bot": True,
        "first_name": "睦邻",
        "username": BOT_NAME,
        "can_join_groups": True,
        "can_read_all_group_messages": fake.reads_all,
        "supports_inline_queries": False,
    }


def _send_message(fake: "FakeTelegram", fields: Json) -> Json:
    if not fields["text"].strip():
        raise Refused(400, "Bad Request: message text is empty")
    return _sent(fake, fields, fields["text"])


def _send_photo(fake: "FakeTelegram", fields: Json) -> Json:
    photo = fields["photo"]
    if photo is not UPLOAD and photo not in fake.files:
        raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
    file_id = photo if photo is not UPLOAD else f"photo{len(fake.files) + 1}"
    fake.files.setdefault(file_id, b"")
    sent = _sent(fake, fields, fields.get("caption", ""), photo=file_id)
    return sent | {"photo": [{"file_id": file_id, "file_unique_id": "u", "width": 9, "height": 9}]}


def _send_document(fake: "FakeTelegram", fields: Json) -> Json:
    file = fields["document"]
    if file is not UPLOAD and file not in fake.files:
        raise Refused(400, "Bad Request: wrong file identifier/HTTP URL specified")
    file_id = file if file is not UPLOAD else f"file{len(fake.files) + 1}"
    fake.files.setdefault(file_id, b"")
    sent = _sent(fake, fields, fields.get("caption", ""), photo=file_id)
    return sent | {"document": {"file_id": file_id, "file_unique_id": "u"}}


def _sent(fake: "FakeTelegram", fields: Json, text: str, *, photo: str = "") -> Json:
    chat_id = _reachable(fake, fields)
    wait = fake.limits.take(chat_id) if fake.limits else 0
    if wait:
        words = f"Too Many Requests: retry after {wait}"
        raise Refused(429, words, {"retry_after": wait})
    thread = fields.get("message_thread_id")
    if thread == -1:
        raise Refused(400, "Bad Request: message thread not found")
    reply = fields.get("reply_parameters", {}).get("message_id")
    markup = fields.get("reply_markup", {})
    bubble = fake.show(chat_id, text, markup=markup, photo=photo, thread=thread, reply_to=reply)
    kind = "private" if chat_id > 0 else "supergroup"
    return {
        "message_id": bubble.message_id,
        "date": 1,
        "chat": {"id": chat_id, "type": kind},
        "text": text,
    }


def _reachable(fake: "FakeTelegram", fields: Json) -> int:
    chat_id = int(fields["chat_id"])
    if chat_id in fake.moved:
        words = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refused(400, words, {"migrate_to_chat_id": fake.moved[chat_id]})
    if chat_id in fake.blocked:
        private = "Forbidden: bot was blocked by the user"
        group = "Forbidden: bot was kicked from the supergroup chat"
        raise Refused(403, private if chat_id > 0 else group)
    if chat_id not in fake.ids.values():
        raise Refused(400, "Bad Request: chat not found")
    return chat_id


def _edit_text(fake: "FakeTelegram", fields: Json) -> Any:
    bubble = _bubble(fake, fields)
    if bubble.photo:
        raise Refused(400, "Bad Request: there is no text in the message to edit")
    return _edited(bubble, fields["text"], fields)


def _edit_caption(fake: "FakeTelegram", fields: Json) -> Any:
    bubble = _bubble(fake, fields)
    if not bubble.photo:
        raise Refused(400, "Bad Request: there is no caption in the message to edit")
    return _edited(bubble, fields.get("caption", ""), fields)


def _edited(bubble: Bubble, text: str, fields: Json) -> Any:
    markup = fields.get("reply_markup", {})
    if (bubble.text, bubble.markup) == (text, markup):
        raise Refused(
            400,
            "Bad Request: message is not modified: specified new message content and reply "
            "markup are exactly the same as a current content and reply markup of the message",
        )
    bubble.text, bubble.markup, bubble.edits = text, markup, bubble.edits + 1
    return True


def _bubble(fake: "FakeTelegram", fields: Json) -> Bubble:
    bubble = fake.find(_reachable(fake, fields), fields["message_id"])
    if bubble is None:
        raise Refused(400, "Bad Request: message to edit not found")
    return bubble


def _answer_query(fake: "FakeTelegram", fields: Json) -> bool:
    query = fields["callback_query_id"]
    if not query.startswith("q"):
        words = "query is too old and response timeout expired or query ID is invalid"
        raise Refused(400, f"Bad Request: {words}")
    fake.notes[query] = fields.get("text", "")
    return True


def _get_file(fake: "FakeTelegram", fields: Json) -> Json:
    file_id = fields["file_id"]
    if file_id not in fake.files:
        raise Refused(400, "Bad Request: invalid file_id")
    return {"file_id": file_id, "file_unique_id": "u", "file_path": file_id}


def _set_webhook(fake: "FakeTelegram", fields: Json) -> bool:
    fake.webhook = dict(fields)
    return True


def _delete_webhook(fake: "FakeTelegram", fields: Json) -> bool:
    fake.webhook = {"url": ""}
    return True


def _webhook_info(fake: "FakeTelegram", fields: Json) -> Json:
    return {
        "url": fake.webhook["url"],
        "has_custom_certificate": False,
        "pending_update_count": len(fake.updates),
    }


def _set_commands(fake: "FakeTelegram", fields: Json) -> bool:
    fake.commands[_scope(fields)] = fields["commands"]
    return True


def _get_commands(fake: "FakeTelegram", fields: Json) -> list[Json]:
    return fake.commands.get(_scope(fields), [])


def _scope(fields: Json) -> tuple[str, str]:
    return fields.get("scope", {"type": "default"})["type"], fields.get("language_code", "")


_ANSWERS: Final[Mapping[str, Callable[["FakeTelegram", Json], Any]]] = {
    "getme": _me,
    "sendmessage": _send_message,
    "sendphoto": _send_photo,
    "senddocument": _send_document,
    "editmessagetext": _edit_text,
    "editmessagecaption": _edit_caption,
    "answercallbackquery": _answer_query,
    "getfile": _get_file,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _webhook_info,
    "setmycommands": _set_commands,
    "getmycommands": _get_commands,
}
