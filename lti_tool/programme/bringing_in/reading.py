"""From a file to rows of cells, each by its column. What the cells mean is `meaning.py`'s."""

from dataclasses import dataclass

from lti_tool.core.errors import Unusable
from lti_tool.papers.lists import open_rows
from lti_tool.programme.bringing_in.columns import FileWords, plain

MOST_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class RowRead:
    """One row as it stands in the file."""

    place: int
    """The row's number in the file, the headings being row 1."""
    cells: dict[str, str]
    """By column; only those of the file."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """The whole file."""

    rows: list[RowRead]
    unread: list[str]
    """Headings that were not understood."""
    refused: list[str]
    """Headings that are never read, such as a certificate's number."""


def read_file(data: bytes, words: FileWords) -> FileRead:
    """The rows of a CSV file or workbook; empty rows are passed over.

    :raises Unusable: the file cannot be read, or says nowhere who the rows are about.
    """
    cells = open_rows(data, most_rows=MOST_ROWS)
    at, unread, refused = _columns(cells[0], words)
    if not {"name", "email"} & set(at):
        raise Unusable(
            "The first row names no column that says who each row is about: "
            f"“{words.headings['name']}” or “{words.headings['email']}”. Take the template and "
            "copy your columns into it."
        )
    rows = [
        RowRead(place, {key: _cell(row, number) for key, number in at.items()})
        for place, row in enumerate(cells[1:], start=2)
        if row
    ]
    return FileRead(rows, unread, refused)


def _columns(headings: list[str], words: FileWords) -> tuple[dict[str, int], list[str], list[str]]:
    at: dict[str, int] = {}
    unread, refused = [], []
    for number, heading in enumerate(headings):
        name = plain(heading)
        if any(never in name for never in words.never):
            refused.append(heading.strip())
        elif name in words.known and words.known[name] in at:
            raise Unusable(
                f"Two columns are called “{words.headings[words.known[name]]}”, or mean the same. "
                "Take one of them out."
            )
        elif name in words.known:
            at[words.known[name]] = number
        elif name:
            unread.append(heading.strip())
    return at, unread, refused


def _cell(row: list[str], number: int) -> str:
    return " ".join(row[number].split()) if number < len(row) else ""
