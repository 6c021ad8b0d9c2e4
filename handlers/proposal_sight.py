"""What a building said of its proposal 楼里说的话: it stays there once the proposal is lifted."""

from collections.abc import Sequence

from domain.journal import Entry
from domain.people import Actor
from domain.places import within
from domain.proposals import Proposal, ProposalStep
from storage.unit import Unit


def is_read(said_at: str, found: Proposal, viewer: Actor | None) -> bool:
    """Whether what was said among those of path ``said_at`` is shown.

    To everybody whom the proposal concerns, or, where that are more by now, to a viewer from there.
    """
    return within(found.path, said_at) or (viewer is not None and viewer.sees(said_at))


async def path_then(
    unit: Unit, found: Proposal, entries: Sequence[Entry], step: ProposalStep
) -> str:
    """Whom ``found`` concerned when ``step`` was last taken, by its journal ``entries``."""
    for entry in reversed(entries):
        if entry.verb == step:
            return await path_at(unit, found, entries, entry)
    return found.path


async def path_at(unit: Unit, found: Proposal, entries: Sequence[Entry], then: Entry) -> str:
    """Whom ``found`` concerned at one of its ``entries``: where the next lift took it from."""
    for later in entries[entries.index(then) + 1 :]:
        if later.verb == ProposalStep.LIFT:
            place_id = later.before["place_id"]
            return (await unit.places.get(int(str(place_id)))).path
    return found.path
