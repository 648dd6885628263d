"""Hiding small counts where a table goes to others, so that none can be worked out again.

A count from 1 to 4 is hidden (primary suppression). Where what is shown, totals among it, would
give a hidden count away, further cells are hidden (secondary suppression) until none can be told.
A nought is shown: it is nobody. Pure functions over whole numbers; None means not given.

How a hidden count is found out: rows, columns and totals are a network in which every count flows
from its row to its column and every total closes a circle. A hidden count can be anything else only
if some circle of hidden cells through it can be pushed up or down. If none can, it is known.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALL = 5
TOTAL = "total"
Cell = tuple[str, str]


@dataclass(frozen=True)
class SuppressedTable:
    """A two-way table fit to be shown: None for a hidden cell, `TOTAL` for totals.

    `cells` has every (row, column), with `TOTAL` as row or column for the totals. A total is the
    sum of the counts given.
    """

    cells: Mapping[Cell, int | None]
    hidden: frozenset[Cell]

    def shown(self, row: str, column: str) -> str:
        """A cell in words."""
        if (row, column) in self.hidden:
            return "hidden"
        value = self.cells.get((row, column))
        return "not given" if value is None else str(value)


def suppressed_table(
    counts: Mapping[Cell, int | None],
    rows: Sequence[str],
    columns: Sequence[str],
    small: int = SMALL,
) -> SuppressedTable:
    """A table of counts with small ones hidden, and others where they would tell.

    :param counts: whole numbers of 0 or more by (row, column); missing or None is not given.
    """
    full = _with_totals(counts, rows, columns)
    primary = {cell for cell, value in full.items() if value is not None and 0 < value < small}
    hidden = set(primary)
    while told := [cell for cell in sorted(primary) if _is_told(cell, full, hidden)]:
        hidden.add(_next_to_hide(told[0], full, hidden))
    shown = {cell: None if cell in hidden else value for cell, value in full.items()}
    return SuppressedTable(shown, frozenset(hidden))


def _with_totals(
    counts: Mapping[Cell, int | None], rows: Sequence[str], columns: Sequence[str]
) -> dict[Cell, int | None]:
    """The counts with their totals; a single column is its own total, so rows have none."""
    full: dict[Cell, int | None] = {
        (row, column): counts.get((row, column)) for row in rows for column in columns
    }
    if len(columns) > 1:
        for row in rows:
            full[(row, TOTAL)] = _total([full[(row, column)] for column in columns])
        columns = [*columns, TOTAL]
    for column in columns:
        full[(TOTAL, column)] = _total([full[(row, column)] for row in rows])
    return full


def _total(values: Sequence[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None


def _ends(cell: Cell, full: Mapping[Cell, int | None]) -> tuple[Cell, Cell]:
    """Where a count flows from and to: row to column, column total back to row total.

    Without row totals all rows are one place, for nothing but the column's total binds them.
    """
    row, column = ("row", cell[0]), ("column", cell[1])
    if (TOTAL, TOTAL) not in full:
        row = ("row", "any")
    if (cell[0] == TOTAL) == (cell[1] == TOTAL):
        return row, column
    return column, row


def _is_told(cell: Cell, full: Mapping[Cell, int | None], hidden: set[Cell]) -> bool:
    """Whether a hidden cell's count follows from what is shown."""
    start, end = _ends(cell, full)
    ways: dict[Cell, set[Cell]] = {}
    for other in hidden - {cell}:
        first, last = _ends(other, full)
        ways.setdefault(first, set()).add(last)
        if (full[other] or 0) > 1:  # it can be less and still be hidden
            ways.setdefault(last, set()).add(first)
    can_rise = _leads(ways, end, start)
    can_fall = (full[cell] or 0) > 1 and _leads(ways, start, end)
    return not (can_rise or can_fall)


def _leads(ways: Mapping[Cell, set[Cell]], start: Cell, end: Cell) -> bool:
    seen, waiting = {start}, deque([start])
    while waiting:
        here = waiting.popleft()
        if here == end:
            return True
        for there in ways.get(here, set()) - seen:
            seen.add(there)
            waiting.append(there)
    return False


def _next_to_hide(told: Cell, full: Mapping[Cell, int | None], hidden: set[Cell]) -> Cell:
    """The cell to hide beside a told one: in its row or column, the smallest above 0."""
    open_cells = [cell for cell, value in full.items() if value is not None and cell not in hidden]

    def worth(cell: Cell) -> tuple[bool, bool, int, Cell]:
        apart = cell[0] != told[0] and cell[1] != told[1]
        return apart, full[cell] == 0, full[cell] or 0, cell

    return min(open_cells, key=worth)
