"""A costed workbook for a request for an EHC needs assessment, which the school fills in itself.

We write the provision and its cost. The pupil's code and share are empty columns: they are filled
in at school and never come here. Costs and sums are live formulas.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.budget import Threshold
from lti_tool.activities.provision_map_audit.document import MapRow
from lti_tool.activities.provision_map_audit.figures.costing import RowCost, pounds
from lti_tool.activities.provision_map_audit.taking_out.further_sheets import (
    ILLUSTRATIVE,
    OWN_RATES,
)
from lti_tool.activities.provision_map_audit.taking_out.map_sheet import (
    staff_in_words,
    worked_values,
)
from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import Book, Pen, letters
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken

LINES, PUPILS, NOTES = "Costed provision", "By pupil", "Please read"
_COLUMNS = (
    ("code", "Pupil code (your school fills this in)", "text", 16),
    ("share", "Share of this pupil, % (your school fills this in)", "number", 16),
    ("name", "Provision", "text", 30),
    ("area", "Area of need", "text", 20),
    ("staff", "Staff", "text", 24),
    ("minutes", "Minutes of one session", "number", 9),
    ("sessions", "Sessions a week", "number", 9),
    ("weeks", "Weeks", "number", 7),
    ("groups", "Groups", "number", 7),
    ("hour_cost", "Staff cost of one hour", "money", 10),
    ("other", "Other cost", "money", 10),
    ("pupils", "Pupils who share it", "number", 9),
    ("hours", "Session hours (worked out)", "hours", 10),
    ("total", "Total cost (worked out)", "money", 12),
    ("equal", "Equal share of one pupil (worked out)", "money", 12),
    ("cost", "Cost for this pupil (worked out)", "money", 12),
)
_PLACES = {key: place for place, (key, *_) in enumerate(_COLUMNS)}
_WORKED = ("hours", "total", "equal", "cost")
_MOST_PUPILS = 20
_SPARE = 20


def make_request_workbook(taken: Taken, chosen: Collection[str]) -> bytes:
    """The workbook for the rows with these ids; ids that are no longer there are left out."""
    book = Book("Costed provision for a request")
    lines = [
        (one, cost)
        for one, cost in zip(taken.rows, taken.figures.cost.rows, strict=True)
        if one.id in chosen
    ]
    _write_notes(book, taken)
    _write_lines(book, taken, lines)
    _write_pupils(book, taken.picture.threshold, len(lines) + _SPARE + 1)
    return book.close()


def _write_lines(book: Book, taken: Taken, lines: list[tuple[MapRow, RowCost]]) -> None:
    pen = book.sheet(LINES)
    pen.headings(0, [heading for _, heading, *_ in _COLUMNS], [_PLACES[key] for key in _WORKED])
    pen.widths([width for *_, width in _COLUMNS])
    pen.tall(0, [(heading, width * 0.7) for _, heading, _, width in _COLUMNS])
    for row, (one, cost) in enumerate(lines, start=1):
        values = _values(one, cost, taken)
        for key, place in _PLACES.items():
            if key not in _WORKED:
                pen.value(row, place, values.get(key), _COLUMNS[place][2])
        pen.tall(row, [(values.get(key), width) for key, _, _, width in _COLUMNS])
        _formulas(pen, row, {
            "hours": cost.session_hours, "total": cost.total_cost,
            "equal": cost.cost_per_pupil, "cost": "",
        })  # fmt: skip
    last = len(lines) + _SPARE
    for row in range(len(lines) + 1, last + 1):
        for key, place in _PLACES.items():
            if key not in _WORKED:
                pen.value(row, place, None, _COLUMNS[place][2])
        _formulas(pen, row, dict.fromkeys(_WORKED, ""))
    for key in ("share", "minutes", "sessions", "weeks", "groups", "hour_cost", "other", "pupils"):
        pen.only_numbers(1, last, _PLACES[key])
    pen.sheet.freeze_panes(1, 3)
    pen.print_on_a4(repeat=0, last=(max(len(lines), 1), len(_COLUMNS) - 1))


def _values(one: MapRow, cost: RowCost, taken: Taken) -> dict[str, Any]:
    row = one.row
    worked = worked_values(one, cost, taken, len(row.staff))
    hour_cost = worked["hour_cost"]
    if cost.staff_cost == 0:
        hour_cost = Decimal(0)
    return {
        "name": row.name or "Name not given",
        "area": worked["area_counted"],
        "staff": staff_in_words(row, taken.words),
        "minutes": row.minutes_per_session,
        "sessions": row.sessions_per_week,
        "weeks": row.weeks,
        "groups": row.groups,
        "hour_cost": "not known" if hour_cost is None or hour_cost == "" else hour_cost,
        "other": "not known" if row.other_cost is None else row.other_cost,
        "pupils": cost.pupils_reached,
    }


def _formulas(pen: Pen, row: int, shown: dict[str, Decimal | str | None]) -> None:
    at = {key: f"{letters(place)}{row + 1}" for key, place in _PLACES.items()}
    used = f"COUNTA({at['name']}:{at['pupils']})"
    times = f"{at['minutes']},{at['sessions']},{at['weeks']}"
    groups = f'IF({at["groups"]}="",1,{at["groups"]})'
    rate, other, hours, total = at["hour_cost"], at["other"], at["hours"], at["total"]
    unknown = f'OR(COUNT({rate})=0,AND({other}<>"",COUNT({other})=0))'
    formulas = {
        "hours": f'IF(COUNT({times})<3,"not known",{times.replace(",", "*")}*{groups}/60)',
        "total": (
            f'IF({unknown},"not known",IF({rate}=0,N({other}),'
            f'IF(COUNT({hours})=0,"not known",{hours}*{rate}+N({other}))))'
        ),
        "equal": (
            f'IF(OR(COUNT({total})=0,COUNT({at["pupils"]})=0),"not known",'
            f'IF({at["pupils"]}>0,{total}/{at["pupils"]},"not known"))'
        ),
        "cost": (
            f'IF({at["code"]}="","",IF({at["share"]}="",{at["equal"]},'
            f'IF(COUNT({total})=0,"not known",{total}*{at["share"]}/100)))'
        ),
    }
    for key, formula in formulas.items():
        look = _COLUMNS[_PLACES[key]][2]
        pen.formula(row, _PLACES[key], f'=IF({used}=0,"",{formula})', shown[key], look)


def _write_pupils(book: Book, threshold: Threshold | None, last: int) -> None:
    """One line for each pupil whose code the school types: the cost, against the threshold."""
    pen = book.sheet(PUPILS)
    headings = ["Pupil code (your school fills this in)", "Cost for this pupil (worked out)",
                "Lines not known (worked out)"]  # fmt: skip
    if threshold:
        year = f" for {threshold.year}" if threshold.year else ""
        headings += [f"Threshold{year}", "Above or below the threshold by (worked out)"]
    pen.headings(0, headings, [1, 2, 4])
    codes, costs = (
        f"'{LINES}'!{letters(_PLACES[key])}$2:{letters(_PLACES[key])}${last}"
        for key in ("code", "cost")
    )
    for row in range(1, _MOST_PUPILS + 1):
        at = f"$A{row + 1}"
        pen.value(row, 0, None, "text")
        pen.formula(row, 1, f'=IF({at}="","",SUMIFS({costs},{codes},{at}))', "", "money")
        unknown = f'COUNTIFS({codes},{at},{costs},"not known")'
        pen.formula(row, 2, f'=IF({at}="","",{unknown})', "", "number")
        if threshold:
            pen.value(row, 3, threshold.amount, "money")
            pen.formula(row, 4, f'=IF({at}="","",$B{row + 1}-$D{row + 1})', "", "money")
    pen.widths([24, 16, 14, 18, 22])
    pen.tall(0, [(headings[0], 14)])
    pen.print_on_a4(repeat=0, last=(_MOST_PUPILS, len(headings) - 1))


def notes_for(threshold: Threshold | None, *, is_illustrative: bool) -> list[str]:
    """What a SENCo has to know before the workbook is used."""
    notes = [
        "Fill in pupil codes and shares at school, and keep the filled-in workbook there. Do not "
        "send it to the university or bring it into the tool: no record of one pupil is kept here.",
        "Use your school’s own code, not a name. Write the same code in every line that this pupil "
        "takes part in, and once on the sheet By pupil. Copy a line for a second pupil.",
        "Leave the share empty for an equal share of the cost. Type 100 only where provision was "
        "set up for this pupil alone.",
        "Costs are those of the full plan in your map. Many local authorities count only time tied "
        "to an objective, leave out breaks, lunch and general support in class, and have rates, "
        "caps and forms of their own. Ask for theirs.",
    ]
    if threshold:
        year = f" for {threshold.year}" if threshold.year else ""
        notes.append(
            f"The threshold{year} is {pounds(threshold.amount)} (source: "
            f"{threshold.source.rstrip('.')}). A mainstream school meets additional cost below it. "
            "It is not an amount that comes with each pupil with SEN, and the notional SEN budget "
            "is a guide inside the school’s budget, not a ring-fenced sum. Maintained schools "
            "budget from April to March, and maps follow the school year: say which year your "
            "figures are for."
        )
    else:
        notes.append("No threshold is shown: it does not apply to special schools.")
    notes.append(ILLUSTRATIVE if is_illustrative else OWN_RATES)
    return notes


def _write_notes(book: Book, taken: Taken) -> None:
    pen = book.sheet(NOTES)
    pen.text(0, 0, "Costed provision for a request: please read first", "title")
    notes = notes_for(taken.picture.threshold, is_illustrative=taken.has_illustrative_rates)
    for row, note in enumerate(notes, start=2):
        pen.text(row, 0, note, "note")
        pen.tall(row, [(note, 100)])
    pen.widths([110])
    pen.print_on_a4(repeat=None, last=(len(notes) + 2, 0))
