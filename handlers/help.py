"""Help 帮助: what somebody may do here, made from the registry; language and cancelling."""

from domain.people import Ability
from handlers.ask import Ask
from handlers.kinds import Language
from handlers.messages import Reply, Row, Words
from handlers.registry import REGISTRY, Command, button, command, press
from handlers.welcome import taps

SECTIONS = ("issues", "duty", "people", "other")
"""Order of the help menu."""


def allowed(ask: Ask) -> list[Command]:
    """Commands that the asker may use in this chat."""
    kind = "private" if ask.chat.is_private else "group"
    return [
        found
        for found in REGISTRY.typed()
        if ask.actor.can(found.may) and found.where in {"any", kind}
    ]


@command("帮助", "菜单", "start", "help", may=Ability.ASK, section="other")
async def help_(ask: Ask) -> Reply:
    """Show what can be done here."""
    if ask.actor.is_stranger:
        place = ask.place.name if ask.place else ""
        return Reply("hello.stranger", {"name": ask.actor.name, "place": place}, taps())
    found = allowed(ask)
    lines = [
        Words("help.section", {"title": Words(f"help.sections.{section}"), "lines": lines})
        for section in SECTIONS
        if (lines := [_line(c) for c in found if c.section == section])
    ]
    where = Words("hello.where", {"place": ask.place.name}) if ask.place else None
    return Reply("help.page", {"where": where, "lines": lines}, _shortcuts(found))


def _line(found: Command) -> Words:
    return Words("help.line", {"usage": Words(f"help.{found.code}.usage")})


def _shortcuts(found: list[Command]) -> tuple[Row, ...]:
    """Buttons for what people do most; all the rest is a line above."""
    wanted = ("issue", "mine", "list", "todo")
    buttons = [button(c.handler) for c in found if c.code in wanted]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


@command("语言", "language", may=Ability.ASK, section="other")
async def language(ask: Ask, lang: Language) -> Reply:
    """Choose the language of answers."""
    if lang not in {"zh", "en"}:
        lang = "zh"
    await ask.unit.people.speak(ask.actor.id, lang)
    return Reply(f"language.{lang}")


@press("cancel", may=Ability.ASK)
async def cancel(ask: Ask) -> Reply:
    """Forget what was asked."""
    return Reply("cancelled", is_brief=True)
