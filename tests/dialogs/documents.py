"""Documents 文件 that went out, read by other programs than those that made them."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from bot.charts import font_path
from storage.unit import Unit
from tests.conftest import Stairwell

NEEDS_FONT = pytest.mark.skipif(font_path() is None, reason="no font with Chinese characters")
NEEDS_OFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice")
_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


async def file_of(town: Stairwell, ending: str) -> bytes:
    """The newest file of that kind that anybody got."""
    sent = [e.shown.document for e in town.events if e.shown.document]
    file = next(d.file for d in reversed(sent) if d.name.endswith(ending))

    async def stored(unit: Unit) -> bytes:
        found = await unit.photos.get(file)
        assert found is not None
        return found.content

    return await town.town.app.database.unit(stored)


def said_in_pdf(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join(bare(page.extract_text()) for page in pages)


def bare(text: str) -> str:
    """Without blanks; pypdf puts a zero in front of each character of such a font."""
    return "".join(text.replace("\0", "").split())


def said_in_word(content: bytes) -> str:
    """Every word, by the parts of the file; each part is XML that another program reads."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(parts.read(name))
        body = ElementTree.fromstring(parts.read("word/document.xml"))
        return "".join(text.text or "" for text in body.iter(_TEXT))


def as_pdf(given: Path) -> None:
    """Let LibreOffice open a file and write it as a PDF beside it."""
    home = f"-env:UserInstallation=file://{given.parent}/office"
    into = ("--convert-to", "pdf", "--outdir", str(given.parent))
    call = ("soffice", home, "--headless", *into, str(given))
    subprocess.run(call, check=True, capture_output=True, timeout=120)
