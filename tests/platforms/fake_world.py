"""World 人群: people, groups and what each chat of the fake Telegram shows."""

from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

BOT_ID: Final = 777
BOT_NAME: Final = "mulin_test_bot"
GROUP_ANONYMOUS_BOT: Final = 1087968824

Json = dict[str, Any]


@dataclass(slots=True)
class Bubble:
    """One message of the bot as it stands in a chat."""

    message_id: int
    text: str
    markup: Json = field(default_factory=dict)
    photo: str = ""
    thread: int | None = None
    reply_to: int | None = None
    edits: int = 0

    @property
    def buttons(self) -> list[Json]:
        """All buttons, row by row."""
        return [button for row in self.markup.get("inline_keyboard", []) for button in row]


class World:
    """Who is there, what they say to the bot, what they see of it."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.chats: dict[int, list[Bubble]] = {}
        self.notes: dict[str, str] = {}
        self.updates: deque[Json] = deque()
        self.next_update = 1000
        self._people = count(10_001)
        self._groups = count(1_000_000_000_001)
        self._messages = count(1)
        self._queries = count(1)

    def person(self, name: str) -> int:
        """The id of an account, made on first sight."""
        return self.ids.setdefault(name, next(self._people)) if name else 0

    def group(self, name: str) -> int:
        """The id of a supergroup."""
        return self.ids.setdefault(name, -next(self._groups))

    def chat_id(self, who: str, at: str) -> int:
        """The chat where somebody speaks: a group, or their private one."""
        return self.group(at) if at else self.person(who)

    # What people do

    def says(self, who: str, text: str = "", at: str = "", **more: Any) -> int:
        """Somebody writes; the id of the update."""
        return self.push({"message": self.message(who, text, at, **more)})

    def edits(self, who: str, message_id: int, text: str, at: str = "") -> int:
        """Somebody corrects a message of theirs."""
        return self.push(
            {"edited_message": self.message(who, text, at, message_id=message_id, edit_date=2)}
        )

    def presses(self, who: str, label: str, at: str = "") -> int:
        """Somebody taps the newest button that has ``label`` in it."""
        chat_id = self.chat_id(who, at)
        for bubble in reversed(self.chats.get(chat_id, [])):
            for button in bubble.buttons:
                if label in button["text"] and "callback_data" in button:
                    return self.taps(who, button["callback_data"], at, bubble.message_id)
        raise AssertionError(f"{who} sees no button {label} in {at or 'private'}")

    def taps(self, who: str, data: str, at: str = "", message_id: int = 1) -> int:
        """Somebody's client sends any callback data, shown or not."""
        message = {"message_id": message_id, "chat": self._chat(who, at), "date": 0}
        query = {
            "id": f"q{next(self._queries)}",
            "from": self.account(who),
            "message": message,
            "chat_instance": "1",
            "data": data,
        }
        return self.push({"callback_query": query})

    def member(self, was: str, now: str, who: str, at: str = "") -> int:
        """The bot's standing in a chat changes."""
        me = {"id": BOT_ID, "is_bot": True, "first_name": "睦邻"}
        change = {
            "chat": self._chat(who, at),
            "from": self.account(who),
            "date": 1,
            "old_chat_member": {"status": was, "user": me},
            "new_chat_member": {"status": now, "user": me},
        }
        return self.push({"my_chat_member": change})

    def message(self, who: str, text: str = "", at: str = "", **more: Any) -> Json:
        """A message as the Bot API writes it; commands are marked as it marks them."""
        found: Json = {
            "message_id": next(self._messages),
            "from": self.account(who),
            "chat": self._chat(who, at),
            "date": 1,
        }
        if text:
            found["text"] = text
            head = text.split(" ")[0]
            if text.startswith("/"):
                found["entities"] = [{"type": "bot_command", "offset": 0, "length": len(head)}]
        return found | more

    def account(self, who: str) -> Json:
        """Somebody as the Bot API names them."""
        return {"id": self.person(who), "is_bot": False, "first_name": who, "language_code": "zh"}

    def push(self, update: Json) -> int:
        """Queue an update for the bot; its id."""
        self.next_update += 1
        self.updates.append({"update_id": self.next_update, **update})
        return self.next_update

    def _chat(self, who: str, at: str) -> Json:
        chat_id = self.chat_id(who, at)
        kind = {"type": "supergroup", "title": at} if at else {"type": "private"}
        return {"id": chat_id, **kind}

    # What the bot does

    def show(self, chat_id: int, text: str, **more: Any) -> Bubble:
        """The bot's new message."""
        bubble = Bubble(next(self._messages), text, **more)
        self.chats.setdefault(chat_id, []).append(bubble)
        return bubble

    def find(self, chat_id: int, message_id: int) -> Bubble | None:
        """A message of the bot, or None."""
        return next(
            (b for b in reversed(self.chats.get(chat_id, [])) if b.message_id == message_id), None
        )

    # What people see

    def bubbles(self, name: str) -> list[Bubble]:
        """All that the bot shows to a person or in a group."""
        return self.chats.get(self.ids.get(name, 0), [])

    def sees(self, name: str) -> str:
        """All of a chat as one text, buttons in brackets."""
        lines = []
        for bubble in self.bubbles(name):
            lines.append(bubble.text)
            lines += [f"[{button['text']}]" for button in bubble.buttons]
        return "\n".join(lines)

    def last(self, name: str) -> str:
        """The newest message of a chat."""
        bubbles = self.bubbles(name)
        return bubbles[-1].text if bubbles else ""
