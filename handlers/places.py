"""Places 绑定: which group belongs to which place, and what could not be delivered."""

from domain.people import Ability
from domain.places import ancestors
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.kinds import PlaceName
from handlers.messages import Reply, Typed, Words
from handlers.registry import command
from handlers.welcome import help_row


@command("绑定", "bind", may=Ability.BIND_CHAT, section="office", where="group")
async def bind(ask: Ask, place: PlaceName) -> Reply:
    """Bind this group to a place; from now on it is about that place."""
    grants = ask.actor.grants
    found = {
        at.id: at
        for grant in grants
        for at in await ask.unit.places.named(place, below=grant.path)
        if ask.actor.can(Ability.BIND_CHAT, at=at.path)
    }
    if len(found) != 1:
        raise Refusal("place_many" if found else "place_unknown", place=Typed(place))
    at = next(iter(found.values()))
    if ask.chat.place_id not in (None, at.id):  # what was shown here is another building's
        await ask.unit.forgetting.cards_of(ask.chat.id)
    await ask.unit.chats.bind(ask.chat.id, at, ask.incoming.thread)
    line = await ask.unit.places.line(at.path)
    shown = " › ".join(p.name for p in line if p.id in ancestors(at.path)[1:])
    return Reply("bound", {"place": at.name, "line": shown}, (help_row(),))


@command("运行", "operation", may=Ability.SEE_OPERATION, section="office", where="private")
async def operation(ask: Ask) -> Reply:
    """What could not be delivered in the asker's places, and why."""
    failed = await ask.unit.failures.below([grant.path for grant in ask.actor.grants])
    lines = [
        Words(
            "operation.line",
            {
                "place": failure.place or Words("operation.private"),
                "reason": Words(f"failure.{failure.reason}"),
                "at": failure.made_at,
            },
        )
        for failure in failed
    ]
    if not lines:
        return Reply("operation.fine")
    return Reply("operation.failed", {"lines": lines}, is_private=True)
