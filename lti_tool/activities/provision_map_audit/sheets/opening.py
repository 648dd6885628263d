"""Opening an uploaded spreadsheet: the content is sniffed, bounded, and given as plain cells.

The name of the file is only shown to people; what it is comes from its first bytes. Whatever cannot
be opened raises UnreadableFile with one sentence that says what to do. Excel files are read in
`xlsx.py`, text files in `delimited.py`. Nothing here knows what a provision is.
"""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.sheets.cells import MAX_BYTES, UnreadableFile, Workbook
from lti_tool.activities.provision_map_audit.sheets.delimited import read_csv

_SAVE = "Open it and save it as an Excel workbook (.xlsx) or as CSV, then bring that in."

_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This file is a PDF. {_SAVE}"),
    (b"MZ", "This file is a program, not a spreadsheet. Choose your provision map instead."),
    (b"\x7fELF", "This file is a program, not a spreadsheet. Choose your provision map instead."),
    (b"{\\rtf", f"This file is a text document (RTF). Copy its table into Excel. {_SAVE}"),
    (b"\x89PNG", "This file is a picture. Choose the spreadsheet it was taken from."),
    (b"\xff\xd8\xff", "This file is a picture. Choose the spreadsheet it was taken from."),
    (b"GIF8", "This file is a picture. Choose the spreadsheet it was taken from."),
    (b"Rar!", "This file is an archive. Unpack it first and choose the spreadsheet inside."),
    (b"7z\xbc\xaf", "This file is an archive. Unpack it first and choose the spreadsheet inside."),
    (b"\x1f\x8b", "This file is an archive. Unpack it first and choose the spreadsheet inside."),
)


def open_workbook(filename: str, data: bytes) -> Workbook:
    """Open an .xlsx, .xlsm or delimited text file.

    `filename` is for showing; `data` is the whole file. Raises UnreadableFile with one sentence.
    """
    if not data.strip(b" \r\n\t"):
        raise UnreadableFile("This file is empty. Choose the file that holds your provision map.")
    if len(data) > MAX_BYTES:
        size = len(data) // (1024 * 1024)
        raise UnreadableFile(
            f"This file is about {size} MB and the most we take is {MAX_BYTES // 1024 // 1024} MB. "
            "Copy the provision map into a new workbook without pictures and bring that in."
        )
    _refuse_other_kinds(data)
    if data.startswith(b"PK"):
        from lti_tool.activities.provision_map_audit.sheets.xlsx import read_xlsx  # has openpyxl

        return read_xlsx(filename, data)
    return read_csv(filename, data)


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableFile(
                "This workbook is locked with a password. Open it in Excel, take the password off "
                "(File, Info, Protect Workbook), save it and bring it in again."
            )
        raise UnreadableFile(f"This file is in an older Office format (.xls). {_SAVE}")
    for start, sentence in _OTHER_KINDS:
        if data.startswith(start):
            raise UnreadableFile(sentence)
    head = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<svg")):
        raise UnreadableFile(f"This file is a web page or XML, not a workbook. {_SAVE}")
