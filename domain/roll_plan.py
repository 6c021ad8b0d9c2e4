"""Plan of an import 导入方案: what a sheet would add, change and remove."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.places import Place, ancestors, place_name
from domain.roll import Holding, Owner
from domain.roll_entries import Entry, Problem
from domain.roll_reading import Reading


@dataclass(frozen=True)
class Known:
    """What is stored of a community before the import; ``buildings`` and ``grids`` by name."""

    community: Place
    version: int = 0
    grids: Mapping[str, Place] = field(default_factory=dict)
    buildings: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    owners: Mapping[int, Owner] = field(default_factory=dict)
    holdings: tuple[Holding, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A holding that is there, and what the sheet says of it now."""

    holding: Holding
    owner: Owner
    entry: Entry

    @property
    def is_sold(self) -> bool:
        """Whether it has another owner."""
        return self.owner.key != (self.entry.owner, self.entry.mark)

    @property
    def is_resized(self) -> bool:
        """Whether its area is another one."""
        return self.holding.area_hundredths != self.entry.area_hundredths


@dataclass(frozen=True)
class Plan:
    """All that an import would do; nothing where something blocks it.

    Attributes:
        version: Of the roll that it was compared with; it is stored only onto that one.
        new_buildings: Buildings that the tree lacks → their grid.
    """

    version: int = 0
    problems: tuple[Problem, ...] = ()
    entries: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Holding, ...] = ()
    new_buildings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_blocked(self) -> bool:
        """Whether something has to be mended first."""
        return any(problem.blocks for problem in self.problems)

    @property
    def is_empty(self) -> bool:
        """Whether the roll says all that already."""
        return not (self.added or self.changed or self.removed or self.new_buildings)

    @property
    def owners(self) -> int:
        """How many owners the sheet names."""
        return len({(entry.owner, entry.mark) for entry in self.entries})

    @property
    def area_hundredths(self) -> int:
        """All area of the sheet."""
        return sum(entry.area_hundredths for entry in self.entries)


def planned(reading: Reading, known: Known) -> Plan:
    """What storing ``reading`` would do to what is ``known``.

    Only the buildings that a sheet names are compared: what it leaves out of them is removed,
    other buildings stay as they are.
    """
    found, new = _buildings(reading.entries, known)
    problems = sorted((*reading.problems, *found), key=lambda p: (not p.blocks, p.row))
    held = {holding.name: holding for holding in known.holdings}
    named = {entry.name for entry in reading.entries}
    changes = [_change(entry, held, known) for entry in reading.entries if entry.name in held]
    return Plan(
        version=known.version,
        problems=tuple(problems),
        entries=reading.entries,
        added=tuple(entry for entry in reading.entries if entry.name not in held),
        changed=tuple(change for change in changes if change is not None),
        removed=tuple(h for h in _compared(reading.entries, known) if h.name not in named),
        new_buildings=new,
    )


def _change(entry: Entry, held: Mapping[str, Holding], known: Known) -> Change | None:
    holding = held[entry.name]
    owner = known.owners[holding.owner_id]
    before = (*owner.key, owner.kind, holding.use, holding.area_hundredths)
    after = (entry.owner, entry.mark, entry.owner_kind, entry.use, entry.area_hundredths)
    return Change(holding, owner, entry) if before != after else None


def _compared(entries: Iterable[Entry], known: Known) -> Iterable[Holding]:
    """Holdings of the buildings that the sheet names; those of the estate itself beside them."""
    names = {entry.building for entry in entries}
    ids = {place.id for name in names for place in known.buildings.get(name, ())}
    for holding in known.holdings:
        if holding.place_id == known.community.id:
            if "" in names:
                yield holding
        elif ids & set(ancestors(holding.path)):
            yield holding


def _buildings(entries: Iterable[Entry], known: Known) -> tuple[list[Problem], dict[str, str]]:
    """Problems with buildings, each told once, and those that are to be made."""
    problems: list[Problem] = []
    new: dict[str, str] = {}
    rows: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.building:
            rows.setdefault(entry.building, []).append(entry)
    for building, held in rows.items():
        there = known.buildings.get(building, ())
        grids = {place_name(entry.grid) for entry in held if entry.grid}
        if len(there) > 1:
            problems.append(_problem("building_many", held))
        elif len(grids) > 1:
            problems.append(_problem("two_grids", held, grids="、".join(sorted(grids))))
        elif not there and not grids:
            names = "、".join(sorted(known.buildings)[:12]) or "—"
            problems.append(_problem("building_unknown", held, known=names))
        elif not there:
            new[building] = next(iter(grids))
        elif grids and not _is_in(there[0], grids, known):
            problems.append(_problem("building_elsewhere", held, blocks=False))
    return problems, new


def _is_in(building: Place, grids: Iterable[str], known: Known) -> bool:
    found = [known.grids[name] for name in grids if name in known.grids]
    return any(building.path.startswith(grid.path) for grid in found)


def _problem(key: str, held: Sequence[Entry], *, blocks: bool = True, **facts: str) -> Problem:
    said = {"building": held[0].building, "count": str(len(held)), **facts}
    return Problem(key, held[0].row, "", said, blocks)
