"""The sheets Rates and Lists: pounds an hour by role, and the lists to choose from."""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import Book
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken, role_name

NAME = "Rates"
_FIRST = 4
_SPARE = 10


def roles_in_order(taken: Taken) -> list[str]:
    """Every role with a rate, and every further one that a row or the words name."""
    used = [share.role for one in taken.rows for share in one.row.staff]
    return list(dict.fromkeys([*taken.rates.by_role, *taken.words.role_labels, *used]))


def rates_range(taken: Taken) -> str:
    """Where role and rate will stand, so that formulas can be written before the sheet is."""
    last = _FIRST + len(roles_in_order(taken)) + _SPARE
    return f"{NAME}!$A${_FIRST + 1}:$B${last}"


def list_ranges(taken: Taken) -> dict[str, str]:
    """Where the lists to choose from will stand."""
    last = _FIRST + len(roles_in_order(taken)) + _SPARE
    return {
        "role": f"={NAME}!$A${_FIRST + 1}:$A${last}",
        "area": f"={NAME}!$F${_FIRST + 1}:$F${_FIRST + len(AREAS)}",
        "tier": f"={NAME}!$H${_FIRST + 1}:$H${_FIRST + len(TIERS)}",
    }


def write_rates(book: Book, taken: Taken) -> None:
    """Write the sheet; the map's formulas look rates up here."""
    pen = book.sheet(NAME)
    pen.text(0, 0, "Hourly rates by role", "title")
    for row, line in (
        (1, "Change a rate here and every cost in this workbook follows. Rates are kept by role, "
            "never by person."),
        (2, "A rate marked illustrative is not your school’s: ask the business manager."),
    ):  # fmt: skip
        pen.sheet.merge_range(row, 0, row, 3, "", book.looks["note"])
        pen.text(row, 0, line, "note")
        pen.sheet.set_row(row, 32)
    pen.headings(_FIRST - 1, ("Role", "Pounds an hour", "Illustrative", "Where it comes from"))
    pen.headings(_FIRST - 1, ("Areas of need",), column=5)
    pen.headings(_FIRST - 1, ("Tiers",), column=7)
    for row, role in enumerate(roles_in_order(taken), start=_FIRST):
        rate = taken.rates.by_role.get(role)
        pen.text(row, 0, role_name(role, taken.words))
        pen.value(row, 1, rate.hourly_rate if rate else None, "money")
        pen.text(row, 2, "" if rate is None else "yes" if rate.illustrative else "no")
        pen.text(row, 3, rate.note if rate else "No rate is set.")
    last = _FIRST + len(roles_in_order(taken)) + _SPARE
    for row in range(_FIRST + len(roles_in_order(taken)), last):
        for column, look in enumerate(("text", "money", "text", "text")):
            pen.value(row, column, None, look)
    for row, area in enumerate(AREAS, start=_FIRST):
        pen.text(row, 5, taken.words.area_labels[area])
    for row, tier in enumerate(TIERS, start=_FIRST):
        pen.text(row, 7, taken.words.tier_labels[tier])
    pen.only_numbers(_FIRST, last, 1)
    pen.widths([32, 11, 12, 60, 3, 36, 3, 14])
    pen.print_on_a4(repeat=_FIRST - 1, last=(last, 7))
