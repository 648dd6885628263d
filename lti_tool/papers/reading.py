"""Reading the cells of a small workbook that a person brings: bounded, values only.

For sheets the tool itself made. A stranger's spreadsheet is another matter, and has a reader of
its own in the activity that takes it. Sizes are checked before anything is unpacked (zipfile
reads no more of a part than it declares), and XML is read with entities switched off.
"""

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

from lti_tool.core.errors import Unusable

LARGEST_FILE = 2 * 1024 * 1024
_MOST_PARTS = 500
_LARGEST_PART = 16 * 1024 * 1024
_LARGEST_WHOLE = 24 * 1024 * 1024
_BROKEN = (
    "This file could not be read as an Excel workbook. Open it in Excel, save it as .xlsx and "
    "bring that in."
)


def _require_small(data: bytes, what: str) -> None:
    if len(data) > LARGEST_FILE:
        raise Unusable(f"This file is larger than 2 MB, which no {what} is.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unusable(_BROKEN) from None
    sizes = [part.file_size for part in parts]
    if len(parts) > _MOST_PARTS or max(sizes, default=0) > _LARGEST_PART:
        raise Unusable(f"This workbook holds far more than a {what}, so we stopped.")
    if sum(sizes) > _LARGEST_WHOLE:
        raise Unusable(f"This workbook unpacks to far more than a {what}, so we stopped.")


def _text(value: object) -> str:
    """A cell as a person would type it; figures without a binary tail."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        number = Decimal(repr(value))
        return format(number.to_integral_value() if number == int(number) else number, "f")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def read_cells(data: bytes, *, most_rows: int, most_columns: int, what: str) -> list[list[str]]:
    """The first sheet's cells as text, row by row; formulas give the value last worked out.

    :param what: what the sheet is, as sentences call it.
    :raises Unusable: the file is too large, damaged, or no workbook.
    """
    import openpyxl  # 5 MB and a twentieth of a start: only where a workbook comes

    if not openpyxl.DEFUSEDXML:  # openpyxl then reads XML with entities: never so
        raise Unusable("Workbooks cannot be read on this server: a part it needs is missing.")
    _require_small(data, what)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        try:
            sheet = book.worksheets[0]
            rows = sheet.iter_rows(max_row=most_rows + 1, max_col=most_columns, values_only=True)
            found = [[_text(value) for value in row] for row in rows]
        finally:
            book.close()
    except Exception:  # the library raises anything at all on a damaged file
        raise Unusable(_BROKEN) from None
    if len(found) > most_rows:
        raise Unusable(f"This sheet has more than {most_rows} rows, which no {what} of ours has.")
    return found
