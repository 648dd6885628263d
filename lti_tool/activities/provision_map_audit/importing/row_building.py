"""One spreadsheet row into a ProvisionRow, with every reading and every problem at its cell.

Words and dates are read here; times, groups, staff and money are gathered and handed to
`row_combining.py`, which settles what several columns say about the same thing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from lti_tool.activities.provision_map_audit.importing.column_codes import IGNORE
from lti_tool.activities.provision_map_audit.importing.columns import (
    ColumnMatch,
    HeaderMatch,
)
from lti_tool.activities.provision_map_audit.importing.gathered import Gathered, RowContext
from lti_tool.activities.provision_map_audit.importing.headings import DECLARED_COSTS, PUPIL
from lti_tool.activities.provision_map_audit.importing.measure_headings import MEASURE_FIELDS
from lti_tool.activities.provision_map_audit.importing.preview import ImportedRow, Problem, ReadAs
from lti_tool.activities.provision_map_audit.importing.readers import (
    read_area,
    read_date,
    read_groups,
    read_money,
    read_percent,
    read_rates,
    read_span,
    read_staff,
    read_tier,
    read_time,
    suspect_text,
    suspect_words,
)
from lti_tool.activities.provision_map_audit.importing.time_cells import time_cell
from lti_tool.activities.provision_map_audit.readings.money import Money
from lti_tool.activities.provision_map_audit.readings.reading import Reading, parse_number
from lti_tool.activities.provision_map_audit.readings.staff import StaffReading
from lti_tool.activities.provision_map_audit.readings.terms import is_month
from lti_tool.activities.provision_map_audit.rows import ProvisionRow, StaffShare
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.guard import is_cleared
from lti_tool.privacy.person_shapes import names_somebody

MIN_RATE, MAX_RATE = 2, 300
UNCALCULATED = (
    "This cell holds a formula that was never calculated. Open the file in Excel, save it and "
    "bring it in again, or type the value."
)
_NAME_LIKE = re.compile(r"[A-Z](?:[a-zà-ÿ'’-]|\.|[A-Z]\b)|\d{11}|@|\b[PC]\d|(?i:\b(?:pupil|child))")
_TEXTS = ("rating", "decision", "aim", "evidence_base", "pupil_view", "parent_view")
_MONEY = frozenset({"hourly_rate", "other_cost", *DECLARED_COSTS})
_KIND = {
    **dict.fromkeys(_MONEY, "_money"),
    **dict.fromkeys(("name", "target_group", "notes", *_TEXTS), "_text"),
    **dict.fromkeys(("area", "tier"), "_word"),
    **dict.fromkeys(("start_on", "end_on", "review_on"), "_date"),
    **dict.fromkeys(("staff", "staff_count"), "_staff"),
    **dict.fromkeys(("group_size", "groups", "pupils_reached"), "_groups"),
    **dict.fromkeys(MEASURE_FIELDS, "_measure"),
    "term_tick": "_tick",
    "delivered_percent": "_percent",
}


class RowBuilder:
    """Builds rows of one table; holds what is the same for all of them."""

    def __init__(
        self, sheet: str, match: HeaderMatch, words: Words, cleared: frozenset[str]
    ) -> None:
        self.sheet, self.match, self.words, self.cleared = sheet, match, words, cleared
        self._named: dict[tuple[str, bool], bool] = {}

    def build(self, number: int, cells: Sequence[Cell], context: RowContext) -> ImportedRow:
        """Read every cell of a row; `number` is the spreadsheet's row number."""
        from lti_tool.activities.provision_map_audit.importing.row_combining import settle

        got = Gathered(self.sheet, number, self._names_person)
        for column in self.match.columns:
            if column.index < len(cells) and column.field not in (None, IGNORE, PUPIL):
                self._cell(got, column, cells[column.index])
        self._context(got, context)
        if not got.values.get("name"):
            has_problem = any(problem.field == "name" for problem in got.problems)
            if not has_problem:
                got.problem(None, None, "No provision is named. Type its name.", "unread")
        settle(got, self.words, context, "scale" in self.match.fields())
        kept = [f"{self.words.labels.get(f, f)}: {text}" for f, text in got.unread.items()]
        if kept:
            got.notes.append("Not read from the spreadsheet: " + "; ".join(kept) + ".")
        row = ProvisionRow(**got.values, notes="\n".join(got.notes))
        return ImportedRow(
            self.sheet, number, row, tuple(got.problems), tuple(got.readings), dict(got.unread)
        )

    def _names_person(self, text: str, field: str) -> bool:
        """Whether a cell that is no provision's name seems to name somebody."""
        pupils = field in ("group_size", "groups", "pupils_reached")
        if not _NAME_LIKE.search(text) or (self.cleared and is_cleared(text, self.cleared)):
            return False
        key = (text, pupils)
        if key not in self._named:
            self._named[key] = self._seems_named(text, pupils)
        return self._named[key]

    def _seems_named(self, text: str, pupils: bool) -> bool:
        return names_somebody(text, self.words) or bool(
            suspect_text(text, self.words, self.cleared, about_pupils=pupils)
        )

    def _context(self, got: Gathered, context: RowContext) -> None:
        for name, value, labels in (
            ("area", context.area, self.words.area_labels),
            ("tier", context.tier, self.words.tier_labels),
        ):
            if value and not got.values.get(name) and name not in got.unread:
                got.values[name] = value
                said = f"{labels[value]}, from {context.where}"
                got.readings.append(ReadAs(name.capitalize(), "", "", said))

    def _cell(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        if cell.is_formula_uncalculated:
            if cell.merged_from is None:
                got.problem(column, cell, UNCALCULATED, "unread")
            return
        if not cell.text:
            return
        kind = _KIND.get(column.field or "")
        if kind is None:
            time_cell(got, column, cell, self.words, self._put)
        else:
            getattr(self, kind)(got, column, cell)

    def _word(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        read = read_area if column.field == "area" else read_tier
        self._put(got, column, cell, read(cell.text, self.words))

    def _measure(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        if cell.merged_from is None and not self._left_out(got, column, cell):
            got.measured.setdefault(column.measure, {})[column.field or ""] = (column, cell)

    def _percent(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        reading = read_percent(cell.text, self.words)
        if reading.value is not None and reading.value > 100:
            got.keep_unread(column, cell, "More than 100% was delivered? Type 0 to 100.")
            return
        self._put(got, column, cell, reading)

    def _tick(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        got.ticks.append((column, cell))

    def _put(self, got: Gathered, column: ColumnMatch, cell: Cell, reading: Reading[Any]) -> None:
        if reading.problem:
            got.keep_unread(column, cell, reading.problem)
            return
        got.values[column.field or ""] = reading.value
        note = f"Merged with {cell.merged_from}." if cell.merged_from else reading.note
        got.said(column, cell, reading.said, note)

    def _left_out(self, got: Gathered, column: ColumnMatch, cell: Cell) -> bool:
        """Whether the guard leaves a cell of words out; it is said at the cell."""
        found = suspect_words(cell.text, column.field or "", self.words, self.cleared)
        if found:
            key = found.clear_key if found.can_clear else None
            sentence = f"Row {got.row_number}: {found.sentence}"
            at = (self.sheet, got.row_number, column.heading, cell.coordinate)
            got.problems.append(Problem(*at, "", sentence, "privacy", column.field or "", key))
        return found is not None

    def _text(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        if self._left_out(got, column, cell):
            return
        name = column.field or ""
        if name == "notes":
            if cell.merged_from is None:
                got.notes.append(f"{column.heading}: {cell.text}" if column.heading else cell.text)
        elif got.values.get(name):
            joined = "\n" if name in ("aim", "evidence_base", "pupil_view", "parent_view") else ", "
            got.values[name] = f"{got.values[name]}{joined}{cell.text}"
        else:
            got.values[name] = " ".join(cell.text.split()) if name == "name" else cell.text

    def _date(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        name = column.field or ""
        got.dates[name] = (column, cell)
        reading = read_date(cell.text, self.words, cell.value, end_of_month=name == "end_on")
        if reading.value is None and name != "review_on" and not isinstance(cell.value, dt.date):
            span = read_span(cell.text, self.words)
            if span:
                got.values["start_on"], got.values["end_on"] = span[0].value, span[1].value
                got.said(column, cell, f"{span[0].said} to {span[1].said}")
                return
            timed = read_time(cell.text, "period", self.words)
            if (timed.value and timed.value.weeks and parse_number(cell.text) is None) or is_month(
                cell.text
            ):
                got.term_cells[name] = (column, cell)
                return
        self._put(got, column, cell, reading)

    def _staff(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        if (number := parse_number(cell.text)) is not None:
            by_role = column.field == "staff_count" and column.role
            if by_role and not self.match.fields().get("staff"):
                if number > 0:
                    share = StaffShare(column.role or "", number)
                    got.staff.append((column, cell, StaffReading((share,))))
            elif number > 0:
                got.staff_count = number
                got.said(column, cell, f"{number} staff")
            else:
                got.keep_unread(column, cell, "Type how many staff, for example 1.")
            return
        reading = read_staff(cell.text, self.words)
        if reading.problem or reading.value is None:
            # The text may hold a name, so it is neither shown nor kept.
            got.problem(
                column, Cell(None, "", False, cell.coordinate), reading.problem or "", "unread"
            )
            return
        got.staff.append((column, cell, reading.value))
        shown = "" if reading.value.name_left_out else cell.text
        got.readings.append(
            ReadAs(column.heading, cell.coordinate, shown, reading.said, reading.note)
        )

    def _groups(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        counted: Any = column.field
        reading = read_groups(cell.text, counted, self.words, cell.value)
        if reading.value is None:
            self._put(got, column, cell, reading)
            return
        got.groups.append((column, cell, reading.value))
        got.said(column, cell, reading.said, reading.note)

    def _money(self, got: Gathered, column: ColumnMatch, cell: Cell) -> None:
        label = self.words.labels.get(column.field or "", "cost").lower()
        if cell.merged_from is not None and column.field != "hourly_rate":
            got.problem(
                column,
                Cell(None, "", False, cell.coordinate),
                f"This amount is merged with {cell.merged_from} and counted there once. Share it "
                "between the rows if it belongs to both.",
            )
            return
        if (
            column.field == "other_cost"
            and not any(sign.isdigit() for sign in cell.text)
            and not re.search(r"\bpounds?\b", cell.text, re.I)
            and (
                read_money(cell.text, self.words).value is None
                and "not known yet" not in (read_money(cell.text, self.words).problem or "")
            )
        ):
            self._text(got, ColumnMatch(column.index, column.heading, "notes", True, ""), cell)
            return
        if column.field == "hourly_rate" and (rates := read_rates(cell.text, self.words)):
            got.rates = rates
            got.money.append((column, cell, Money(rates[0], "hour")))
            return
        reading = read_money(cell.text, self.words, f"the {label}")
        if reading.value is None:
            self._put(got, column, cell, reading)
            if column.field == "other_cost":
                got.values["other_cost"] = None
            return
        amount = reading.value.amount
        if column.field == "hourly_rate" and amount and not MIN_RATE <= amount <= MAX_RATE:
            sentence = f"{reading.value.said()} cannot be the pay of one hour. Type pounds an hour."
            got.keep_unread(column, cell, sentence)
            return
        got.money.append((column, cell, reading.value))
        got.said(column, cell, reading.said, reading.note)
