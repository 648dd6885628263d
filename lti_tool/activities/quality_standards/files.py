"""Files given as evidence: which kinds are taken, told by what is in them and not by their name.

Documents without macros, tables, pictures and plain text. They are given back as downloads only.
"""

import io
import re
import zipfile
from dataclasses import dataclass

from lti_tool.core.errors import Unusable

LARGEST = 5 * 1024 * 1024
"""Bytes."""
_MOST_PARTS = 5_000
_KINDS = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), CSV, plain text, PNG or JPEG"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_BY_FOLDER = {
    "word/": (".docx", f"{_OFFICE}.wordprocessingml.document"),
    "xl/": (".xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
    "ppt/": (".pptx", f"{_OFFICE}.presentationml.presentation"),
}
_BY_START = (
    (b"%PDF-", (".pdf",), "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", (".png",), "image/png"),
    (b"\xff\xd8\xff", (".jpg", ".jpeg"), "image/jpeg"),
)
_TEXTS = {".csv": "text/csv", ".txt": "text/plain"}
_UNSAFE = re.compile(r"[^\w .()&+-]+")


@dataclass(frozen=True, slots=True)
class Given:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes


def _ending(name: str) -> str:
    return "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""


def safe_name(name: str) -> str:
    """A file's name without its folders and without what a file system could misread."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    ending = _ending(bare)
    stem = _UNSAFE.sub("-", bare[: len(bare) - len(ending)]).strip(" .-") or "file"
    return stem[:120] + _UNSAFE.sub("", ending)[:10]


def _office_kind(content: bytes, ending: str) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if len(names) > _MOST_PARTS or "[Content_Types].xml" not in names:
        return None
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        raise Unusable("This file has macros in it. Save it without them and choose it again.")
    for folder, (wanted, kind) in _BY_FOLDER.items():
        if ending == wanted and any(one.startswith(folder) for one in names):
            return kind
    return None


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _kind_of(content: bytes, ending: str) -> str | None:
    for start, endings, kind in _BY_START:
        if content.startswith(start):
            return kind if ending in endings else None
    if content.startswith(b"PK"):
        return _office_kind(content, ending)
    return _TEXTS.get(ending) if _is_text(content) else None


def check_file(name: str, content: bytes) -> Given:
    """Make sure that a file may be kept as evidence.

    :raises Unusable: too large, empty, or of a kind that is not taken; says what to do.
    """
    if not content.strip():
        raise Unusable("This file is empty. Choose another.")
    if len(content) > LARGEST:
        raise Unusable(
            "This file is larger than 5 MB. Make it smaller, or give its address as a link."
        )
    kind = _kind_of(content, _ending(name))
    if kind is None:
        raise Unusable(
            f"This file could not be taken as what its name says. Choose {_KINDS}, or give the "
            "address where it lies as a link."
        )
    return Given(safe_name(name), kind, content)
