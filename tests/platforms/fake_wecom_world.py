"""World of the fake WeCom 人群: who is there, what they say, and what each of them sees."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Bubble:
    """One message of the bot; ``views`` are the cards that single people see instead."""

    body: Json
    reply_to: str = ""
    views: dict[str, Json] = field(default_factory=dict)

    @property
    def card(self) -> Json | None:
        """The card as it was sent, if it is one."""
        return self.body.get("template_card")

    def seen_by(self, who: str) -> Json | None:
        """The card as one person sees it."""
        return self.views.get(who, self.card)

    def text(self, who: str = "") -> str:
        """All that is written on it, line by line."""
        card = self.seen_by(who)
        if card is None:
            content: str = self.body[self.body["msgtype"]].get("content", "[文件]")
            return content
        title = card["main_title"]
        parts = [title["title"], title.get("desc", ""), card.get("sub_title_text", "")]
        parts += [f"[{label}]" for label, _, _ in choices(card)]
        return "\n".join(part for part in parts if part)


def choices(card: Json) -> list[tuple[str, str, str]]:
    """What can be tapped on a card: label, question key (empty for a button), key or option id."""
    found = [(b["text"], "", b["key"]) for b in card.get("button_list", [])]
    boxes = [card["checkbox"]] if "checkbox" in card else card.get("select_list", [])
    for box in boxes:
        found += [(o["text"], box["question_key"], o["id"]) for o in box["option_list"]]
    return found


class WeComWorld:
    """People are their userids, groups their chatids; a private chat is ``@`` and the userid.

    ``spoken`` are the chats in which somebody spoke to the bot: it may push there. ``left`` are
    groups that it was taken out of.
    """

    def __init__(self) -> None:
        self.chats: dict[str, list[Bubble]] = {}
        self.spoken: set[str] = set()
        self.left: set[str] = set()
        self.files: dict[str, bytes] = {}
        self._numbers = count(1)

    def next_req_id(self) -> str:
        """A name for a callback."""
        return f"REQ{next(self._numbers)}"

    def address(self, who: str, at: str) -> str:
        """The chat where somebody speaks."""
        return at or f"@{who}"

    def message(self, who: str, text: str = "", at: str = "", **more: Any) -> Json:
        """A message as WeCom writes it."""
        body = self._common(who, at)
        self.spoken.add(self.address(who, at))
        if text:
            body |= {"msgtype": "text", "text": {"content": text}}
        return body | more

    def happening(self, who: str, event: Json, at: str = "") -> Json:
        """An event as WeCom writes it."""
        return self._common(who, at) | {"msgtype": "event", "event": event}

    def _common(self, who: str, at: str) -> Json:
        body: Json = {"msgid": f"MSG{next(self._numbers)}", "aibotid": "AIBOT", "create_time": 1}
        body |= {"chatid": at, "chattype": "group"} if at else {"chattype": "single"}
        return body | {"from": {"userid": who}}

    # What the bot does

    def show(self, address: str, body: Json, *, reply_to: str = "") -> None:
        """A new message of the bot."""
        self.chats.setdefault(address, []).append(Bubble(body, reply_to))

    def update_card(self, task_id: str, who: str, card: Json) -> None:
        """A card looks different to one person from now on."""
        for bubbles in self.chats.values():
            for bubble in bubbles:
                if bubble.card is not None and bubble.card["task_id"] == task_id:
                    bubble.views[who] = card

    # What people see

    def bubbles(self, address: str) -> list[Bubble]:
        """All messages of a chat."""
        return self.chats.get(address, [])

    def sees(self, who: str, at: str = "") -> str:
        """All of a chat as one person sees it."""
        return "\n".join(bubble.text(who) for bubble in self.bubbles(self.address(who, at)))

    def last(self, who: str, at: str = "") -> str:
        """The newest message of a chat as one person sees it."""
        bubbles = self.bubbles(self.address(who, at))
        return bubbles[-1].text(who) if bubbles else ""

    def tapped(self, who: str, label: str, at: str = "") -> tuple[Json, str, Json]:
        """The newest card that offers ``label``: itself, what is pressed, what is selected."""
        for bubble in reversed(self.bubbles(self.address(who, at))):
            card = bubble.seen_by(who)
            for text, question, key in choices(card) if card is not None else []:
                if card is not None and label in text:
                    selected = {"question_key": question, "option_ids": {"option_id": [key]}}
                    if question:
                        return card, card["submit_button"]["key"], selected
                    return card, key, {}
        raise AssertionError(f"{who} sees no {label} in {at or 'private'}")
