"""Export 票据链导出: ledger and verifier in one file, which a neighbour checks at home."""

import io
import zipfile
from collections.abc import Iterable
from importlib import resources
from typing import Final

from domain.holds import names_line
from domain.ledger import Entitled, export_line
from domain.motions import MotionState
from domain.people import Ability
from domain.refusal import Refusal
from handlers.ask import Ask
from handlers.messages import Reply
from handlers.motion_kinds import MotionNumber
from handlers.registry import command

MIME: Final = "application/zip"
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The same ledger makes the same file, byte by byte."""


def zipped(ledger: Iterable[tuple[str, str]], entries: Iterable[Entitled]) -> bytes:
    """Hashes and rows as one file: ``python3 FILE`` counts again, and it unpacks like any zip.

    Who the ``entries`` are lies beside the rows, as long as their names are held.
    """
    lines = "".join(f"{export_line(head, text)}\n" for head, text in ledger)
    names = "".join(f"{names_line(e)}\n" for e in entries if e.salt)
    script = resources.files("handlers").joinpath("vote_verifier.py").read_text("utf-8")
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        parts = {"ledger.jsonl": lines, "verify.py": script, "__main__.py": script}
        for name, text in ({**parts, "names.jsonl": names} if names else parts).items():
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, text)
    return kept.getvalue()


def unzipped(content: bytes) -> list[str]:
    """The lines of an export, of the zip or of the bare ``ledger.jsonl``.

    Raises:
        ValueError: It is neither.
    """
    kept = io.BytesIO(content)
    try:
        if zipfile.is_zipfile(kept):
            content = zipfile.ZipFile(kept).read("ledger.jsonl")
        text = content.decode()
    except (KeyError, UnicodeDecodeError, zipfile.BadZipFile, RuntimeError) as error:
        raise ValueError("no export") from error
    return text.removesuffix("\n").split("\n")


def names_in(content: bytes) -> list[str]:
    """The lines that say who an export's entries are; none where their time is over."""
    kept = io.BytesIO(content)
    if not zipfile.is_zipfile(kept):
        return []
    file = zipfile.ZipFile(kept)
    is_there = "names.jsonl" in file.namelist()
    return file.read("names.jsonl").decode().splitlines() if is_there else []


@command(
    "票据链",
    "ledger",
    may=Ability.SEE_ISSUES,
    section="votes",
    where="private",
    everyday=("ledger",),
)
async def export(ask: Ask, number: MotionNumber) -> Reply:
    """The whole ledger of a vote that ended, with the script that counts it again."""
    found = await ask.motion(number)
    if found.state is not MotionState.CLOSED:
        raise Refusal("motion_not_counted", label=found.label, at=found.closes_at)
    seats = await ask.unit.seats.of(found.id)
    content = zipped(await ask.unit.motions.ledger(found.id), [seat.entry for seat in seats])
    document = await ask.keep_document(f"motion-{found.number}.zip", MIME, content)
    facts = {"label": found.label, "name": document.name, "head": found.closing_head}
    return Reply("motion.export", facts, document=document)
