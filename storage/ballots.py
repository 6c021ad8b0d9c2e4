"""Ballots store 票箱: the frozen roll, one ballot of each owner, and secret ones kept apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.ballots import Ballot, Way
from domain.electorate import Frozen
from domain.ledger import Entitled
from domain.matters import Choices, choices_of, written
from domain.motions import Motion
from domain.places import PlaceKind
from domain.verdict import NOTHING, Choice, Tally, Weight
from storage.places import below_any
from storage.statement import Row, Statement, marks, row, rows, value

_AT_ONCE: Final = 500
_FROZEN: Final = "motion_voters (motion_id, voter, owner_id, name, flats, salt, area)"
_VOTERS: Final = (
    "motion_id, voter, owner_id, name, flats, salt, area, took_part, choice, way, changes"
)
_SECRETS: Final = "motion_id, receipt, choice, matter"


@dataclass(frozen=True, slots=True)
class Seat:
    """One entry of a frozen roll as it is stored.

    Attributes:
        ballot: What lies here; None before, and always None in a secret vote.
        changes: How many ballots came in for it, of which the last one counts.
        owner_id: The owner of the community's roll; None where a household votes.
    """

    entry: Entitled
    owner_id: int | None = None
    has_voted: bool = False
    ballot: Ballot | None = None
    changes: int = 0

    @property
    def number(self) -> int:
        """Its number on the frozen roll."""
        return self.entry.number


@dataclass(frozen=True, slots=True)
class Home:
    """A household of the tree of places."""

    id: int
    name: str


class Ballots:
    """Repository of frozen rolls and ballots; the motion is held by whoever writes."""

    async def homes(self, path: str) -> list[Home]:
        """Every household at or below ``path``, for votes in which each has one ballot."""
        where, bounds = below_any("path", [path])
        found = await rows(
            f"select id, name from places where kind = ? and {where} order by name",
            PlaceKind.HOUSEHOLD,
            *bounds,
        )
        return [Home(r["id"], r["name"]) for r in found]

    async def freeze(self, motion: Motion, seats: Sequence[Frozen]) -> None:
        """Store the roll as it is at the opening; the sums begin at nothing."""
        motion_id = motion.id
        voters, homes = [], []
        for seat in seats:
            entry = seat.entry
            named = (seat.owner_id, entry.name, json.dumps(entry.flats), entry.salt)
            voters.append((motion_id, entry.number, *named, entry.area))
            homes += [(motion_id, home, entry.number) for home in seat.homes]
        matters = range(1, len(motion.asked) + 1)
        sums = [(motion_id, n, choice.value, 0, 0) for n in matters for choice in Choice]
        await _insert(_FROZEN, voters)
        await _insert("motion_homes (motion_id, place_id, voter)", homes)
        await _insert("motion_sums (motion_id, matter, choice, heads, area)", sums)

    async def seat(self, motion_id: int, voter: int) -> Seat | None:
        """One entry of the frozen roll."""
        found = await row(
            "select * from motion_voters where motion_id = ? and voter = ?", motion_id, voter
        )
        return _seat(found) if found is not None else None

    async def seats_of(
        self, motion_id: int, owner_ids: Sequence[int], home_ids: Sequence[int]
    ) -> list[Seat]:
        """Entries of these owners and, where households vote, of these households."""
        found = await rows(
            "select * from motion_voters v where v.motion_id = ? and "
            f"(v.owner_id in ({marks(owner_ids)}) or (v.owner_id is null and v.voter in "
            "(select h.voter from motion_homes h where h.motion_id = v.motion_id "
            f"and h.place_id in ({marks(home_ids)})))) order by v.voter",
            motion_id,
            *owner_ids,
            *home_ids,
        )
        return [_seat(r) for r in found]

    async def seats_at(self, motion_id: int, place_id: int) -> list[Seat]:
        """Entries that have a flat in that household."""
        found = await rows(
            "select v.* from motion_voters v join motion_homes h on h.motion_id = v.motion_id "
            "and h.voter = v.voter where v.motion_id = ? and h.place_id = ? order by v.voter",
            motion_id,
            place_id,
        )
        return [_seat(r) for r in found]

    async def seats(self, motion_id: int, *, after: int = 0, limit: int = 1_000_000) -> list[Seat]:
        """The frozen roll from the entry behind ``after`` on."""
        found = await rows(
            "select * from motion_voters where motion_id = ? and voter > ? "
            f"order by voter limit {int(limit)}",
            motion_id,
            after,
        )
        return [_seat(r) for r in found]

    async def seats_below(
        self, motion_id: int, path: str, *, after: int = 0, limit: int
    ) -> list[Seat]:
        """Entries with a household at or below ``path``, from the one behind ``after`` on."""
        where, bounds = below_any("p.path", [path])
        found = await rows(
            "select * from motion_voters v where v.motion_id = ? and v.voter > ? and exists "
            "(select 1 from motion_homes h join places p on p.id = h.place_id where "
            f"h.motion_id = v.motion_id and h.voter = v.voter and {where}) "
            f"order by v.voter limit {int(limit)}",
            motion_id,
            after,
            *bounds,
        )
        return [_seat(r) for r in found]

    async def silent(self, motion_id: int) -> list[int]:
        """Ids of those who may act for an entry whose ballot is not here."""
        found = await rows(
            "select l.person_id from motion_voters v join owner_people l "
            "on l.owner_id = v.owner_id where v.motion_id = ? and v.took_part = 0 "
            "union select g.person_id from motion_voters v join motion_homes h "
            "on h.motion_id = v.motion_id and h.voter = v.voter join grants g "
            "on g.place_id = h.place_id and g.until is null and g.role = 'resident' "
            "where v.motion_id = ? and v.owner_id is null and v.took_part = 0 order by person_id",
            motion_id,
            motion_id,
        )
        return [r["person_id"] for r in found]

    async def people_of(self, motion_id: int, voter: int) -> list[int]:
        """Ids of those who may act for one entry, without proxies."""
        found = await rows(
            "select l.person_id from motion_voters v join owner_people l "
            "on l.owner_id = v.owner_id where v.motion_id = ? and v.voter = ? "
            "union select g.person_id from motion_voters v join motion_homes h "
            "on h.motion_id = v.motion_id and h.voter = v.voter join grants g "
            "on g.place_id = h.place_id and g.until is null and g.role = 'resident' "
            "where v.motion_id = ? and v.voter = ? and v.owner_id is null order by person_id",
            motion_id,
            voter,
            motion_id,
            voter,
        )
        return [r["person_id"] for r in found]

    # Named ballots

    async def put(self, motion: Motion, seat: Seat, ballot: Ballot) -> int:
        """Let ``ballot`` be the one that counts for an entry; how many came in for it by now."""
        if seat.ballot is not None:
            await self._add(motion.id, seat.ballot.choices, NOTHING - seat.entry.weight)
        await self._add(motion.id, ballot.choices, seat.entry.weight)
        if not seat.has_voted:
            await self._came(motion.id, 1, seat.entry.area)
        return int(
            await value(
                "update motion_voters set took_part = 1, choice = ?, way = ?, "
                "changes = changes + 1 where motion_id = ? and voter = ? returning changes",
                written(ballot.choices),
                ballot.way,
                motion.id,
                seat.number,
            )
        )

    # Secret ballots

    async def drop_in(
        self, motion: Motion, seat: Seat, receipts: Sequence[str], choices: Choices
    ) -> None:
        """Put a secret ballot into the box, each choice under a name of its own.

        Apart from them is noted that the owner took part.
        """
        named = zip(receipts, choices, _numbers(motion), strict=True)
        await _insert(
            f"motion_secrets ({_SECRETS})",
            [(motion.id, *each) for each in sorted(named)],
        )
        await self._add(motion.id, choices, seat.entry.weight)
        await self._came(motion.id, 1, seat.entry.area)
        await self._took_part(motion.id, seat.number, 1)

    async def take_out(self, motion: Motion, seat: Seat, receipts: Sequence[str]) -> bool:
        """Take a secret ballot out again; False where no such one is in the box."""
        found = await rows(
            f"delete from motion_secrets where motion_id = ? and receipt in ({marks(receipts)}) "
            "returning receipt, choice",
            motion.id,
            *receipts,
        )
        said = {r["receipt"]: Choice(r["choice"]) for r in found}
        if not said:
            return False
        choices = tuple(said[receipt] for receipt in receipts)
        await self._add(motion.id, choices, NOTHING - seat.entry.weight)
        await self._came(motion.id, -1, -seat.entry.area)
        await self._took_part(motion.id, seat.number, 0)
        return True

    async def is_in(self, motion_id: int, receipt: str) -> bool:
        """Whether a secret ballot of that name is in the box."""
        return bool(
            await value(
                "select 1 from motion_secrets where motion_id = ? and receipt = ?",
                motion_id,
                receipt,
            )
        )

    async def secrets(self, motion_id: int) -> list[tuple[str, Choice, int]]:
        """The choices in the box, by matter (0 where there is but one) and random name."""
        found = await rows(
            "select receipt, choice, matter from motion_secrets where motion_id = ? "
            "order by matter, receipt",
            motion_id,
        )
        return [(r["receipt"], Choice(r["choice"]), r["matter"]) for r in found]

    async def burn(self, motion_id: int, *, is_unopened: bool) -> None:
        """Empty the box, since what is counted lies in the ledger; unopened, the sums go too."""
        await Statement("delete from motion_secrets where motion_id = ?", motion_id)
        if is_unopened:
            await Statement(
                "update motion_sums set heads = 0, area = 0 where motion_id = ?", motion_id
            )

    async def shuffle(self, motion_id: int) -> None:
        """Write all rows of a secret vote anew, so that no database can tell which came when.

        PostgreSQL keeps rows, and dumps them, in the order in which they were written: the voters
        lie in the roll's order afterwards, what they chose in that of the random names.
        """
        voters = await rows(
            f"delete from motion_voters where motion_id = ? returning {_VOTERS}", motion_id
        )
        await _insert(f"motion_voters ({_VOTERS})", sorted(tuple(r) for r in voters))
        box = await rows(
            f"delete from motion_secrets where motion_id = ? returning {_SECRETS}", motion_id
        )
        await _insert(f"motion_secrets ({_SECRETS})", sorted(tuple(r) for r in box))

    # Sums

    async def tallies(self, motion: Motion) -> tuple[Tally, ...]:
        """The sums of each matter as they stand."""
        found = await rows(
            "select matter, choice, heads, area from motion_sums where motion_id = ?", motion.id
        )
        sums = {(r["matter"], Choice(r["choice"])): Weight(r["heads"], r["area"]) for r in found}
        return tuple(
            Tally(motion.roll, *(sums.get((n, choice), NOTHING) for choice in Choice))
            for n in range(1, len(motion.asked) + 1)
        )

    async def present(self, motion_id: int) -> list[int]:
        """Numbers of the entries whose ballot is here, in the order of the roll."""
        found = await rows(
            "select voter from motion_voters where motion_id = ? and took_part = 1 order by voter",
            motion_id,
        )
        return [r["voter"] for r in found]

    async def _took_part(self, motion_id: int, voter: int, took_part: int) -> None:
        await Statement(
            "update motion_voters set took_part = ? where motion_id = ? and voter = ?",
            took_part,
            motion_id,
            voter,
        )

    async def _add(self, motion_id: int, choices: Choices, weight: Weight) -> None:
        """Change the sums by one ballot: one statement for each of the three choices."""
        for choice in sorted(set(choices)):
            matters = [n for n, said in enumerate(choices, 1) if said is choice]
            await Statement(
                "update motion_sums set heads = heads + ?, area = area + ? "
                f"where motion_id = ? and choice = ? and matter in ({marks(matters)})",
                weight.heads,
                weight.area,
                motion_id,
                choice,
                *matters,
            )

    async def _came(self, motion_id: int, heads: int, area: int) -> None:
        await Statement(
            "update motions set took_heads = took_heads + ?, took_area = took_area + ? "
            "where id = ?",
            heads,
            area,
            motion_id,
        )


def _numbers(motion: Motion) -> list[int]:
    """The number of each matter; 0 of one that stands alone."""
    return list(range(1, len(motion.matters) + 1)) or [0]


async def _insert(into: str, values: Sequence[tuple[object, ...]]) -> None:
    for start in range(0, len(values), _AT_ONCE):
        some = values[start : start + _AT_ONCE]
        group = f"({','.join('?' * len(some[0]))})"
        await Statement(
            f"insert into {into} values {','.join([group] * len(some))}",
            *(part for line in some for part in line),
        )


def _seat(found: Row) -> Seat:
    flats = tuple(json.loads(found["flats"]))
    ballot = None
    if found["choice"] is not None:
        ballot = Ballot(choices_of(found["choice"]), Way(found["way"]))
    return Seat(
        Entitled(found["voter"], flats, found["name"], found["area"], found["salt"]),
        found["owner_id"],
        bool(found["took_part"]),
        ballot,
        found["changes"],
    )
