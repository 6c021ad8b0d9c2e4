"""Printed convention 打印公约: for the entrance, as PDF or for Word."""

from domain.conventions import Convention, ConventionState
from domain.motions import Motion
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.convention_card import effect, in_force_lines, voted_on
from handlers.convention_kinds import ConventionNumber
from handlers.kinds import Flag
from handlers.messages import Reply, Words
from handlers.motion_report import dated, no_file
from handlers.numbers import carried
from handlers.printouts import Part, PartKind, Printout, title
from handlers.registry import button, command
from handlers.wording import Speaker

SIGNERS = ("committee", "date")
"""Who signs a convention, and when."""


@command("打印公约", "printconvention", may=Ability.SEE_ISSUES, section="conventions")
async def print_convention(ask: Ask, number: ConventionNumber, word: Flag = 0) -> Reply:
    """The convention in force as a document for the entrance."""
    found = await ask.convention(number)
    if found.state not in {ConventionState.IN_FORCE, ConventionState.REPLACED}:
        raise Refusal("convention_not_in_force", label=found.label)
    printout = await _printout(ask, found, "docx" if word else "pdf")
    label = "button.as_pdf" if word else "button.as_word"
    other = button(print_convention, label, number=carried(found), word=1 - word)
    facts = {"label": found.label, "name": printout.name}
    return Reply("convention.printed", facts, ((other,),), is_private=True, printout=printout)


async def _printout(ask: Ask, found: Convention, ending: str) -> Printout:
    """Where it holds, by which vote, every clause with its result, and lines to sign."""
    vote = await voted_on(ask.unit, found)
    assert vote is not None
    place = (await ask.unit.places.get(found.place_id)).name
    speaker = ask.tell.speaker(ask.actor.lang)
    clauses = await in_force_lines(ask.unit, found)
    parts = [
        *_parts(found, vote[0], place, speaker),
        *(Part(PartKind.LARGE, speaker.say(line)) for line in clauses),
        Part(PartKind.SMALL, speaker.text("convention.printed_note", {})),
        *(Part(PartKind.SIGN, speaker.text(f"printout.sign_{who}", {})) for who in SIGNERS),
    ]
    name = f"convention-{found.number}.{ending}"
    return Printout(name, tuple(parts), found.label, no_file(speaker))


def _parts(found: Convention, motion: Motion, place: str, speaker: Speaker) -> list[Part]:
    """What stands above the clauses: where it holds, since when, and by which vote."""
    assert found.voted_at is not None
    said: list[tuple[str, Words | str | None]] = [
        ("place", place),
        ("in_force_since", dated(found.voted_at, speaker)),
        ("by_vote", motion.label),
        ("rule", effect(motion)),
        ("source", Words(f"presetsource.{motion.preset}")),
        ("closing_head", motion.closing_head),
    ]
    rows = tuple(
        (speaker.text(f"printout.{key}", {}), speaker.say(v) if isinstance(v, Words) else v)
        for key, v in said
        if v
    )
    return [title(found.name), Part(PartKind.FACTS, rows=rows)]
