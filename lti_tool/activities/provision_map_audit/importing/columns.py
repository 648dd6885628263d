"""Which column holds what: finding the header and matching its names to fields.

A heading that is in the dictionary is sure. A near match, or one that may mean several things, is
a suggestion a person confirms (`apply_choices`). Headings may stand on one line or two, anywhere in
the first thirty rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lti_tool.activities.provision_map_audit.importing.column_codes import IGNORE, column_code
from lti_tool.activities.provision_map_audit.importing.header_lines import (
    continues,
    header_texts,
    score_of,
    with_group_words,
)
from lti_tool.activities.provision_map_audit.importing.heading_values import (
    are_ticks,
    decide_by_values,
    proved_otherwise,
)
from lti_tool.activities.provision_map_audit.importing.headings import (
    PUPIL,
    is_known_heading,
    look_up,
)
from lti_tool.activities.provision_map_audit.importing.measure_headings import measure_heading
from lti_tool.activities.provision_map_audit.sheets.cells import Cell, Sheet
from lti_tool.activities.provision_map_audit.words import Words, heading_key, heading_tokens

CHOSEN_BEFORE = "You chose this last time."
HEADER_WITHIN = 40


@dataclass(frozen=True)
class ColumnMatch:
    """One column. `field` None: not recognised. `field` "pupil": about single pupils, left out.

    `unit` is "hour" or "minute", or what money is for, when the heading or a person says so; `role`
    when the heading names one. `measure` tells several measures apart. `suggested` is the code that
    we read before a person chose another.
    """

    index: int
    heading: str
    field: str | None
    sure: bool
    why: str
    unit: str | None = None
    role: str | None = None
    measure: str = ""
    suggested: str = ""

    @property
    def code(self) -> str:
        """What is chosen for the column in a form: its field, with the unit where that differs."""
        return column_code(self.field, self.unit)


@dataclass(frozen=True)
class HeaderMatch:
    """The header's rows (counted from 0) and one match for each column with a heading."""

    header_row_indexes: tuple[int, ...]
    columns: tuple[ColumnMatch, ...]

    @cached_property
    def field_at(self) -> dict[int, str | None]:
        """The field of each column by its index."""
        return {column.index: column.field for column in self.columns}

    @cached_property
    def key_at(self) -> dict[int, str]:
        """The heading of each column by its index, as a comparable string."""
        return {column.index: heading_key(column.heading) for column in self.columns}

    def fields(self) -> dict[str, list[ColumnMatch]]:
        """Columns by field, in order."""
        found: dict[str, list[ColumnMatch]] = {}
        for column in self.columns:
            if column.field and column.field != IGNORE:
                found.setdefault(column.field, []).append(column)
        return found


def match_columns(sheet: Sheet, words: Words) -> HeaderMatch | None:
    """Find the header of a sheet and match its columns; None when nothing looks like a header."""
    lines: list[tuple[int, tuple[int, ...], list[str]]] = []
    for index in range(min(HEADER_WITHIN, len(sheet.cells))):
        pairs: tuple[tuple[int, ...], ...] = ((index,), (index - 1, index), (index, index + 1))
        for rows in pairs:
            if rows[0] < 0 or rows[-1] >= len(sheet.cells):
                continue
            headings = header_texts(sheet, rows)
            if headings is not None:
                known = sum(is_known_heading(text, words) for text in headings if text)
                lines.append((known, rows, headings))
    # Near headings are costly to find, so only lines that may be the header are looked at.
    most = max((known for known, _, _ in lines), default=0)
    found = [
        (score_of(headings, words) + _lines_count(sheet, rows), rows, headings)
        for known, rows, headings in lines
        if known >= most / 4
    ]
    best = max((score for score, _, _ in found), default=0.0)
    if best < 2:
        return None
    # A second table further down may have more columns: the first good header comes first.
    enough = max(2.0, 0.6 * best)
    first = next(rows for score, rows, _ in found if score >= enough)
    near = [item for item in found if abs(item[1][0] - first[0]) <= 1]
    _, rows, headings = max(near, key=lambda item: (item[0], -item[1][0]))
    headings = with_group_words(sheet, rows, headings, words)
    return match_headings(sheet, rows, headings, words)


def _lines_count(sheet: Sheet, rows: tuple[int, ...]) -> float:
    """One line is likelier than two, unless the second plainly goes on with the first."""
    return 1.5 if continues(sheet, rows) else -0.4 * (len(rows) - 1)


def match_by_order(sheet: Sheet, order: Sequence[str], words: Words) -> HeaderMatch:
    """The columns of a sheet without headings, by the fields they are expected to hold."""
    width = max((len(row) for row in sheet.cells), default=0)
    columns = []
    for index in range(width):
        field = order[index] if index < len(order) else None
        label = words.labels.get(field or "", "") if field else ""
        why = "There are no headings, so we went by the order of the columns."
        columns.append(ColumnMatch(index, label, field, field is not None, why))
    return HeaderMatch((-1,), tuple(columns))


def _table_below(sheet: Sheet, start: int, words: Words) -> tuple[tuple[Cell, ...], ...]:
    """The first rows of a table, up to the next line that is a header itself."""
    rows = sheet.cells[start : start + 40]
    for index, cells in enumerate(rows):
        texts = [cell.text for cell in cells if not cell.is_blank]
        known = sum(1 for text in texts if is_known_heading(text, words))
        if known >= 3 and known >= 0.6 * len(texts):
            return rows[:index]
    return rows


def match_headings(
    sheet: Sheet, rows: tuple[int, ...], headings: list[str], words: Words
) -> HeaderMatch:
    """Match known header lines of a sheet; used for the first header and for later ones."""
    columns = []
    table = _table_below(sheet, rows[-1] + 1, words)
    for index, heading in enumerate(headings):
        below = [row[index] for row in table if index < len(row) and row[index].text]
        if not heading and not below:
            continue
        columns.append(_match_one(index, heading, below, words, len(rows)))
    widest = max((len(row) for row in sheet.cells[rows[-1] + 1 :]), default=0)
    for index in range(len(headings), widest):
        if any(index < len(row) and row[index].text for row in sheet.cells[rows[-1] + 1 :]):
            columns.append(ColumnMatch(index, "", None, False, "This column has no heading."))
    return HeaderMatch(rows, tuple(_settle(columns)))


def _match_one(
    index: int, heading: str, below: list[Cell], words: Words, lines: int
) -> ColumnMatch:
    field, sure, why = look_up(heading, words)
    tokens = set(heading_tokens(heading))
    unit = "hour" if "hour" in tokens else "minute" if "minute" in tokens else None
    key = heading_key(heading)
    if key in words.ambiguous:
        field, sure, why = decide_by_values(words.ambiguous[key], below, words)
    if other := proved_otherwise(field, below, words):
        field, sure, why = other, True, "We judged by what stands in the column."
    role = next(
        (
            words.roles[t]
            for t in heading_tokens(heading)
            if t in words.roles and len(t) > 1 and t not in ("staff", "adult", "support")
        ),
        None,
    )
    if field == "term_tick" and not (sure and are_ticks(below, words)):
        field, sure, why = None, False, "We do not know this heading."
    measure = None if sure else measure_heading(heading, words)
    if measure:
        field, sure, why = measure.field, True, "The heading names a measure and its end."
    if not heading:
        why = "This column has no heading."
    label = measure.label if measure else ""
    return ColumnMatch(index, heading, field, sure, why, unit, role, label)


_MANY = frozenset(
    {
        "notes",
        "other_cost",
        "staff",
        PUPIL,
        "staff_count",
        IGNORE,
        "time_per_week",
        "target_group",
        "hourly_rate",
        "staff_cost",
        "name",
        "term_tick",
        "aim",
        "evidence_base",
        "pupil_view",
        "parent_view",
    }
)


def _settle(columns: list[ColumnMatch]) -> list[ColumnMatch]:
    """Two columns for one field: the sure one keeps it, the other is left to the person."""
    columns = [_by_neighbours(column, columns) for column in columns]
    taken: dict[tuple[str, str], ColumnMatch] = {}
    for column in sorted(columns, key=lambda c: (not c.sure, c.index)):
        if column.field and column.field not in _MANY:
            taken.setdefault((column.field, column.measure), column)
    settled = []
    for column in columns:
        first = taken.get((column.field or "", column.measure))
        if first is not None and first.index != column.index:
            why = f"Another column, '{first.heading}', already holds this."
            column = replace(column, field=None, sure=False, why=why)
        settled.append(column)
    return _one_name(settled)


def _one_name(columns: list[ColumnMatch]) -> list[ColumnMatch]:
    """The first sure name column names the provision; further ones become notes."""
    names = [column for column in columns if column.field == "name"]
    if len(names) < 2:
        return columns
    first = next((column for column in names if column.sure), names[0])
    return [
        replace(
            c,
            field=PUPIL if heading_key(c.heading) == "name" else "notes",
            sure=True,
            why="Another column names the provision.",
        )
        if c.field == "name" and c is not first
        else c
        for c in columns
    ]


def _by_neighbours(column: ColumnMatch, columns: list[ColumnMatch]) -> ColumnMatch:
    """'Duration' means weeks when minutes have a column of their own, and the other way round."""
    key = heading_key(column.heading)
    if key == "how many":
        beside = {c.index: c.field for c in columns}.get(column.index - 1)
        field = {"staff": "staff_count", "target_group": "pupils_reached"}.get(beside or "")
        why = "We judged by the column beside it. Please check."
        return replace(column, field=field, sure=False, why=why if field else column.why)
    if column.sure or key not in ("duration", "length", "time"):
        return column
    held = {other.field for other in columns if other.sure and other is not column}
    if "minutes_per_session" in held and "weeks" not in held and key != "time":
        return replace(column, field="weeks", why="Minutes have a column of their own.")
    return column


def apply_choices(
    match: HeaderMatch, choices: Mapping[int, str], remembered: Mapping[str, str], words: Words
) -> HeaderMatch:
    """Put a person's choices in, then what they chose last time under the same heading.

    :param choices: column index (from 0) to a code of `field_choices` or "ignore".
    :param remembered: heading key to a code. A column about single pupils is never chosen back.
    """
    columns = []
    for column in match.columns:
        code, why = choices.get(column.index), "You chose this."
        last = remembered.get(heading_key(column.heading)) if column.heading else None
        if last and (code is None or code == last):
            code, why = last, CHOSEN_BEFORE
        if code and column.field != PUPIL and code.partition(":")[0] in words.labels:
            column = _chosen(column, code, why)
        columns.append(column)
    return replace(match, columns=tuple(columns))


def _chosen(column: ColumnMatch, code: str, why: str) -> ColumnMatch:
    field, _, unit = code.partition(":")
    return replace(
        column,
        field=field,
        unit=unit or (column.unit if field == column.field else None),
        sure=True,
        why=why,
        suggested=column.code if column.sure else "?",
    )
