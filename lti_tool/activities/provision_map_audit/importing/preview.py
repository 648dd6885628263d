"""What an import gives back for a person to look at before anything is kept.

Plain data only. Text that the privacy guard left out is in none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.rows import ProvisionRow


@dataclass(frozen=True)
class Problem:
    """One thing to look at, at its row and cell.

    `kind`: "unread" (no value taken), "check" (a value taken, please check it) or "privacy" (text
    left out; `clear_key` is set where a person may say "not a child").
    """

    sheet: str
    row_number: int
    heading: str
    coordinate: str
    shown: str
    sentence: str
    kind: Literal["unread", "check", "privacy"] = "unread"
    field: str = ""
    clear_key: str | None = None


@dataclass(frozen=True)
class ReadAs:
    """ "We read this as …" for one cell."""

    heading: str
    coordinate: str
    shown: str
    said: str
    note: str | None = None


@dataclass(frozen=True)
class ImportedRow:
    """A row of the map with what was read, what was not, and the unread text by field."""

    sheet: str
    row_number: int
    row: ProvisionRow
    problems: tuple[Problem, ...] = ()
    readings: tuple[ReadAs, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SkippedRow:
    """A row of the sheet that is no provision. `kind` is title, heading, header, total, note,
    pupil or no_header; nothing of a row about one pupil is kept but its number. `clear_key` is set
    where a person may say that it is about no child."""

    sheet: str
    row_number: int
    kind: str
    reason: str
    clear_key: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """A column left out by the privacy guard. `clear_key` is set where that can be undone."""

    sheet: str
    index: int
    heading: str
    reason: str
    clear_key: str | None = None


@dataclass(frozen=True)
class SheetPreview:
    """How one sheet was understood. `header_rows` are counted from 1."""

    name: str
    header_rows: tuple[int, ...]
    columns: tuple[ColumnMatch, ...]
    notices: tuple[str, ...]

    @property
    def unsure(self) -> tuple[ColumnMatch, ...]:
        """Columns for a person to match or to confirm."""
        return tuple(column for column in self.columns if not column.sure)


@dataclass(frozen=True)
class ImportPreview:
    """Everything found in a workbook."""

    sheets: tuple[SheetPreview, ...]
    rows: tuple[ImportedRow, ...]
    left_out: tuple[LeftOut, ...]
    skipped: tuple[SkippedRow, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems in order of rows."""
        return tuple(problem for row in self.rows for problem in row.problems)
