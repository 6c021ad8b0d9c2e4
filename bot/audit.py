"""Audit 核对: recomputes every vote from its ledger alone, and looks for rows that were changed."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.running import open_database, say
from bot.settings_file import read_settings
from bot.terminal import Terminal
from domain.audit import Audited, audited
from domain.holds import read_names, renamed
from domain.ledger import Entitled, canonical, export_line
from domain.motions import Motion, MotionState
from domain.verdict import Tally
from handlers.messages import Typed, Words
from handlers.motion_card import hurdle_lines
from handlers.motion_export import names_in, unzipped, zipped
from storage.unit import Unit


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for: an export to check, or a vote to write into one."""

    config: Path
    file: Path | None = None
    export: Path | None = None
    motion: int | None = None


async def audit(options: Options) -> int:
    """Audit; 0 where everything fits, 1 where something does not.

    Raises:
        StorageFault: The database cannot be used, or a program has it in use.
    """
    if options.file is not None:
        return _of_file(options.file, Terminal())
    settings = read_settings(options.config)
    terminal, database = Terminal(settings.language), open_database(settings)
    await database.open(migrate=False)
    try:
        found = await database.read(_votes)
    finally:
        await database.close()
    if options.export is not None:
        return _exported(found, options, terminal)
    unsound = [vote for vote in found.votes if not _told(vote, terminal)]
    for name, seq in found.breaks:
        say(terminal.words("audit.journal_broken", community=name, seq=seq))
    if not found.breaks:
        say(terminal.words("audit.journal_whole", count=len(found.votes)))
    return 1 if unsound or found.breaks else 0


@dataclass(frozen=True, slots=True)
class _Vote:
    motion: Motion
    ledger: list[tuple[str, str]]
    heads: set[str]
    """What the journal says was published."""
    tallies: tuple[Tally, ...]
    """What the program itself counted, of each matter."""
    entries: list[Entitled]
    """The frozen roll, with the names that are still held."""


@dataclass(frozen=True, slots=True)
class _Found:
    votes: list[_Vote]
    breaks: list[tuple[str, int]]


async def _votes(unit: Unit) -> _Found:
    """Every vote of every community, and the first break in each journal."""
    votes, breaks = [], []
    for community in await unit.places.communities():
        broken = await unit.journal.first_break(community.id)
        if broken is not None:
            breaks.append((community.name, broken))
        for motion in await unit.motions.all_of(community.id):
            entries = await unit.journal.of("motion", motion.id)
            heads = {str(entry.after.get("head")) for entry in entries}
            ledger = await unit.motions.ledger(motion.id)
            tallies = await unit.ballots.tallies(motion)
            roll = [seat.entry for seat in await unit.seats.of(motion.id)]
            votes.append(_Vote(motion, ledger, heads, tallies, roll))
    return _Found(votes, breaks)


def _told(vote: _Vote, terminal: Terminal) -> bool:
    """Say how a vote stands; whether it fits its own rows, and these what was published."""
    motion = vote.motion
    if not vote.ledger:
        say(terminal.words("audit.no_ledger", label=motion.label, title=Typed(motion.title)))
        return motion.state in {MotionState.ANNOUNCED, MotionState.CANCELLED}
    found = audited(export_line(head, text) for head, text in vote.ledger)
    say(terminal.words("audit.vote", label=motion.label, title=Typed(motion.title)))
    is_sound = _say(found, terminal)
    if is_sound:
        is_sound = _names_fit(vote.entries, (text for _, text in vote.ledger), terminal)
    for head in (motion.opening_head, motion.closing_head):
        if head and head not in vote.heads:
            say(terminal.words("audit.head_unknown", head=head))
            is_sound = False
    if found.tallies not in {(), vote.tallies}:
        say(terminal.words("audit.other_sums"))
        is_sound = False
    said = (found.opening_head, found.head if found.is_closed else "")
    if said != (motion.opening_head, motion.closing_head):
        say(terminal.words("audit.other_head"))
        is_sound = False
    return is_sound


def _say(found: Audited, terminal: Terminal) -> bool:
    """Say what a ledger tells; whether nothing in it is wrong."""
    for flaw in found.flaws:
        say(terminal.words(f"flaw.{flaw.key}", line=flaw.line))
    say(terminal.words("audit.heads", opening=found.opening_head, head=found.head))
    for n, verdict in enumerate(found.verdicts if found.is_closed else ()):
        if found.titles:
            facts = {"number": n + 1, "title": Typed(found.titles[n])}
            say(terminal.said(Words("matters.line", facts)))
        for hurdle in hurdle_lines(verdict):
            say(terminal.said(hurdle))
        say(terminal.said(Words("motion.passes" if verdict.passes else "motion.fails")))
    if not found.flaws:
        say(terminal.words("audit.fits" if found.is_closed else "audit.fits_so_far"))
    return not found.flaws


def _of_file(path: Path, terminal: Terminal) -> int:
    try:
        content = path.read_bytes()
        lines, entries = unzipped(content), read_names(names_in(content))
    except (OSError, ValueError, KeyError, TypeError):
        print(terminal.words("audit.no_export", file=path), file=sys.stderr)
        return 1
    found = audited(lines)
    is_sound = _say(found, terminal)
    if not found.flaws:
        texts = [canonical(json.loads(line)["row"]) for line in lines]
        is_sound = _names_fit(entries, texts, terminal)
    return 0 if is_sound else 1


def _names_fit(entries: Iterable[Entitled], texts: Iterable[str], terminal: Terminal) -> bool:
    """Say whose name is not the one that the ledger has sealed."""
    changed = renamed(entries, texts)
    for number in changed:
        say(terminal.words("audit.other_name", number=number))
    return not changed


def _exported(found: _Found, options: Options, terminal: Terminal) -> int:
    assert options.export is not None
    chosen = [
        vote for vote in found.votes if vote.ledger and options.motion in {None, vote.motion.number}
    ]
    if len(chosen) != 1:
        print(terminal.words("audit.which", count=len(chosen)), file=sys.stderr)
        return 1
    options.export.write_bytes(zipped(chosen[0].ledger, chosen[0].entries))
    say(terminal.words("audit.exported", label=chosen[0].motion.label, file=options.export))
    return 0
