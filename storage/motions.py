"""Motions store 业主表决: their life, their settings, and the ledger that grows with each step."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.journal import Entry, Facts
from domain.ledger import GENESIS, LedgerRow, canonical, extend_row, sealed
from domain.matters import matters_of, matters_text
from domain.motions import Motion, MotionState, Preset, VoteSettings
from domain.people import Actor
from domain.places import ancestors
from domain.verdict import Weight
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import (
    Row,
    Statement,
    inserted_all,
    instant,
    instant_or_none,
    marks,
    row,
    rows,
    stored,
    stored_or_none,
    value,
)


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a ledger, known to the unit that holds its motion."""

    rows: int
    head: str
    at: datetime | None


class Motions:
    """Repository of motions. A ledger is written by whoever holds its motion, by no other."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ends: dict[int, _End] = {}

    async def settings(self, community_id: int) -> VoteSettings:
        """What a community has chosen for its votes."""
        found = await row("select * from vote_settings where community_id = ?", community_id)
        if found is None:
            return VoteSettings()
        return VoteSettings(
            notice_days=found["notice_days"],
            publicity_days=found["publicity_days"],
            binding=frozenset(Preset(p) for p in found["binding"].split(",") if p),
            proxies=found["proxies"],
            fewest=found["fewest"],
            hold_days=found["hold_days"],
        )

    async def set_settings(self, community_id: int, chosen: VoteSettings) -> None:
        """Let votes that are announced from now on follow these."""
        await Statement(
            "insert into vote_settings (community_id, notice_days, publicity_days, binding, "
            "proxies, fewest, hold_days) values (?, ?, ?, ?, ?, ?, ?) "
            "on conflict (community_id) do update set "
            "notice_days = excluded.notice_days, publicity_days = excluded.publicity_days, "
            "binding = excluded.binding, proxies = excluded.proxies, fewest = excluded.fewest, "
            "hold_days = excluded.hold_days",
            community_id,
            chosen.notice_days,
            chosen.publicity_days,
            ",".join(sorted(chosen.binding)),
            chosen.proxies,
            chosen.fewest,
            chosen.hold_days,
        )

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Motion:
        """The motion 表``number``.

        Raises:
            Refusal: ``motion_absent``, alike for "there is none" and "not for you".
        """
        found = await numbered("motions", number, community_id=community_id, seen_by=seen_by)
        return _motion(found)

    async def by_id(self, motion_id: int) -> Motion:
        """The motion with that id, for the program itself; a bug if there is none."""
        return _motion(await kept("motions", motion_id))

    async def all_of(self, community_id: int) -> list[Motion]:
        """Every motion of a community, for whoever audits them."""
        found = await rows(
            "select * from motions where community_id = ? order by number", community_id
        )
        return [_motion(r) for r in found]

    async def live_for(self, actor: Actor) -> list[Motion]:
        """Motions on notice or open that concern somebody, the next to close first; ten."""
        return await self._seen(actor, "state in ('announced', 'open')", "closes_at limit 10")

    async def newest_for(self, actor: Actor) -> list[Motion]:
        """The newest motions that concern somebody, wherever they stand; five."""
        return await self._seen(actor, "1 = 1", "id desc limit 5")

    async def _seen(self, actor: Actor, which: str, order: str) -> list[Motion]:
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("path", homes)
        found = await rows(
            f"select * from motions where {which} and ({below} "
            f"or place_id in ({marks(above)})) order by {order}",
            *bounds,
            *above,
        )
        return [_motion(r) for r in found]

    async def add(self, motion: Motion) -> Motion:
        """Store a motion that is announced; it comes back with its id."""
        new_id = await value(
            "insert into motions (community_id, number, place_id, path, author_id, title, text, "
            "preset, is_secret, is_binding, announced_at, opens_at, closes_at, state, fewest, "
            "proxies, matters) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "returning id",
            motion.community_id,
            motion.number,
            motion.place_id,
            motion.path,
            motion.author_id,
            motion.title,
            motion.text,
            motion.preset,
            int(motion.is_secret),
            int(motion.is_binding),
            stored(motion.announced_at),
            stored(motion.opens_at),
            stored(motion.closes_at),
            motion.state,
            motion.fewest,
            motion.proxies,
            matters_text(motion.matters),
        )
        motion = replace(motion, id=new_id)
        after: Facts = {"number": motion.number, "preset": motion.preset.value}
        self.note(motion, "announce", motion.author_id, motion.announced_at, after)
        return motion

    async def hold(self, motion: Motion) -> Motion:
        """Let nobody else touch the motion until this unit has ended; as it stands now."""
        found = await row(
            "update motions set version = version + 1 where id = ? returning *", motion.id
        )
        if found is None:
            raise ValueError(f"no motion {motion.id}")
        last = found["ledger_at"]
        head = found["ledger_head"] or GENESIS
        self._ends[motion.id] = _End(found["ledger_rows"], head, instant_or_none(last or None))
        return _motion(found)

    async def save(self, motion: Motion, verb: str, *, by: int | None, now: datetime) -> None:
        """Store a step in the life of a motion.

        Raises:
            Conflict: It ended since it was loaded; the driver runs the unit again.
        """
        saved = await rows(
            "update motions set state = ?, opens_at = ?, closes_at = ?, heads = ?, area = ?, "
            "fingerprint = ?, opening_head = ?, closing_head = ?, final_at = ?, "
            "version = version + 1 where id = ? and state in ('announced', 'open') returning id",
            motion.state,
            stored(motion.opens_at),
            stored(motion.closes_at),
            motion.roll.heads,
            motion.roll.area,
            motion.fingerprint,
            motion.opening_head,
            motion.closing_head,
            stored_or_none(motion.final_at),
            motion.id,
        )
        if not saved:
            raise Conflict("motions", motion.id)
        after: Facts = {
            "state": motion.state.value,
            "closes_at": stored(motion.closes_at),
            "roll": motion.fingerprint,
            "head": motion.closing_head or motion.opening_head,
        }
        self.note(motion, verb, by, now, after)

    async def extend(self, motion: Motion, *, by: int, now: datetime) -> None:
        """Store a later close of a motion that this unit holds; the ledger tells it."""
        at = self.ledger_at(motion.id, now)
        await self.write(motion.id, [extend_row(motion.closes_at, at)], at)
        await self.save(motion, "extend", by=by, now=now)

    async def keep_roll_version(self, motion_id: int, version: int) -> None:
        """Note which version of the community's roll was frozen."""
        await Statement("update motions set roll_version = ? where id = ?", version, motion_id)

    async def roll_version(self, motion_id: int) -> int:
        """Which version of the community's roll was frozen."""
        return int(await value("select roll_version from motions where id = ?", motion_id))

    def note(self, motion: Motion, verb: str, by: int | None, now: datetime, after: Facts) -> None:
        """Journal a step, never a ballot; the heads tie the ledger into the journal."""
        entry = Entry(now, by, "motion", motion.id, verb, {}, after)
        self._journal.note(motion.community_id, entry)

    # The ledger

    def ledger_at(self, motion_id: int, now: datetime) -> datetime:
        """The time of a new row: now, or where a clock was set back the time of the last row."""
        last = self._ends[motion_id].at
        return max(now, last) if last else now

    async def write(
        self, motion_id: int, ledger_rows: Iterable[LedgerRow], at: datetime
    ) -> list[str]:
        """Append rows to the ledger of a motion that this unit holds; the head after each."""
        end = self._ends[motion_id]
        new = sealed(map(canonical, ledger_rows), end.head)
        numbered = [(end.rows + n, text, after) for n, (after, text) in enumerate(new, 1)]
        await inserted_all(
            "motion_ledger (motion_id, seq, row_text, hash)",
            [(motion_id, *line) for line in numbered],
        )
        heads = [after for after, _ in new]
        self._ends[motion_id] = _End(end.rows + len(new), [end.head, *heads][-1], at)
        await Statement(
            "update motions set ledger_rows = ?, ledger_head = ?, ledger_at = ? where id = ?",
            self._ends[motion_id].rows,
            self._ends[motion_id].head,
            stored(at),
            motion_id,
        )
        return heads

    def ledger_size(self, motion_id: int) -> int:
        """How many rows the ledger of a motion that this unit holds has by now."""
        return self._ends[motion_id].rows

    async def ledger(self, motion_id: int) -> list[tuple[str, str]]:
        """Hash and text of every row, in order."""
        found = await rows(
            "select hash, row_text from motion_ledger where motion_id = ? order by seq", motion_id
        )
        return [(r["hash"], r["row_text"]) for r in found]

    async def is_in_ledger(self, motion_id: int, words: str) -> bool:
        """Whether any row of a ledger has these very words."""
        return bool(
            await value(
                "select 1 from motion_ledger where motion_id = ? and row_text like ? limit 1",
                motion_id,
                f"%{words}%",
            )
        )

    async def ledger_row(self, motion_id: int, seq: int) -> tuple[str, str] | None:
        """Hash and text of one row, None where there is none."""
        found = await row(
            "select hash, row_text from motion_ledger where motion_id = ? and seq = ?",
            motion_id,
            seq,
        )
        return (found["hash"], found["row_text"]) if found is not None else None


def _motion(found: Row) -> Motion:
    return Motion(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        title=found["title"],
        text=found["text"],
        preset=Preset(found["preset"]),
        is_secret=bool(found["is_secret"]),
        is_binding=bool(found["is_binding"]),
        announced_at=instant(found["announced_at"]),
        opens_at=instant(found["opens_at"]),
        closes_at=instant(found["closes_at"]),
        state=MotionState(found["state"]),
        roll=Weight(found["heads"], found["area"]),
        took_part=Weight(found["took_heads"], found["took_area"]),
        fingerprint=found["fingerprint"],
        opening_head=found["opening_head"],
        closing_head=found["closing_head"],
        final_at=instant_or_none(found["final_at"]),
        fewest=found["fewest"],
        proxies=found["proxies"],
        matters=matters_of(found["matters"]),
    )
