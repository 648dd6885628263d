"""Small counts hidden so that none can be worked out: held against every table that would fit."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.activities.provision_map_audit.figures.suppress import (
    SMALL,
    TOTAL,
    SuppressedTable,
    suppressed_table,
)

ROWS, COLUMNS = ("SLCN", "SEMH"), ("support", "ehc")


def _shown_of(values: tuple[int, ...]) -> dict[tuple[str, str], int]:
    """A table and its totals, reckoned apart from the code under test."""
    cells = dict(zip(product(ROWS, COLUMNS), values, strict=True))
    full = dict(cells)
    for row in ROWS:
        full[(row, TOTAL)] = sum(cells[(row, column)] for column in COLUMNS)
    for column in COLUMNS:
        full[(TOTAL, column)] = sum(cells[(row, column)] for row in ROWS)
    full[(TOTAL, TOTAL)] = sum(values)
    return full


def _is_open(value: int) -> bool:
    return value == 0 or value >= SMALL


def _could_be(table: SuppressedTable, least: int) -> list[dict[tuple[str, str], int]]:
    """Every table that shows the same, its hidden cells being `least` or more."""
    free = [
        range(least, 10) if cell in table.hidden else (table.cells[cell] or 0,)
        for cell in product(ROWS, COLUMNS)
    ]
    fits = []
    for values in product(*free):
        full = _shown_of(values)
        if all(full[cell] == shown for cell, shown in table.cells.items() if shown is not None):
            fits.append(full)
    return fits


@settings(max_examples=25)
@given(st.tuples(*[st.integers(0, 7)] * 4))
def test_no_small_count_can_be_worked_out(values: tuple[int, ...]) -> None:
    full = _shown_of(values)
    table = suppressed_table(full, ROWS, COLUMNS)
    for cell, value in table.cells.items():
        assert value is None or (value == full[cell] and _is_open(value)), "a small count is shown"
    # Who knows that noughts are shown takes every hidden cell for 1 or more, where that can be.
    readers = [0] if any(full[cell] == 0 for cell in table.hidden) else [0, 1]
    for least in readers:
        fits = _could_be(table, least)
        for cell, value in full.items():
            if not _is_open(value):
                assert len({one[cell] for one in fits}) > 1, (cell, table.cells)


def test_a_second_cell_goes_where_the_total_would_tell() -> None:
    counts = {("SLCN", "support"): 12, ("SEMH", "support"): 3, ("SpLD", "support"): 20}
    table = suppressed_table(counts, ["SLCN", "SEMH", "SpLD"], ["support"])
    assert table.shown("SEMH", "support") == "hidden"
    assert table.shown("SLCN", "support") == "hidden", "35 − 12 − 20 would tell"
    assert table.shown(TOTAL, "support") == "35"
    assert table.shown("SpLD", "support") == "20"


def test_large_counts_and_noughts_are_shown_and_blanks_are_not_noughts() -> None:
    table = suppressed_table({("SLCN", "support"): 12, ("SEMH", "support"): 0}, ROWS, COLUMNS)
    assert not table.hidden
    assert table.shown("SEMH", "support") == "0"
    assert table.shown("SEMH", "ehc") == "not given"
    assert table.shown(TOTAL, "support") == "12"


def test_a_small_count_alone_hides_its_totals() -> None:
    table = suppressed_table({("SLCN", "ehc"): 2}, ["SLCN"], ["ehc"])
    assert set(table.cells.values()) == {None}
