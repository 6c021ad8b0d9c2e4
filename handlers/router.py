"""Router 路由: one message → one unit of work → committed answers."""

import logging
from dataclasses import dataclass, field

from domain.outlook import NoForecast
from domain.people import Ability, Actor
from domain.places import Place
from domain.refusal import Refusal
from domain.text import cleaned
from domain.weather import Forecast
from handlers import welcome
from handlers.ask import CANCEL_ROW, Ask, Links, Tick
from handlers.calls import Call, Interpreter, Misread
from handlers.evenings import show_weather
from handlers.messages import ChatChange, ChatEvent, Incoming, Reply, Row
from handlers.reading import Reader, is_for_us
from handlers.registry import REGISTRY, Registry, button
from handlers.running import answer, run
from handlers.telling import Teller
from storage.chats import Chat
from storage.database import Database
from storage.deadlines import Deadline
from storage.faults import StorageFault
from storage.outbox import Post
from storage.places import Community
from storage.unit import Unit

log = logging.getLogger("mulin.router")


@dataclass(slots=True)
class Handled:
    """What one message led to, and how it ended (for metrics).

    Attributes:
        posts: To be sent at once; they are this worker's already.
        has_waiting: Whether posts wait in the outbox besides (edits, later ones).
        has_deadline: Whether a new deadline was set.
        is_awaited: Whether an answer is awaited from this person in this chat from now on; None
            where that did not change.
        wants_forecast: Whether a forecast was asked for that has to be fetched.
    """

    outcome: str = "silent"
    code: str = ""
    posts: list[Post] = field(default_factory=list)
    has_waiting: bool = False
    has_deadline: bool = False
    is_awaited: bool | None = None
    wants_forecast: bool = False


def _handled(unit: Unit, outcome: str, code: str = "", ask: Ask | None = None) -> Handled:
    outbox = unit.outbox
    is_awaited = unit.chats.awaits.get((ask.actor.id, ask.chat.id)) if ask else None
    return Handled(
        outcome,
        code,
        outbox.fresh,
        outbox.later,
        unit.deadlines.changed,
        is_awaited,
        unit.wants_forecast,
    )


class Router:
    """Takes what platforms receive; the only place besides the outbox that catches everything."""

    def __init__(self, database: Database, registry: Registry, links: Links) -> None:
        self._database = database
        self._registry = registry
        self._links = links
        self._reader = Reader(registry)
        self._interpreter = Interpreter(registry, self._reader)
        self._awaited: set[tuple[str, str, str]] = set()

    async def start(self) -> None:
        """Learn who was asked something before the restart."""
        self._awaited = set(await self._database.unit(lambda unit: unit.chats.awaiting()))

    def concerns(self, incoming: Incoming) -> bool:
        """Whether ``incoming`` is worth a unit; a few microseconds for neighbours' own talk."""
        return is_for_us(self._reader, incoming, is_awaited=_speaker(incoming) in self._awaited)

    async def receive(self, incoming: Incoming) -> Handled:
        """Handle one message; when this returns, all of it is stored or nothing is."""
        if not self.concerns(incoming):
            return Handled()
        handled = await self._stored(incoming)
        self._note_awaited(incoming, handled)
        return handled

    async def _stored(self, incoming: Incoming) -> Handled:
        """What a message led to, in one unit; a refusal is told in another one."""
        lane = _lane(incoming)
        try:
            return await self._database.unit(lambda unit: self._message(unit, incoming), lane)
        except Refusal as refusal:
            no = refusal
            return await self._database.unit(lambda unit: self._refused(unit, incoming, no), lane)
        except StorageFault:
            raise  # not stored, so not acknowledged: the platform brings it again
        except Exception as error:
            _log_bug("message", error)
            sorry = Refusal("bug")
            return await self._database.unit(
                lambda unit: self._refused(unit, incoming, sorry), lane
            )

    async def changed(self, event: ChatEvent) -> Handled:
        """Handle what happened to us in a chat."""
        return await self._database.unit(lambda unit: self._event(unit, event))

    async def due(self, deadline: Deadline) -> Handled:
        """Do what is due, and take its row away in the same unit."""
        try:
            return await self._database.unit(lambda unit: self._due(unit, deadline))
        except Exception as error:
            _log_bug(f"deadline {deadline.kind}", error)
        try:
            return await self._database.unit(lambda unit: self._not_done(unit, deadline))
        except Exception as error:
            _log_bug(f"failed deadline {deadline.kind}", error)
            return Handled(outcome="bug", code=deadline.kind)

    async def forecast_came(self, community_id: int, found: Forecast | NoForecast) -> Handled:
        """Store what the weather service said, or why it said nothing, and show it."""
        return await self._database.unit(lambda unit: self._forecast(unit, community_id, found))

    # One message

    async def _message(self, unit: Unit, incoming: Incoming) -> Handled:
        if not await unit.chats.first_sight(incoming.platform, incoming.delivery, unit.now):
            return Handled(outcome="repeated")
        ask = await self._asked(unit, incoming)
        call = await self._interpreter.call(ask)
        reply = await self._reply(ask, call)
        await answer(ask, reply)
        code = call.command.code if call else ""
        return _handled(unit, "answered" if reply else "silent", code, ask)

    async def _reply(self, ask: Ask, call: Call | None) -> Reply | None:
        if call is None:
            return None if ask.incoming.is_edit else await welcome.unclear(ask)
        if ask.actor.is_stranger and call.command.may is not Ability.ASK:
            return await welcome.stranger(ask)
        return await run(ask, call)

    async def _refused(self, unit: Unit, incoming: Incoming, refusal: Refusal) -> Handled:
        if not await unit.chats.first_sight(incoming.platform, incoming.delivery, unit.now):
            return Handled(outcome="repeated")
        ask = await self._asked(unit, incoming)
        if incoming.press is None and not isinstance(refusal, Misread):
            await unit.chats.drop_draft(ask.actor.id, ask.chat.id)
        await answer(ask, _no(refusal))
        return _handled(unit, "bug" if refusal.key == "bug" else "refused", ask=ask)

    async def _asked(self, unit: Unit, incoming: Incoming) -> Ask:
        """Who asks, and where."""
        chat, actor = await unit.arrivals.of(
            incoming.platform, incoming.chat, incoming.account, unit.now
        )
        chat = chat or await unit.chats.met(
            incoming.platform, incoming.chat, is_private=incoming.is_private
        )
        actor = actor or await _newcomer(unit, incoming)
        if chat.is_left:
            await unit.chats.back(incoming.platform, incoming.chat)
        if incoming.is_private:
            await unit.people.reachable_at(incoming.platform, incoming.account, incoming.chat)
        place = await _place_of(unit, chat, actor)
        community = await _community_of(unit, chat, place)
        tell = Teller(unit, community)
        return Ask(unit, actor, chat, place, community, incoming, tell, self._links)

    def _note_awaited(self, incoming: Incoming, handled: Handled) -> None:
        """Remember in memory who is asked something, so that chatter costs no unit.

        Only what is stored is remembered: a unit that failed is brought again, and must be heard.
        """
        if handled.is_awaited is True:
            self._awaited.add(_speaker(incoming))
        elif handled.is_awaited is False:
            self._awaited.discard(_speaker(incoming))

    # What happens without a message

    async def _event(self, unit: Unit, event: ChatEvent) -> Handled:
        if not await unit.chats.first_sight(event.platform, event.delivery, unit.now):
            return Handled(outcome="repeated")
        if event.change is ChatChange.MOVED and event.new_address:
            await unit.chats.moved(event.platform, event.chat, event.new_address)
        elif event.change is ChatChange.REMOVED:
            await unit.chats.left(event.platform, event.chat, unit.now)
            if event.is_private:
                await unit.people.unreachable(event.platform, event.chat, unit.now)
        elif event.is_private:
            await unit.chats.back(event.platform, event.chat)
        else:
            await welcome.into_group(unit, event)
        return _handled(unit, event.change)

    async def _due(self, unit: Unit, deadline: Deadline) -> Handled:
        if not await unit.deadlines.done(deadline):
            return Handled(outcome="repeated")
        job = self._registry.due[deadline.kind]
        await job(Tick(unit), deadline.subject_id, deadline.facts)
        return _handled(unit, "done", deadline.kind)

    async def _forecast(
        self, unit: Unit, community_id: int, found: Forecast | NoForecast
    ) -> Handled:
        if isinstance(found, NoForecast):
            await unit.forecasts.failed(community_id, found)
        else:
            await unit.forecasts.came(community_id, found)
        await show_weather(unit, community_id)
        return _handled(unit, "forecast")

    async def _not_done(self, unit: Unit, deadline: Deadline) -> Handled:
        """What is due failed: later again; after the last try only what recurs comes back."""
        recurs = self._registry.recurs.get(deadline.kind)
        if not deadline.is_last_try:
            await unit.deadlines.put_off(deadline)
        elif recurs is not None:
            await recurs(unit, deadline.subject_id)
        else:
            log.error("deadline left", extra={"event": "deadline_left", "kind": deadline.kind})
        return _handled(unit, "bug", deadline.kind)


def _lane(incoming: Incoming) -> str:
    """What keeps its order: what is said in a chat, and what each person presses in it."""
    chat = f"{incoming.platform}:{incoming.chat}"
    return f"{chat}:{incoming.account}" if incoming.press is not None else chat


def _speaker(incoming: Incoming) -> tuple[str, str, str]:
    return incoming.platform, incoming.chat, incoming.account


async def _newcomer(unit: Unit, incoming: Incoming) -> Actor:
    """Who speaks for the first time; known from now on."""
    name = cleaned(incoming.name)[:60] or "?"
    person_id = await unit.people.add(name, unit.now)
    await unit.people.identify(person_id, incoming.platform, incoming.account, unit.now)
    return Actor(person_id, name, None)


async def _community_of(unit: Unit, chat: Chat, place: Place | None) -> Community | None:
    """Whose numbers and hours count; for a street that has one community alone, that one's."""
    community_id = chat.community_id or (place.community_id if place else None)
    if community_id is None and place is not None:
        below = await unit.places.communities(below=place.path)
        community_id = below[0].id if len(below) == 1 else None
    return await unit.places.community(community_id) if community_id else None


async def _place_of(unit: Unit, chat: Chat, actor: Actor) -> Place | None:
    """What a message is about: the group's place; in private the own building, or the own post."""
    if chat.place_id is not None:
        return await unit.places.get(chat.place_id)
    if not chat.is_private or not actor.grants:
        return None
    homes = [grant for grant in actor.grants if grant.path != grant.home]
    grant = (homes or list(actor.grants))[0]
    return await unit.places.get(int(grant.home.strip("/").split("/")[-1]))


def _log_bug(what: str, error: Exception) -> None:
    """Log where it broke; never the words that broke it."""
    log.error("bug in %s", what, exc_info=error, extra={"event": "bug"})


def _no(refusal: Refusal) -> Reply:
    """A refusal's words; with how to say it where a command was not understood."""
    facts = {"usage": "", **refusal.facts}
    rows: tuple[Row, ...] = (welcome.help_row(),)
    if isinstance(refusal, Misread):
        rows = (CANCEL_ROW, *rows)
    elif instead := refusal.facts.get("instead"):
        rows = ((button(REGISTRY.commands[str(instead)].handler),), *rows)
    return Reply(f"refusal.{refusal.key}", facts, rows, is_brief=True)
