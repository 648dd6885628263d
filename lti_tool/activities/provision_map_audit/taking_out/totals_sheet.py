"""The sheet Totals: sums over the map by area, by tier and by both, all live.

Only rows whose total cost is known are in the costs, as everywhere in the tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.figures.costing import Totals
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS
from lti_tool.activities.provision_map_audit.taking_out.map_columns import Layout
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import SHEET, SPARE_ROWS
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import NOT_KNOWN, Book, Pen
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken

NAME = "Totals"
NOT_STATED = "Not stated"
HEADINGS = (
    "Provisions", "Provisions costed", "Staff hours", "Staff cost", "Other cost", "Total cost",
    "Pupil places", "Cost where places are known", "Cost per pupil place",
)  # fmt: skip
_LOOKS = (
    "number", "number", "hours", "money", "money", "money", "number", "money", "money",
)  # fmt: skip
_NIL = Decimal(0)
_NONE = Totals(0, 0, _NIL, _NIL, _NIL, _NIL, _NIL, None)
_COSTED = '">=0"'


@dataclass(frozen=True)
class Ranges:
    """Where the map's columns stand, as the totals' formulas name them."""

    of: Mapping[str, str]

    @classmethod
    def below(cls, layout: Layout, rows: int) -> Ranges:
        """The ranges below the headings, spare rows included."""
        last = rows + SPARE_ROWS + 1
        return cls({key: f"'{SHEET}'!{at}$2:{at}${last}" for key, at in layout.places().items()})


def write_totals(book: Book, taken: Taken, layout: Layout) -> None:
    """Write the sheet."""
    pen, cost = book.sheet(NAME), taken.figures.cost
    ranges = Ranges.below(layout, len(taken.rows))
    areas = {NOT_STATED: None} | {taken.words.area_labels[key]: key for key in AREAS}
    tiers = {NOT_STATED: None} | {taken.words.tier_labels[key]: key for key in TIERS}
    area_lines = {label: cost.by_area.get(key, _NONE) for label, key in _last_first(areas)}
    tier_lines = {label: cost.by_tier.get(key, _NONE) for label, key in _last_first(tiers)}
    pen.text(0, 0, "Totals of the provision map", "title")
    pen.text(1, 0, "Worked out by formulas from the sheet Provision map.", "note")
    pen.sheet.merge_range(1, 0, 1, 9, "", book.looks["note"])
    pen.text(1, 0, "Worked out by formulas from the sheet Provision map. Only provisions with "
             "everything known are in the costs.", "note")  # fmt: skip
    at = _block(pen, 3, "Area of need", area_lines, "area_counted", ranges, cost.total)
    at = _block(pen, at + 1, "Tier", tier_lines, "tier_counted", ranges, cost.total)
    _grids(pen, at + 1, taken, ranges, dict(_last_first(areas)), dict(_last_first(tiers)))
    pen.widths([36, 12, 12, 12, 13, 13, 13, 11, 15, 13])


def _last_first(labels: Mapping[str, str | None]) -> list[tuple[str, str | None]]:
    """The labels with "not stated" at the end."""
    return [*list(labels.items())[1:], *list(labels.items())[:1]]


def _block(
    pen: Pen,
    start: int,
    heading: str,
    lines: Mapping[str, Totals],
    by: str,
    ranges: Ranges,
    whole: Totals,
) -> int:
    """A table of totals from row `start` on, and its line for all; the first row below it."""
    pen.headings(start, (heading, *HEADINGS), range(1, len(HEADINGS) + 1))
    pen.tall(start, [(name, 10) for name in HEADINGS])
    row = start
    for row, (label, totals) in enumerate(lines.items(), start=start + 1):
        pen.text(row, 0, label)
        same = f",{ranges.of[by]},$A{row + 1}"
        _line(pen, row, _formulas(ranges, same, row + 1), totals)
    pen.text(row + 1, 0, "All", "heading")
    _line(pen, row + 1, _formulas(ranges, "", row + 2), whole)
    return row + 2


def _line(pen: Pen, row: int, formulas: tuple[str, ...], totals: Totals) -> None:
    for column, (formula, shown) in enumerate(
        zip(formulas, totals_shown(totals), strict=True), start=1
    ):
        pen.formula(row, column, formula, shown, _LOOKS[column - 1])


def totals_shown(totals: Totals) -> tuple[Any, ...]:
    """What a line comes to, in the order of `HEADINGS`; sums of nothing costed are not known."""
    spent = totals.cost_per_place
    sums = (totals.staff_hours, totals.staff_cost, totals.other_cost, totals.total_cost)
    return (
        totals.rows,
        totals.rows_costed,
        *(sums if totals.rows_costed else [None] * 4),
        totals.pupil_places,
        Decimal(0) if spent is None else spent * totals.pupil_places,
        spent,
    )


def _formulas(ranges: Ranges, same: str, row: int) -> tuple[str, ...]:
    """One line's formulas.

    :param same: further pairs of range and wanted text that every sum is limited by.
    """
    of = ranges.of
    costed = f"{of['total_cost']},{_COSTED}{same}"
    placed = f"{costed},{of['pupils']},{_COSTED}"

    def known(key: str) -> str:
        return f'=IF($C{row}=0,"{NOT_KNOWN}",SUMIFS({of[key]},{costed}))'

    return (
        f'=COUNTIFS({of["area_counted"]},"?*"{same})',
        f"=COUNTIFS({costed})",
        known("staff_hours"),
        known("staff_cost"),
        known("other_cost"),
        known("total_cost"),
        f"=SUMIFS({of['pupils']},{placed})",
        f"=SUMIFS({of['total_cost']},{placed})",
        f'=IF($H{row}>0,$I{row}/$H{row},"{NOT_KNOWN}")',
    )


def _grids(
    pen: Pen,
    start: int,
    taken: Taken,
    ranges: Ranges,
    areas: Mapping[str, str | None],
    tiers: Mapping[str, str | None],
) -> None:
    """Provisions, then total cost, by area and tier."""
    found = taken.figures.cost.by_area_and_tier
    for title, look in (("Provisions by area and tier", "number"),
                        ("Total cost by area and tier", "money")):  # fmt: skip
        pen.headings(start, (title, *tiers), range(1, len(tiers) + 1))
        for row, (label, area) in enumerate(areas.items(), start=start + 1):
            pen.text(row, 0, label)
            for column, tier in enumerate(tiers.values(), start=1):
                totals = found.get((area, tier), _NONE)
                head = f"{chr(65 + column)}${start + 1}"
                same = f"{ranges.of['area_counted']},$A{row + 1},{ranges.of['tier_counted']},{head}"
                if look == "number":
                    pen.formula(row, column, f"=COUNTIFS({same})", totals.rows, look)
                else:
                    formula = f"=SUMIFS({ranges.of['total_cost']},{same})"
                    pen.formula(row, column, formula, totals.total_cost, look)
        start += len(areas) + 2
    pen.print_on_a4(repeat=None, last=(start, len(HEADINGS)))
