"""Owners of decisions 谁来办: one of the three parties 三方, a squad, or a person."""

from dataclasses import dataclass
from typing import Final, Protocol

from domain.attendance import PARTIES
from domain.people import Role
from domain.refusal import Refusal
from domain.text import folded, shortened
from handlers.ask import Ask
from handlers.kinds import ROLE_WORDS
from handlers.messages import Button, Typed, Words
from handlers.namesakes import called

_SQUADS: Final = 4


class Where(Protocol):
    """What is carried out for a place: a meeting's decision, or a proposal."""

    @property
    def community_id(self) -> int: ...

    @property
    def place_id(self) -> int: ...

    @property
    def path(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """Who takes something on; a person may do it for one of the three parties.

    ``people`` holds one person, several of that name or party, or nobody for a squad.
    """

    people: tuple[int, ...] = ()
    squad_id: int | None = None
    party: Role | None = None
    name: str = ""

    @property
    def handler_id(self) -> int | None:
        """The person, None for a squad."""
        return self.people[0] if self.people else None

    @property
    def words(self) -> Words | Typed:
        """How neighbours read it: 物业（赵师傅）."""
        if self.party is None:
            return Typed(self.name)
        return Words("decision.party", {"party": self.party, "name": Typed(self.name)})


async def offered_owners(ask: Ask, where: Where) -> list[Button]:
    """The parties that can be told, squads near by, and the asker."""
    parties = [
        Button(Words(f"role.{party}"), f"={party}")
        for party in PARTIES
        if await ask.tell.staff(where.path, party)
    ]
    squads = await ask.unit.places.squads_for(where.path)
    teams = [Button(Typed(squad.name), f"=s{squad.id}") for squad in squads[:_SQUADS]]
    return [*parties, *teams, Button(Words("assignee.me"), f"=p{ask.actor.id}")]


async def owner_meant(ask: Ask, where: Where, said: str) -> Owner:
    """Whom a tapped or typed owner means.

    Raises:
        Refusal: ``assignee_unknown``; it may be said again.
    """
    party = _party(said)
    if party is None:
        for squad in await ask.unit.places.squads_for(where.path):
            if said in {f"s{squad.id}", squad.name}:
                return Owner(squad_id=squad.id, name=squad.name)
    people = await _people(ask, where, said, party)
    if not people:
        raise Refusal("assignee_unknown", who=Typed(shortened(said, 20)))
    names = await ask.unit.people.names(people[:1])
    return Owner(tuple(people), party=party, name=names[people[0]])


async def _people(ask: Ask, where: Where, said: str, party: Role | None) -> list[int]:
    if party is not None:
        return await ask.tell.staff(where.path, party)
    if said in {f"p{ask.actor.id}", "自己", "我", "me"}:
        return [ask.actor.id]
    return await called(ask, said, where.community_id)


def _party(said: str) -> Role | None:
    role = ROLE_WORDS.get(said) or next((r for r in Role if r == folded(said)), None)
    return role if role in PARTIES else None
