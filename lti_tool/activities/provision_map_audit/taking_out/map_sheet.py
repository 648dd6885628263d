"""The sheet Provision map: every row as typed, with live formulas beside it.

The figures kept with the formulas are those of `figures/costing.py`; recalculating gives the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.costing import RowCost, pounds
from lti_tool.activities.provision_map_audit.importing.our_workbook import MAP
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import SCALE_WORDS, Measure, ProvisionRow
from lti_tool.activities.provision_map_audit.taking_out.map_columns import (
    NUMBERS,
    Layout,
    lay_out,
)
from lti_tool.activities.provision_map_audit.taking_out.map_formulas import row_formulas
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import NOT_KNOWN, Book, Pen
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken, role_name
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.core.numerals import plain

SHEET = MAP
SPARE_ROWS = 30
"""Rows below the last that have formulas and lists already, for going on at work."""


def write_map(book: Book, taken: Taken, rates: str, lists: dict[str, str]) -> Layout:
    """Write the sheet.

    :param rates: where the workbook keeps role and rate, such as Rates!$A$4:$B$40.
    :param lists: where it keeps the lists to choose from: area, tier, role.
    """
    pen, layout = book.sheet(SHEET), lay_out(taken.rows)
    pen.headings(0, [column.heading for column in layout.columns], layout.worked)
    pen.widths([column.width for column in layout.columns])
    pen.tall(0, [(column.heading, column.width * 0.7) for column in layout.columns])
    places = layout.places()
    for number, one in enumerate(taken.rows, start=1):
        typed = _typed(one, taken.words)
        worked = worked_values(one, taken.figures.cost.rows[number - 1], taken, layout.roles)
        formulas = row_formulas(places, layout.roles, number + 1, rates)
        _row(pen, layout, number, typed, formulas, worked)
    last = len(taken.rows) + SPARE_ROWS
    blank: dict[str, Any] = {}
    for number in range(len(taken.rows) + 1, last + 1):
        formulas = row_formulas(places, layout.roles, number + 1, rates)
        _row(pen, layout, number, blank, formulas, dict.fromkeys(formulas, ""))
    _help_typing(pen, layout, last, lists)
    pen.sheet.freeze_panes(1, 1)
    pen.sheet.autofilter(0, 0, last, len(layout.columns) - 1)
    pen.print_on_a4(
        repeat=0,
        last=(max(len(taken.rows), 1), len(layout.columns) - 1),
        breaks=[
            layout.index(key) for key in ("role.1", "staff", "aim", "entry_score", "pupil_view")
        ],
    )
    return layout


def _row(
    pen: Pen,
    layout: Layout,
    number: int,
    typed: dict[str, Any],
    formulas: dict[str, str],
    worked: dict[str, Any],
) -> None:
    for place, column in enumerate(layout.columns):
        if column.key in formulas:
            pen.formula(number, place, formulas[column.key], worked[column.key], column.look)
        else:
            pen.value(number, place, typed.get(column.key), column.look)
    said = {**worked, **typed}
    pen.tall(number, [(said.get(column.key), column.width) for column in layout.columns])


def _help_typing(pen: Pen, layout: Layout, last: int, lists: dict[str, str]) -> None:
    for place, column in enumerate(layout.columns):
        kind = column.key.split(".")[0]
        if kind in lists:
            pen.choose_from(
                1, last, place, lists[kind], "Choose from the list, so that it is counted."
            )
        elif kind in NUMBERS or kind in {"count", "own"} or column.key == "other_cost":
            pen.only_numbers(1, last, place)


def _typed(one: MapRow, words: Words) -> dict[str, Any]:
    """What was typed, by column; a cost that is not known says so, other unknowns stay empty."""
    row = one.row
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in ProvisionRow.__dataclass_fields__
        if name not in {"staff", "more_measures"}
    }
    values["area"] = words.area_labels.get(row.area or "", row.area or "")
    values["tier"] = words.tier_labels.get(row.tier or "", row.tier or "")
    values["scale"] = SCALE_WORDS.get(row.scale, row.scale)
    for number, measure in enumerate(row.more_measures, start=2):
        for item in fields(Measure):
            values[f"{item.name}.{number}"] = getattr(measure, item.name)
        values[f"scale.{number}"] = SCALE_WORDS.get(measure.scale, measure.scale)
    if row.other_cost is None:
        values["other_cost"] = NOT_KNOWN
    for number, share in enumerate(row.staff, start=1):
        values[f"role.{number}"] = role_name(share.role, words)
        values[f"count.{number}"] = share.count
        values[f"own.{number}"] = share.hourly_rate
    return values


def worked_values(one: MapRow, cost: RowCost, taken: Taken, roles: int) -> dict[str, Any]:
    """What each formula of a row comes to, by column; None is not known, "" an empty cell."""
    row, words = one.row, taken.words
    rates = [_rate(share.role, share.hourly_rate, taken.rates) for share in row.staff]
    hour_cost: Decimal | str | None = "" if not row.staff else None
    if row.staff and None not in rates:
        pairs = zip(row.staff, rates, strict=True)
        hour_cost = sum((share.count * (rate or 0) for share, rate in pairs), Decimal(0))
    found: dict[str, Any] = {f"rate.{number}": "" for number in range(1, roles + 1)}
    found.update({f"rate.{number}": rate for number, rate in enumerate(rates, start=1)})
    return found | {
        "staff": staff_in_words(row, words, exact_rate),
        "adults": sum((share.count for share in row.staff), Decimal(0)) if row.staff else "",
        "hour_cost": hour_cost,
        "session_hours": cost.session_hours,
        "staff_hours": cost.staff_hours,
        "staff_cost": cost.staff_cost,
        "total_cost": cost.total_cost,
        "pupils": cost.pupils_reached,
        "per_pupil": cost.cost_per_pupil,
        "per_hour": cost.cost_per_hour_received,
        "area_counted": words.area_labels.get(row.area or "", row.area or "Not stated"),
        "tier_counted": words.tier_labels.get(row.tier or "", row.tier or "Not stated"),
    }


def _rate(role: str, own: Decimal | None, rates: RoleRates) -> Decimal | None:
    return own if own is not None else rates.rate_for(role)


def staff_in_words(
    row: ProvisionRow, words: Words, say_rate: Callable[[Decimal], str] = pounds
) -> str:
    """Who delivers it: "2 x Teaching assistant at £16.50 an hour, 1 x Teacher".

    :param say_rate: pounds and pence, or `exact_rate` where the words are read back.
    """
    said = []
    for share in row.staff:
        own = share.hourly_rate
        rate = "" if own is None else f" at {say_rate(own)} an hour"
        said.append(f"{as_excel_says(share.count)} x {role_name(share.role, words)}{rate}")
    return ", ".join(said)


def exact_rate(rate: Decimal) -> str:
    """A rate with its pence, and with all its decimals where it has more: £16.50, £20.60526."""
    whole = rate == round(rate, 2)
    return f"£{rate:.2f}" if whole else f"£{as_excel_says(rate)}"


def as_excel_says(number: Decimal) -> str:
    """A number as a formula puts it into a text: fifteen digits count."""
    return plain(Decimal(f"{number:.15g}"))
