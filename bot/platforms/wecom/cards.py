"""Cards 卡片: a neutral message → a template card, within what such a card can show.

Buttons up to six, a sheet of options up to twenty, a list to choose from in between. Every button
has its number, so that whoever sees no card answers with that. A card cannot be changed but by
whoever taps it, and then for that person only.
"""

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.platforms.wecom.reading import FORM
from bot.platforms.wecom.rendering import clipped, taps
from handlers.messages import Form, Shown
from storage.outbox import Post

Json = dict[str, Any]

MAX_TITLE: Final = 26
MAX_NOTE: Final = 30
MAX_BODY: Final = 112
MAX_SOURCE: Final = 13
MAX_BUTTONS: Final = 6
MAX_BUTTON: Final = 10
MAX_LISTED: Final = 10
MAX_OPTIONS: Final = 20
MAX_OPTION: Final = 11
MAX_MENU: Final = 3
SUBMIT: Final = "submit"
ONE: Final = "one"
"""The question of a list from which one is chosen: the option's id is what it calls."""
HELP_CALL: Final = "help"

_TASK: Final = re.compile(r"c([0-9]+)-")


@dataclass(frozen=True, slots=True)
class Labels:
    """The few words that a card needs of its own; ``name`` is the bot's."""

    name: str
    words: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.words[f"wecom.{key}"].replace("{name}", self.name)


@dataclass(frozen=True, slots=True)
class Tap:
    """What somebody tapped: the card, its type, and what was chosen on it."""

    task_id: str
    card_type: str
    picked: tuple[str, ...] = ()
    question: str = ""


def new_task_id(post: Post) -> str:
    """A name for a card that no other ever had; the thing that it shows can be read from it."""
    return f"c{post.card_id or 0}-{post.id}-{secrets.token_hex(6)}"


def card_id_of(task_id: str) -> int | None:
    """The card of ours that a task shows; None for a message that is no card."""
    found = _TASK.match(task_id)
    return int(found[1]) or None if found else None


def card(shown: Shown, task_id: str, labels: Labels) -> Json | None:
    """``shown`` as a card; None where it has nothing to tap, or more than a card can hold."""
    offered = taps(shown)
    if not offered:
        return None
    if _is_form(shown):
        return _ballot(shown, task_id, labels)
    if len(offered) <= MAX_BUTTONS:
        return _buttons(shown, task_id, labels)
    if len(offered) <= MAX_OPTIONS:
        listed = _list if len(offered) <= MAX_LISTED else _options
        return listed(shown, task_id, labels, ())
    return None


def is_whole(shown: Shown) -> bool:
    """Whether a card shows all of ``shown``; else its words go before it as a message."""
    if shown.form is not None and _is_form(shown):
        form = shown.form
        is_short = len(form.title) <= MAX_TITLE and len(form.note) <= MAX_NOTE
        return is_short and all(len(label) <= MAX_OPTION for label in _numbered(form.options))
    title, body = _title_and_body(shown.text)
    labels = _numbered([label for label, _ in taps(shown)])
    is_listed = len(labels) > MAX_BUTTONS
    most = MAX_BUTTON if len(labels) <= MAX_LISTED else MAX_OPTION
    fits = all(len(label) <= most for label in labels)
    return fits and len(title) <= MAX_TITLE and len(body) <= (MAX_NOTE if is_listed else MAX_BODY)


def updated(shown: Shown | None, tap: Tap, note: str, labels: Labels) -> Json:
    """The tapped card as it stands now, for whoever tapped it; of the same type as before.

    ``shown`` is None where nobody knows any more what it was.
    """
    has_options = shown is not None and (taps(shown) or shown.form is not None)
    if shown is None or not (has_options or tap.card_type == "button_interaction"):
        return _forgotten(tap, note or (shown.text if shown else ""), labels)
    if tap.card_type == "vote_interaction" and shown.form is not None:
        return _ballot(shown, tap.task_id, labels, picked=tap.picked, note=note)
    if tap.card_type == "vote_interaction":
        return _options(shown, tap.task_id, labels, tap.picked, note)
    if tap.card_type == "multiple_interaction":
        return _list(shown, tap.task_id, labels, tap.picked, note)
    return _buttons(shown, tap.task_id, labels, note=note)


def _is_form(shown: Shown) -> bool:
    form = shown.form
    return form is not None and form.is_open and len(form.options) <= MAX_OPTIONS


def _buttons(shown: Shown, task_id: str, labels: Labels, *, note: str = "") -> Json:
    offered = taps(shown)[:MAX_BUTTONS] or [(labels["help"], HELP_CALL)]
    title, body = _title_and_body(shown.text)
    texts = _numbered([label for label, _ in offered])
    found = {
        **_head("button_interaction", task_id, title, labels),
        "button_list": [
            {"text": clipped(text, MAX_BUTTON), "style": 1 if i == 0 else 2, "key": call}
            for i, (text, (_, call)) in enumerate(zip(texts, offered, strict=True))
        ],
    }
    words = "\n".join(line for line in (note, body) if line)
    return found | ({"sub_title_text": clipped(words, MAX_BODY)} if words else {})


def _ballot(
    shown: Shown,
    task_id: str,
    labels: Labels,
    *,
    picked: Collection[str] = (),
    note: str = "",
) -> Json:
    """A poll as a ballot paper; in the answer to a voter with the live count."""
    form = shown.form
    assert form is not None
    options = [
        {"id": str(i), "text": text} | ({"is_checked": True} if str(i) in picked else {})
        for i, text in enumerate(_counted(form) if note else _options_of(form))
    ]
    box = {"question_key": f"{FORM}{form.call}", "mode": int(form.several), "option_list": options}
    found = {
        **_head("vote_interaction", task_id, form.title, labels, note or form.note),
        "checkbox": box if form.is_open else {**box, "disable": True},
        **_submit(labels),
    }
    more = taps(shown)[len(form.options) :][:MAX_MENU] if form.is_open else []
    if more:
        actions = [{"text": clipped(label, MAX_BUTTON), "key": call} for label, call in more]
        found["action_menu"] = {"desc": labels["more"], "action_list": actions}
    return found


def _options(
    shown: Shown, task_id: str, labels: Labels, picked: Sequence[str], note: str = ""
) -> Json:
    """Up to twenty things of which one is chosen; once chosen it stays."""
    title, body = _title_and_body(shown.text)
    options = [
        option | ({"is_checked": True} if option["id"] in picked else {})
        for option in _choices(shown, MAX_OPTION)[:MAX_OPTIONS]
    ]
    box: Json = {"question_key": ONE, "mode": 0, "option_list": options}
    return {
        **_head(
            "vote_interaction", task_id, title, labels, _told(shown, picked, note, labels, body)
        ),
        "checkbox": box | ({"disable": True} if picked else {}),
        **_submit(labels),
    }


def _list(
    shown: Shown, task_id: str, labels: Labels, picked: Sequence[str], note: str = ""
) -> Json:
    """Up to ten things in a list to be unfolded."""
    title, body = _title_and_body(shown.text)
    select: Json = {
        "question_key": ONE,
        "title": clipped(labels["choose"], MAX_SOURCE),
        "option_list": _choices(shown, MAX_BUTTON)[:MAX_LISTED],
    }
    ids = {option["id"] for option in select["option_list"]}
    is_there = bool(picked) and picked[0] in ids
    chosen = {"disable": True, "selected_id": picked[0]} if is_there else {}
    return {
        **_head(
            "multiple_interaction", task_id, title, labels, _told(shown, picked, note, labels, body)
        ),
        "select_list": [select | chosen],
        **_submit(labels),
    }


def _forgotten(tap: Tap, note: str, labels: Labels) -> Json:
    """A card of which we know nothing but that it was tapped: after a restart, an old question."""
    told = _title_and_body(note)[0] or labels["done"]
    if tap.card_type == "button_interaction":
        return _buttons(Shown(told), tap.task_id, labels)
    head = _head(tap.card_type, tap.task_id, told, labels)
    chosen = [{"id": pick, "text": "✓"} for pick in tap.picked] or [{"id": "-", "text": "✓"}]
    question = {"question_key": tap.question or ONE, "option_list": chosen, "disable": True}
    if tap.card_type == "multiple_interaction":
        return {**head, "select_list": [question], **_submit(labels)}
    return {**head, "checkbox": {**question, "mode": 0}, **_submit(labels)}


def _head(kind: str, task_id: str, title: str, labels: Labels, note: str = "") -> Json:
    main = {"title": clipped(title, MAX_TITLE) or labels["choose"]}
    if note:
        main["desc"] = clipped(note, MAX_NOTE)
    source = {"source": {"desc": clipped(labels.name, MAX_SOURCE)}} if labels.name else {}
    return {"card_type": kind, **source, "main_title": main, "task_id": task_id}


def _submit(labels: Labels) -> Json:
    return {"submit_button": {"text": labels["submit"], "key": SUBMIT}}


def _told(shown: Shown, picked: Sequence[str], note: str, labels: Labels, body: str) -> str:
    """The line under the title: what came of a tap, or what else there is to say."""
    if note or not picked:
        return note or body
    chosen = next((label for label, call in taps(shown) if call in picked), "")
    return labels["chosen"].replace("{label}", chosen)


def _choices(shown: Shown, most: int) -> list[Json]:
    offered = taps(shown)
    texts = _numbered([label for label, _ in offered])
    return [
        {"id": call, "text": clipped(text, most)}
        for text, (_, call) in zip(texts, offered, strict=True)
    ]


def _options_of(form: Form) -> list[str]:
    return [clipped(label, MAX_OPTION) for label in _numbered(form.options)]


def _counted(form: Form) -> list[str]:
    """The options with how often each was chosen, as far as there is room for both."""
    if not form.counts:
        return _options_of(form)
    found = []
    for label, count in zip(_numbered(form.options), form.counts, strict=True):
        told = f"·{count}"
        found.append(f"{clipped(label, MAX_OPTION - len(told))}{told}")
    return found


def _numbered(texts: Sequence[str]) -> list[str]:
    """Each with its number; one alone needs none."""
    if len(texts) < 2:
        return list(texts)
    return [f"{number} {text}" for number, text in enumerate(texts, 1)]


def _title_and_body(text: str) -> tuple[str, str]:
    title, _, body = text.strip().partition("\n")
    return title, body
