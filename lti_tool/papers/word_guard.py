"""The guarded way into a Word document: a zip archive of XML parts, both of which can be hostile.

Sizes are bounded while unpacking, a document type and deep nesting are refused, and only then may
mammoth read the file. Other formats get a sentence that says how to save as .docx. The bounds are
those of a long essay; pictures are not unpacked at all.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from lti_tool.core.errors import Unusable

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes."""
_MOST_ENTRIES = 2_000
_LARGEST_PART = 12 * 1024 * 1024
_MOST_XML = 24 * 1024 * 1024
_DEEPEST = 120
_MOST_ELEMENTS = 400_000
_CHUNK = 64 * 1024
_SAVE = "Open it in Word, choose File, Save As, Word document (.docx), and bring that in."
_BROKEN = f"This Word document is damaged, or is not really one. {_SAVE}"
_TOO_MUCH = (
    "This document unpacks to far more than we take. Copy its text into a new document and bring "
    "that in."
)
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This is a PDF, whose text cannot be read safely. {_SAVE}"),
    (b"{\\rtf", f"This is a rich text file (.rtf). {_SAVE}"),
    (b"\x89PNG", "This is a picture. Choose the Word document."),
    (b"\xff\xd8\xff", "This is a picture. Choose the Word document."),
)


def check_word_file(data: bytes) -> str:
    """Make sure that a file is a Word document that can be read without harm.

    :return: the XML of the document itself.
    :raises Unusable: it is not, with a sentence that says what to do.
    """
    _refuse_other_kinds(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _check_archive(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise Unusable(_BROKEN) from None


def _refuse_other_kinds(data: bytes) -> None:
    if not data.strip(b" \r\n\t"):
        raise Unusable("This file is empty. Choose the Word document.")
    if len(data) > LARGEST_FILE:
        raise Unusable(
            "This file is larger than 8 MB. Take the pictures out of it, save it, and bring it in "
            "again."
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unusable(
                "This document is locked with a password. Take the password off in Word (File, "
                "Info, Protect Document), save it and bring it in again."
            )
        raise Unusable(f"This is in an older Office format (.doc). {_SAVE}")
    for start, sentence in _OTHER_KINDS:
        if data.startswith(start):
            raise Unusable(sentence)
    if not data.startswith(b"PK"):
        raise Unusable(f"This file is not a Word document (.docx). {_SAVE}")


def _check_archive(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > _MOST_ENTRIES:
        raise Unusable(_TOO_MUCH)
    if "content.xml" in names and "mimetype" in names:
        raise Unusable(f"This is an OpenDocument file (.odt). {_SAVE}")
    if any(name.startswith("xl/") for name in names):
        raise Unusable(
            "This is a workbook. A provision map comes in under Your map; here we take .docx."
        )
    if "word/document.xml" not in names:
        raise Unusable(f"This file is an archive and not a Word document. {_SAVE}")
    left, found = _MOST_XML, b""
    for entry in entries:
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        content = _unpack(archive, entry, min(left, _LARGEST_PART))
        left -= len(content)
        _check_xml(content)
        if entry.filename == "word/document.xml":
            found = content
    return found.decode("utf-8", "replace")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    if entry.flag_bits & 1 or entry.compress_type not in (0, zipfile.ZIP_DEFLATED):
        raise Unusable(_BROKEN)
    parts, size = [], 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise Unusable(_TOO_MUCH)
            parts.append(chunk)
    return b"".join(parts)


def _check_xml(content: bytes) -> None:
    """Walk through a part: no document type (and so no entity), not too deep, not too much."""
    parser = expat.ParserCreate(namespace_separator=" ")
    depth, elements = 0, 0

    def refuse(*_: object) -> None:
        raise Unusable(_BROKEN)

    def opened(_name: str, _attributes: object) -> None:
        nonlocal depth, elements
        depth, elements = depth + 1, elements + 1
        if depth > _DEEPEST or elements > _MOST_ELEMENTS:
            raise Unusable(_TOO_MUCH)

    def closed(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError):
        raise Unusable(_BROKEN) from None


def has_tracked_changes(xml: str) -> bool:
    """Whether Word still tracks changes in the document's XML."""
    return re.search(r"<w:(?:ins|del|moveFrom|moveTo)\b", xml) is not None


def has_comments(xml: str) -> bool:
    """Whether the document's XML has comments in its margin."""
    return "<w:commentReference" in xml
