"""Ballots store 票箱: one ballot of each owner, secret ones kept apart, and the sums."""

from collections.abc import Sequence
from typing import Final

from domain.ballots import Ballot
from domain.matters import Choices, written
from domain.motions import Motion
from domain.verdict import NOTHING, Choice, Tally, Weight
from storage.seats import Seat
from storage.statement import Statement, inserted_all, marks, rows, value

_VOTERS: Final = (
    "motion_id, voter, owner_id, name, flats, salt, area, took_part, choice, way, changes"
)
_SECRETS: Final = "motion_id, receipt, choice, matter"


class Ballots:
    """Repository of ballots and their sums; the motion is held by whoever writes."""

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
        await inserted_all(
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

        PostgreSQL keeps rows, and dumps them, in the order in which they were written, as far as
        a table has no room left by others: the voters lie in the roll's order afterwards, what
        they chose in that of the random names.
        """
        voters = await rows(
            f"delete from motion_voters where motion_id = ? returning {_VOTERS}", motion_id
        )
        await inserted_all(f"motion_voters ({_VOTERS})", sorted(tuple(r) for r in voters))
        box = await rows(
            f"delete from motion_secrets where motion_id = ? returning {_SECRETS}", motion_id
        )
        await inserted_all(f"motion_secrets ({_SECRETS})", sorted(tuple(r) for r in box))

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
