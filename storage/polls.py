"""Polls store 投票: one door for votes, which keeps the sums exact under any number of hands."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.journal import Entry, Facts
from domain.people import Actor, Grant, Role
from domain.places import ancestors
from domain.polls import Manner, Poll, PollState, VoterKind, keys_held
from domain.refusal import Refusal
from storage.faults import Conflict
from storage.guarded import kept, numbered
from storage.journal import Journal
from storage.places import below_any
from storage.statement import Row, Statement, affected, inserted, instant, marks, row, rows, stored


class Polls:
    """Repository of polls and of who voted."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    async def get(self, number: int, *, community_id: int, seen_by: Actor) -> Poll:
        """The poll 票``number``.

        Raises:
            Refusal: ``poll_absent``, alike for "there is none" and "not for you".
        """
        found = await numbered("polls", number, community_id=community_id, seen_by=seen_by)
        return await self._whole(found)

    async def by_id(self, poll_id: int) -> Poll:
        """The poll with that id, for the program itself; a bug if there is none."""
        return await self._whole(await kept("polls", poll_id))

    async def add(self, poll: Poll) -> Poll:
        """Store a new poll; it comes back with its id."""
        poll_id = await inserted(
            "insert into polls (community_id, number, place_id, path, author_id, question, most, "
            "is_anonymous, voter, opened_at, closes_at, state, voters, version) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)",
            poll.community_id,
            poll.number,
            poll.place_id,
            poll.path,
            poll.author_id,
            poll.question,
            poll.manner.most,
            int(poll.manner.is_anonymous),
            poll.manner.voter,
            stored(poll.opened_at),
            stored(poll.closes_at),
            poll.state,
        )
        for position, option in enumerate(poll.options):
            await Statement(
                "insert into poll_options (poll_id, position, text, votes) values (?, ?, ?, 0)",
                poll_id,
                position,
                option,
            )
        poll = replace(poll, id=poll_id, votes=(0,) * len(poll.options), version=1)
        after: Facts = {"number": poll.number, "closes_at": stored(poll.closes_at)}
        self._note(poll, "open", poll.author_id, poll.opened_at, {}, after)
        return poll

    async def save(self, poll: Poll, verb: str, *, by: int | None, now: datetime) -> None:
        """Store a poll that was extended, closed or cancelled.

        Raises:
            Conflict: It changed since it was loaded; the driver runs the unit again.
        """
        was = await row("select state, closes_at from polls where id = ?", poll.id)
        saved = await affected(
            "update polls set state = ?, closes_at = ?, version = version + 1 "
            "where id = ? and state = 'open'",
            poll.state,
            stored(poll.closes_at),
            poll.id,
        )
        if was is None or not saved:
            raise Conflict("polls", poll.id)
        before: Facts = {"state": was["state"], "closes_at": was["closes_at"]}
        after: Facts = {"state": poll.state, "closes_at": stored(poll.closes_at)}
        self._note(poll, verb, by, now, before, after)

    async def hold(self, poll: Poll, now: datetime) -> None:
        """Let nobody close the poll, and nobody else vote in it, until this unit has ended.

        Raises:
            Refusal: ``poll_over``: it was closed meanwhile.
        """
        held = await affected(
            "update polls set version = version + 1 where id = ? and state = 'open' "
            "and closes_at > ?",
            poll.id,
            stored(now),
        )
        if not held:
            raise Refusal("poll_over", label=poll.label)

    async def choices(self, poll: Poll, voter: str) -> frozenset[int] | None:
        """What a voter chose, None if they have not voted; in an anonymous poll only *that*."""
        found = await row(
            "select choices from poll_voters where poll_id = ? and voter = ?", poll.id, voter
        )
        if found is None:
            return None
        if poll.manner.is_anonymous:
            return frozenset({-1})
        return frozenset(int(n) for n in (found["choices"] or "").split(",") if n)

    async def is_from_before(self, poll: Poll, voter: str, person_id: int) -> bool:
        """Whether a household's named vote was cast before somebody moved in there."""
        if poll.manner.is_anonymous or poll.manner.voter is VoterKind.PERSON:
            return False
        found = await row(
            "select 1 from poll_voters v join grants g on v.voter = 'h' || g.place_id "
            "where v.poll_id = ? and v.voter = ? and g.person_id = ? and g.role = ? "
            "and g.until is null and g.since > coalesce(v.voted_at, ?)",
            poll.id,
            voter,
            person_id,
            Role.RESIDENT,
            stored(poll.opened_at),
        )
        return found is not None

    async def vote(
        self,
        poll: Poll,
        voter: str,
        before: frozenset[int] | None,
        after: frozenset[int],
        *,
        now: datetime,
    ) -> None:
        """Store a voter's choices and keep the sums; the poll is held by this unit.

        Of a vote in an anonymous poll no instant is kept: with what the live count showed before
        and after it, that would tell the choice.
        """
        is_named = not poll.manner.is_anonymous
        if after:
            await Statement(
                "insert into poll_voters (poll_id, voter, choices, voted_at) values (?, ?, ?, ?) "
                "on conflict (poll_id, voter) do update set choices = excluded.choices, "
                "voted_at = excluded.voted_at",
                poll.id,
                voter,
                ",".join(map(str, sorted(after))) if is_named else None,
                stored(now) if is_named else None,
            )
        else:
            await Statement(
                "delete from poll_voters where poll_id = ? and voter = ?", poll.id, voter
            )
        for option in sorted(after ^ (before or frozenset())):
            await Statement(
                "update poll_options set votes = votes + ? where poll_id = ? and position = ?",
                1 if option in after else -1,
                poll.id,
                option,
            )
        await Statement(
            "update polls set voters = voters + ? where id = ?",
            int(bool(after)) - int(bool(before)),
            poll.id,
        )

    async def open_for(self, actor: Actor) -> list[Poll]:
        """Open polls at, above or below where somebody belongs, the next to close first; ten."""
        homes = sorted({grant.home for grant in actor.grants})
        above = sorted({place_id for home in homes for place_id in ancestors(home)})
        below, bounds = below_any("path", homes)
        found = await rows(
            f"select * from polls where state = 'open' and ({below} "
            f"or place_id in ({marks(above)})) order by closes_at limit 10",
            *bounds,
            *above,
        )
        return [await self._whole(r) for r in found]

    async def ended_for(self, place_ids: Sequence[int], since: datetime) -> list[Poll]:
        """Household polls at these places that were opened since then and ended; five."""
        found = await rows(
            f"select * from polls where place_id in ({marks(place_ids)}) and state = 'closed' "
            "and voter = 'household' and opened_at >= ? order by id desc limit 5",
            *place_ids,
            stored(since),
        )
        return [await self._whole(r) for r in found]

    async def silent(self, poll: Poll) -> list[int]:
        """Residents who may vote and have not, nor anybody of their household where it votes."""
        where, bounds = below_any("p.path", [poll.path])
        voted = await rows("select voter from poll_voters where poll_id = ?", poll.id)
        done = {r["voter"] for r in voted}
        homes = await rows(
            "select g.person_id, g.place_id, p.path, p.home from grants g "
            "join places p on p.id = g.place_id "
            f"where g.role = ? and g.until is null and {where}",
            Role.RESIDENT,
            *bounds,
        )
        return sorted(
            who.id for who in _residents(homes) if not done.issuperset(keys_held(poll, who))
        )

    async def named_choices(self, poll: Poll) -> dict[str, frozenset[int]]:
        """Voter → choices of a named poll, for whoever checks the count."""
        found = await rows("select voter, choices from poll_voters where poll_id = ?", poll.id)
        return {
            r["voter"]: frozenset(int(n) for n in (r["choices"] or "").split(",") if n)
            for r in found
        }

    async def _whole(self, found: Row) -> Poll:
        options = await rows(
            "select text, votes from poll_options where poll_id = ? order by position", found["id"]
        )
        return _poll(found, options)

    def _note(
        self,
        poll: Poll,
        verb: str,
        by: int | None,
        now: datetime,
        before: Facts,
        after: Facts,
    ) -> None:
        entry = Entry(now, by, "poll", poll.id, verb, before, after)
        self._journal.note(poll.community_id, entry)


def _residents(homes: Sequence[Row]) -> list[Actor]:
    held: dict[int, list[Grant]] = {}
    for r in homes:
        grant = Grant(Role.RESIDENT, r["place_id"], r["path"], r["home"])
        held.setdefault(r["person_id"], []).append(grant)
    return [Actor(person_id, "", None, tuple(grants)) for person_id, grants in held.items()]


def _poll(found: Row, options: Sequence[Row]) -> Poll:
    return Poll(
        id=found["id"],
        community_id=found["community_id"],
        number=found["number"],
        place_id=found["place_id"],
        path=found["path"],
        author_id=found["author_id"],
        question=found["question"],
        options=tuple(r["text"] for r in options),
        manner=Manner(found["most"], bool(found["is_anonymous"]), VoterKind(found["voter"])),
        opened_at=instant(found["opened_at"]),
        closes_at=instant(found["closes_at"]),
        state=PollState(found["state"]),
        votes=tuple(r["votes"] for r in options),
        voters=found["voters"],
        version=found["version"],
    )
