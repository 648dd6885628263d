"""The guarded way into an .xlsx file: a zip archive of XML parts, both of which can be hostile.

Sizes are bounded while decompressing, not by what the archive declares. A part of a workbook has no
document type, so any is refused and with it every entity (billion laughs, external entities).
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Protocol
from xml.parsers import expat

from lti_tool.activities.provision_map_audit.sheets.cells import UnreadableFile

_MAX_ENTRIES = 2_000
_MAX_PART = 32 * 1024 * 1024
_MAX_SMALL_PART = 4 * 1024 * 1024
_MAX_ALL = 48 * 1024 * 1024
_MAX_RATIO = 200
_CHUNK = 64 * 1024

_SAVE = "Open it and save it as an Excel workbook (.xlsx), then bring that in."
_BOMB = (
    "This workbook unpacks to far more than a provision map holds, so we stopped. Copy only the "
    "provision rows into a new workbook and bring that in."
)
_BROKEN = (
    "This workbook is damaged or is not really an Excel file. Open it in Excel, save it again as "
    ".xlsx and bring that in."
)


class PartHandler(Protocol):
    """What a reader of one XML part offers."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens."""

    def end(self, tag: str) -> None:
        """An element closes."""

    def text(self, text: str) -> None:
        """Characters between tags."""


class Archive:
    """An .xlsx archive whose parts are read with limits; raises UnreadableFile."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > _MAX_ENTRIES:
            raise UnreadableFile(_BOMB)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise UnreadableFile(_BROKEN) from error
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._left = _MAX_ALL
        self._refuse_other_kinds()
        self._refuse_declared_bomb()

    def _refuse_other_kinds(self) -> None:
        names = self._names
        if "xl/workbook.xml" in names:
            return
        if "xl/workbook.bin" in names:
            raise UnreadableFile(f"This is a binary Excel workbook (.xlsb). {_SAVE}")
        if any(name.startswith("word/") for name in names):
            raise UnreadableFile(
                "This is a Word document. Copy its table into an empty Excel sheet, save that as "
                ".xlsx and bring it in."
            )
        if any(name.startswith("ppt/") for name in names):
            raise UnreadableFile("This is a PowerPoint file. Copy its table into Excel instead.")
        if any(name.startswith("index/") or name == "index.zip" for name in names):
            raise UnreadableFile(
                "This is an Apple Numbers file. In Numbers choose File, Export To, Excel, and "
                "bring that in."
            )
        if "content.xml" in names and "mimetype" in names:
            raise UnreadableFile(f"This is an OpenDocument file (.ods). {_SAVE}")
        raise UnreadableFile(
            "This file is an archive (zip) and not a workbook. Unpack it and choose the "
            "spreadsheet inside."
        )

    def _refuse_declared_bomb(self) -> None:
        for entry in self._zip.infolist():
            packed = max(entry.compress_size, 1)
            large = entry.file_size > 8 * 1024 * 1024
            if entry.filename.lower().startswith("xl/media/"):
                continue
            if entry.file_size > _MAX_PART or (large and entry.file_size / packed > _MAX_RATIO):
                raise UnreadableFile(_BOMB)

    def read(self, name: str) -> bytes:
        """The bytes of one part, within the limits."""
        real = self._names.get(name.lower())
        if real is None:
            raise UnreadableFile(_BROKEN)
        entry = self._zip.getinfo(real)
        if entry.flag_bits & 1 or entry.compress_type not in (0, zipfile.ZIP_DEFLATED):
            raise UnreadableFile(_BROKEN)
        is_sheet = name.lower().startswith("xl/worksheets/") or "sharedstrings" in name.lower()
        limit = min(_MAX_PART if is_sheet else _MAX_SMALL_PART, self._left)
        parts, size = [], 0
        try:
            with self._zip.open(entry) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise UnreadableFile(_BOMB)
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise UnreadableFile(_BROKEN) from error
        self._left -= size
        return b"".join(parts)

    def parse_if_there(self, name: str, handler: PartHandler) -> None:
        """Parse a part that a small workbook may lack."""
        if name.lower() in self._names:
            parse_part(self.read(name), handler)


def parse_part(content: bytes, handler: PartHandler) -> None:
    """Send one XML part through a handler; refuses any document type and broken XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UnreadableFile(
            "This workbook holds XML declarations that Excel never writes, so we did not open it. "
            "Copy the rows into a new workbook and bring that in."
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableFile(_BROKEN) from error
