"""What the cells of one row say, gathered before it is settled.

Filled by `row_building.py`, settled by `row_combining.py` and `row_money.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.importing.columns import ColumnMatch
from lti_tool.activities.provision_map_audit.importing.preview import Problem, ReadAs
from lti_tool.activities.provision_map_audit.readings.groups import GroupParts
from lti_tool.activities.provision_map_audit.readings.money import Money
from lti_tool.activities.provision_map_audit.readings.reading import short
from lti_tool.activities.provision_map_audit.readings.staff import StaffReading
from lti_tool.activities.provision_map_audit.readings.terms import TermTitle
from lti_tool.activities.provision_map_audit.readings.time_parts import TimeParts
from lti_tool.activities.provision_map_audit.sheets.cells import Cell

UNREAD_NAME = (
    "We could not read this cell, and it looks as if it names a person, so its text is left out. "
    "Type the value without the name."
)


@dataclass(frozen=True)
class RowContext:
    """Area and tier that hold until the next heading, and where they come from."""

    area: str | None = None
    tier: str | None = None
    where: str = ""
    term: TermTitle | None = None
    term_where: str = ""


@dataclass
class Gathered:
    """What the cells of one row say, before it is settled."""

    sheet: str
    row_number: int
    names_person: Callable[[str, str], bool] = lambda text, field: False
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    times: list[tuple[ColumnMatch, Cell, TimeParts]] = field(default_factory=list)
    lengths: list[tuple[ColumnMatch, Cell, Decimal]] = field(default_factory=list)
    groups: list[tuple[ColumnMatch, Cell, GroupParts]] = field(default_factory=list)
    staff: list[tuple[ColumnMatch, Cell, StaffReading]] = field(default_factory=list)
    staff_count: Decimal | None = None
    money: list[tuple[ColumnMatch, Cell, Money]] = field(default_factory=list)
    total_sessions: Decimal | None = None
    each_pupil: bool = False
    rates: tuple[Decimal, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    readings: list[ReadAs] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[ColumnMatch, Cell]] = field(default_factory=dict)
    measured: dict[str, dict[str, tuple[ColumnMatch, Cell]]] = field(default_factory=dict)
    ticks: list[tuple[ColumnMatch, Cell]] = field(default_factory=list)
    term_cells: dict[str, tuple[ColumnMatch, Cell]] = field(default_factory=dict)

    def problem(
        self, column: ColumnMatch | None, cell: Cell | None, sentence: str, kind: Any = "check"
    ) -> None:
        """Add a problem at a cell, or at the row when no cell is to blame."""
        shown = cell.text if cell and kind != "privacy" else ""
        if shown and self.names_person(shown, column.field or "" if column else ""):
            sentence, shown = sentence.replace(short(shown), "…"), ""
        self.problems.append(
            Problem(
                sheet=self.sheet,
                row_number=self.row_number,
                heading=column.heading if column else "",
                coordinate=cell.coordinate if cell else "",
                shown=shown,
                sentence=f"Row {self.row_number}: {sentence}",
                kind=kind,
                field=(column.field or "") if column else "",
            )
        )

    def keep_unread(self, column: ColumnMatch, cell: Cell, sentence: str) -> None:
        """A cell that could not be read: the row stays, the text is kept for correcting.

        Text that looks like a person's name is neither shown nor kept.
        """
        if cell.text and self.names_person(cell.text, column.field or ""):
            hidden = Cell(None, "", False, cell.coordinate)
            self.problem(column, hidden, UNREAD_NAME, "unread")
            return
        self.problem(column, cell, sentence, "unread")
        if cell.text:
            self.unread[column.field or ""] = cell.text

    def said(self, column: ColumnMatch, cell: Cell, said: str, note: str | None = None) -> None:
        """Note what was read, unless it is simply what stands in the cell."""
        if said:
            shown = "" if self.names_person(cell.text, column.field or "") else cell.text
            self.readings.append(ReadAs(column.heading, cell.coordinate, shown, said, note))
