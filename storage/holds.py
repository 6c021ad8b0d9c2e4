"""Holds store 留存: names on ballots of ended votes, told to whom they name, gone in time."""

from datetime import datetime

from domain.motions import Motion
from storage.motions import Motions
from storage.statement import Row, Statement, rows, stored


class Holds:
    """Repository of the names that formal votes still hold."""

    def __init__(self, motions: Motions) -> None:
        self._motions = motions

    async def ended(self, community_id: int) -> list[Motion]:
        """Ended votes of a community whose voters still have names."""
        found = await rows(
            "select id from motions where community_id = ? and unnamed_at is null "
            "and fingerprint <> '' and state in ('closed', 'cancelled') order by id",
            community_id,
        )
        return [await self._motions.by_id(r["id"]) for r in found]

    async def unname(self, motion: Motion, now: datetime) -> None:
        """Take out of an ended vote who its voters were, with their papers and proxies."""
        await Statement(
            "update motion_voters set owner_id = null, name = '', flats = '[]', salt = '' "
            "where motion_id = ?",
            motion.id,
        )
        for table in ("motion_homes", "motion_papers", "motion_proxies"):
            await Statement(f"delete from {table} where motion_id = ?", motion.id)
        await Statement("update motions set unnamed_at = ? where id = ?", stored(now), motion.id)
        self._motions.note(motion, "unname", None, now, {})

    async def of(self, person_id: int) -> list[Row]:
        """Entries of frozen rolls that still name somebody, or their household, and their ballots.

        Of a secret vote only whether it is there; of a household's nothing to who moved in later.
        """
        return await rows(
            "select m.id as motion_id, '表' || m.number as motion, m.title, v.flats, v.name, "
            "v.took_part, v.choice, v.way from motion_voters v "
            "join motions m on m.id = v.motion_id where v.owner_id in "
            "(select owner_id from owner_people where person_id = ?) or (v.owner_id is null and "
            "exists (select 1 from motion_homes h join grants g on g.place_id = h.place_id "
            "where h.motion_id = v.motion_id and h.voter = v.voter and g.person_id = ? "
            "and g.role = 'resident' and g.until is null and g.since <= m.closes_at)) "
            "order by m.id, v.voter",
            person_id,
            person_id,
        )
