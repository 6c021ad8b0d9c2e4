"""Seats store 表决名册: who is entitled in a vote, frozen at its opening, and who took part."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.ballots import Ballot, Way
from domain.electorate import Frozen
from domain.ledger import Entitled
from domain.matters import choices_of
from domain.motions import Motion
from domain.verdict import Choice
from storage.places import below_any
from storage.statement import Row, inserted_all, marks, row, rows

_FROZEN: Final = "motion_voters (motion_id, voter, owner_id, name, flats, salt, area)"


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


class Seats:
    """Repository of frozen rolls; the motion is held by whoever writes."""

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
        await inserted_all(_FROZEN, voters)
        await inserted_all("motion_homes (motion_id, place_id, voter)", homes)
        await inserted_all("motion_sums (motion_id, matter, choice, heads, area)", sums)

    async def get(self, motion_id: int, voter: int) -> Seat | None:
        """One entry of the frozen roll."""
        found = await row(
            "select * from motion_voters where motion_id = ? and voter = ?", motion_id, voter
        )
        return _seat(found) if found is not None else None

    async def held_by(
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

    async def at(self, motion_id: int, place_id: int) -> list[Seat]:
        """Entries that have a flat in that household."""
        found = await rows(
            "select v.* from motion_voters v join motion_homes h on h.motion_id = v.motion_id "
            "and h.voter = v.voter where v.motion_id = ? and h.place_id = ? order by v.voter",
            motion_id,
            place_id,
        )
        return [_seat(r) for r in found]

    async def of(self, motion_id: int, *, after: int = 0, limit: int = 1_000_000) -> list[Seat]:
        """The frozen roll from the entry behind ``after`` on."""
        found = await rows(
            "select * from motion_voters where motion_id = ? and voter > ? "
            f"order by voter limit {int(limit)}",
            motion_id,
            after,
        )
        return [_seat(r) for r in found]

    async def below(self, motion_id: int, path: str, *, after: int = 0, limit: int) -> list[Seat]:
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

    async def present(self, motion_id: int) -> list[int]:
        """Numbers of the entries whose ballot is here, in the order of the roll."""
        found = await rows(
            "select voter from motion_voters where motion_id = ? and took_part = 1 order by voter",
            motion_id,
        )
        return [r["voter"] for r in found]


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
