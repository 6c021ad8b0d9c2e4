"""Printing 打印: PDF and Word files, made in a process of their own that ends with its file.

A font, its reader and the makers of the files take some 100 MB; a quiet building never has them.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path
from typing import Final

import msgspec

from bot.charts import font_path
from handlers.printouts import Printout

PDF_MIME: Final = "application/pdf"
WORD_MIME: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_S: Final = 300.0
"""Of one file; a list of 10,000 owners takes less than one tenth of it."""
_ROOT: Final = Path(__file__).resolve().parents[1]
_ONE_AT_A_TIME: Final = asyncio.Lock()

log = logging.getLogger("mulin.printing")


def mime_of(printout: Printout) -> str:
    """The media type of the file that is made."""
    return WORD_MIME if printout.name.endswith(".docx") else PDF_MIME


def made(printout: Printout, font: Path | None) -> bytes:
    """The file; a PDF needs a Chinese ``font``. Takes a second and 100 MB."""
    if font is None:
        from bot.printing_word import word

        return word(printout)
    from bot.printing_pdf import pdf

    return pdf(printout, font)


async def printed(printout: Printout) -> bytes | None:
    """As ``made``, one after the other in other processes.

    None where the machine has no Chinese font for a PDF, or where it could not be made.
    """
    font = font_path() if mime_of(printout) == PDF_MIME else None
    if font is None and mime_of(printout) == PDF_MIME:
        return None
    async with _ONE_AT_A_TIME:
        return await elsewhere(printout, font)


async def elsewhere(printout: Printout, font: Path | None) -> bytes | None:
    """As ``made``, in a process of its own; None where it broke or took too long."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.printing", *([str(font)] if font else [])),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a library's words might tell what it printed
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            content, _ = await process.communicate(msgspec.json.encode(printout))
    except TimeoutError:
        content = b""
    finally:
        if process.returncode is None:  # too slow, or the program stops
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("not printed", extra={"event": "print_failed", "code": process.returncode})
        return None
    return content or None


def main() -> None:
    """Read a printout, write its file: with a font as the only argument a PDF, else for Word."""
    printout = msgspec.json.decode(sys.stdin.buffer.read(), type=Printout)
    sys.stdout.buffer.write(made(printout, Path(sys.argv[1]) if sys.argv[1:] else None))


if __name__ == "__main__":
    main()
