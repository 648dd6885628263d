"""What a sheet says without words: rows and columns that are hidden, rows that are struck through.

A row struck through in every filled cell has been given up, so it is left out and that is said.
Hidden rows and columns are read, because a filter hides rows too, and that is said. Called by
`xlsx.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lti_tool.activities.provision_map_audit.sheets.cells import (
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    column_letters,
)
from lti_tool.core.numerals import whole

_NAMED = 12


class Marks:
    """Gathers the marks of one sheet while it is read."""

    def __init__(self) -> None:
        self._hidden: set[int] = set()
        self._columns: set[int] = set()
        self._struck: dict[int, bool] = {}

    def row(self, number: int, attributes: Mapping[str, str]) -> None:
        """A row opens; `number` counts from 1."""
        if attributes.get("hidden") in ("1", "true") and number <= MAX_ROWS:
            self._hidden.add(number)

    def columns(self, attributes: Mapping[str, str]) -> None:
        """A block of columns with the same looks."""
        first, last = whole(attributes.get("min"), 1), whole(attributes.get("max"))
        if attributes.get("hidden") not in ("1", "true"):
            return
        self._columns |= set(range(first, min(last, MAX_COLUMNS) + 1))

    def cell(self, row: int, struck: bool) -> None:
        """A filled cell and whether a line goes through it."""
        self._struck[row] = struck and self._struck.get(row, True)

    def struck_rows(self) -> tuple[int, ...]:
        """Rows whose every filled cell is struck through, in order."""
        return tuple(sorted(row for row, struck in self._struck.items() if struck))

    def notices(self, rows: Mapping[int, Mapping[int, Cell]]) -> tuple[str, ...]:
        """Sentences about the marks; `rows` are the filled cells that were read."""
        said = []
        struck = [str(row) for row in self.struck_rows()]
        if struck:
            them = "it" if len(struck) == 1 else "them"
            said.append(
                f"{_listed('Row', struck)} struck through, so we left {them} out. To count {them}, "
                "take the line away in Excel and bring the file in again."
            )
        hidden = [str(row) for row in sorted(self._hidden) if rows.get(row)]
        filled = {column for cells in rows.values() for column in cells}
        letters = [column_letters(column - 1) for column in sorted(self._columns & filled)]
        for what, names in (("Row", hidden), ("Column", letters)):
            if names:
                them = "it" if len(names) == 1 else "them"
                said.append(
                    f"{_listed(what, names)} hidden in the workbook. We read {them} all the same. "
                    "Take out what no longer runs."
                )
        return tuple(said)


def _listed(what: str, names: Sequence[str]) -> str:
    """'Row 4 is', 'Rows 4, 5 and 6 are', with an end where there are very many."""
    if len(names) == 1:
        return f"{what} {names[0]} is"
    if len(names) > _NAMED:
        return f"{what}s {', '.join(names[:_NAMED])} and {len(names) - _NAMED} more are"
    return f"{what}s {', '.join(names[:-1])} and {names[-1]} are"
