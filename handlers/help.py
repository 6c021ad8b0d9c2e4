"""Help 帮助: what somebody may do here, made from the registry; language and cancelling."""

from typing import Final

from domain.people import Ability
from handlers.ask import Ask
from handlers.kinds import MORE, SECTIONS, Language, Section
from handlers.messages import Button, Reply, Row, Typed, Words
from handlers.registry import REGISTRY, Command, button, command, press
from handlers.welcome import taps


def allowed(ask: Ask) -> list[Command]:
    """Commands that the asker may use in this chat."""
    kind = "private" if ask.chat.is_private else "group"
    return [
        found
        for found in REGISTRY.typed()
        if ask.actor.can(found.may) and found.where in {"any", kind}
    ]


@command(
    "帮助", "菜单", "start", "help", may=Ability.ASK, section="other", everyday=("菜单", "start")
)
async def help_(ask: Ask, section: Section | None = None) -> Reply:
    """Show what can be done here: what people do most, and all the rest one tap further."""
    if ask.actor.is_stranger:
        place = ask.place.name if ask.place else ""
        return Reply("hello.stranger", {"name": ask.actor.name, "place": place}, taps())
    found = allowed(ask)
    if section == MORE:
        return _contents(found)
    if section is not None:
        return _section(section, found)
    where = Words("hello.where", {"place": ask.place.name}) if ask.place else None
    rows = (*_shortcuts(found), (button(help_, "button.more_help", section=MORE),))
    return Reply("help.page", {"name": Typed(ask.actor.name), "where": where}, rows)


@press("opened", may=Ability.ASK)
async def opened(ask: Ask) -> Reply | None:
    """Somebody opened our private chat without a word yet; a question that waits stays asked."""
    if await ask.unit.chats.draft(ask.actor.id, ask.chat.id) is not None:
        return None
    page: Reply = await help_(ask)
    return page


def _contents(found: list[Command]) -> Reply:
    """A button for each section in which there is something to do."""
    sections = [
        button(help_, f"help.sections.{name}", section=name)
        for name in SECTIONS
        if any(c.section == name for c in found)
    ]
    return Reply("help.more", {}, (*_in_pairs(sections), (button(help_, "button.back"),)))


def _section(section: str, found: list[Command]) -> Reply:
    """How to say what belongs to one section."""
    lines = [
        Words("help.line", {"usage": Words(f"help.{c.code}.usage")})
        for c in found
        if c.section == section
    ]
    facts = {"title": Words(f"help.sections.{section}"), "lines": lines}
    taps_ = [button(c.handler) for c in found if c.section == section and c.code in _TAPPED]
    back = button(help_, "button.back", section=MORE)
    return Reply("help.section", facts, (*_in_pairs(taps_), (back,)))


_TAPPED: Final = (
    *("propose", "proposals", "project", "projects"),
    *("notice", "clarify", "notices", "withdrawnotice", "reportfor", "duedate"),
    *("poll", "polls", "extend", "closepoll", "cancelpoll"),
    *("motion", "motions", "canvote", "extendmotion", "closemotion", "cancelmotion", "convention"),
    *("meeting", "meetings", "movemeeting", "cancelmeeting", "stopmeetings"),
    *("survey", "surveys", "answers", "extendsurvey", "closesurvey", "cancelsurvey"),
    *("topic", "agenda", "minutes"),
    *("digest", "weekly", "monthly", "todo", "join", "code"),
)
"""Commands that can be begun with a tap from the page on which they are explained."""


def _shortcuts(found: list[Command]) -> tuple[Row, ...]:
    """Buttons for what people do most; all the rest is a tap further."""
    wanted = ("issue", "mine", "list", "polls", "todo", "digest")
    buttons = [button(c.handler) for c in found if c.code in wanted]
    return _in_pairs(buttons)


def _in_pairs(buttons: list[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


@command("语言", "language", may=Ability.ASK, section="other")
async def language(ask: Ask, lang: Language) -> Reply:
    """Choose the language of answers."""
    await ask.unit.people.speak(ask.actor.id, lang)
    return Reply(f"language.{lang}")


@press("cancel", may=Ability.ASK)
async def cancel(ask: Ask) -> Reply:
    """Forget what was asked."""
    return Reply("cancelled", is_brief=True)
