"""Opening a list that a person brings: the first sheet of an .xlsx, or a CSV, as rows of text.

Bounded, and nothing in it is worked out. What the columns mean is for the caller; `folded` helps to
know a heading however it is written.
"""

import csv
import io
import re
from itertools import islice

from lti_tool.core.errors import Unusable
from lti_tool.papers.reading import LARGEST_FILE, read_cells
from lti_tool.papers.tables import SIGNS_OF_A_FORMULA

MOST_ROWS, _MOST_COLUMNS = 5_000, 60
_LONGEST_CELL = 2_000
_SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV and choose it again."
_NO_TABLES = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"<")


def _letters(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable(f"The letters in this file could not be read. {_SAVE_AS}")


def _from_csv(data: bytes, most_rows: int) -> list[list[str]]:
    text = _letters(data)
    if "\0" in text:
        raise Unusable(f"This file is no table that can be read. {_SAVE_AS}")
    first = text.split("\n", 1)[0]
    sign = max(",;\t", key=first.count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        return [[*map(_unquoted, row)] for row in islice(reader, most_rows + 2)]
    except csv.Error:
        raise Unusable(
            f"This file could not be read as CSV. Is a quotation mark missing? {_SAVE_AS}"
        ) from None


def _unquoted(cell: str) -> str:
    """Without the apostrophe that keeps a text from being a formula, so that what
    `tables.to_csv` wrote comes back as it was."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in SIGNS_OF_A_FORMULA else cell


def folded(text: str) -> str:
    """A heading without what does not matter: capitals, punctuation, further spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


def open_rows(data: bytes, *, most_rows: int = MOST_ROWS) -> list[list[str]]:
    """The rows of a list as they are numbered in it: an empty row is an empty list.

    :param data: the whole file; what it is comes from its first bytes, not from its name. A CSV
        has commas, semicolons or tabs, whichever its first line holds most of.
    :param most_rows: beside the headings.
    :raises Unusable: a sentence that says what to do.
    """
    if len(data) > LARGEST_FILE:
        raise Unusable("This file is larger than 2 MB. Keep only the list in it.")
    if data.startswith(_NO_TABLES):
        raise Unusable(f"This file is no table, or an old or locked workbook. {_SAVE_AS}")
    if data.startswith(b"PK"):
        rows = read_cells(data, most_rows=most_rows + 1, most_columns=_MOST_COLUMNS, what="list")
    else:
        rows = _from_csv(data, most_rows)
    found = [[cell.strip() for cell in row] if any(map(str.strip, row)) else [] for row in rows]
    if not any(found):
        raise Unusable("This file holds no rows. Choose the file that holds the list.")
    if len(found) > most_rows + 1 or max(map(len, found)) > _MOST_COLUMNS:
        raise Unusable(
            f"This table is too large: at most {most_rows} rows and {_MOST_COLUMNS} columns."
        )
    return found


def open_list(data: bytes) -> list[list[str]]:
    """The rows of a list, empty ones left out and no cell longer than 2,000 characters.

    :param data: as for `open_rows`.
    :raises Unusable: a sentence that says what to do.
    """
    return [[cell[:_LONGEST_CELL] for cell in row] for row in open_rows(data) if row]
