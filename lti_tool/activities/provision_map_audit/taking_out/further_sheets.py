"""The sheets Action plan and Notes: what is to be done, and how every figure comes about."""

from __future__ import annotations

from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import Book
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken
from lti_tool.activities.provision_map_audit.written.plan_shown import plan_of

PLAN, NOTES = "Action plan", "Notes"
_SPARE = 15
HOW = (
    ("Session hours", "Minutes of one session ÷ 60 × sessions a week × weeks × groups."),
    ("Staff hours", "Session hours × the adults in a session."),
    ("Staff cost", "Session hours × adults × the hourly rate of their role, over all roles. A "
     "row’s own rate comes before the rate of its role."),
    ("Total cost", "Staff cost + other cost. Provision with a cost but no staff and no times is "
     "taken as bought in: its staff cost is 0."),
    ("Pupils counted", "The number of pupils given, else group size × groups."),
    ("Cost per pupil", "Total cost ÷ pupils counted."),
    ("Cost per hour a pupil receives", "Total cost ÷ (pupils × the hours each of them receives). "
     "Each pupil is taken to be in one group."),
    ("Pupil places", "A pupil in two provisions has two places, so places are not a number of "
     "pupils."),
    ("Not known", "Nothing is worked out from what is not there. An empty cell is not a nought."),
    ("Pence", "Figures are kept whole and rounded only where they are shown."),
)  # fmt: skip
GOING_ON = (
    "Type into the white cells; the grey ones are worked out. The rows below the last one are "
    "ready for more provisions.",
    "Keep pupils’ names and codes out of this workbook: it is about provision and groups.",
    "The workbook can be brought back into the tool: it reads the sheet Provision map, and the "
    "first measure of each row.",
)
ILLUSTRATIVE = (
    "Some rates are illustrative: they came with the tool and are not your school’s. Costs that "
    "use them are illustrative too."
)
OWN_RATES = "The rates used are the school’s own, as they were given."


def write_plan(book: Book, taken: Taken) -> None:
    """Write the action plan, with empty lines to go on."""
    pen = book.sheet(PLAN)
    plan = plan_of(taken.document)
    fields, lines = plan.fields, plan.lines
    pen.text(0, 0, "Action plan", "title")
    pen.headings(2, ("Number", *fields.values()))
    for number in range(1, len(lines) + _SPARE + 1):
        line = lines[number - 1] if number <= len(lines) else [""] * len(fields)
        pen.value(2 + number, 0, number if number <= len(lines) else None, "number")
        for column, text in enumerate(line, start=1):
            pen.text(2 + number, column, text)
        pen.tall(2 + number, [(text, 18) for text in line])
    pen.widths([8, *([36 if field in {"action", "success"} else 20 for field in fields])])
    pen.print_on_a4(repeat=2, last=(2 + max(len(lines), 1), len(fields)))


def how_figures_are_made(taken: Taken) -> list[tuple[str, str]]:
    """Every figure and how it is worked out, and whether rates are the school's own."""
    rates = ILLUSTRATIVE if taken.has_illustrative_rates else OWN_RATES
    return [*HOW, ("Rates", rates)]


def write_notes(book: Book, taken: Taken) -> None:
    """Write how the figures are worked out and how to go on with the workbook."""
    pen = book.sheet(NOTES)
    pen.text(0, 0, "How this workbook works", "title")
    row = 2
    for line in GOING_ON:
        pen.sheet.merge_range(row, 0, row, 1, "", book.looks["note"])
        pen.text(row, 0, line, "note")
        pen.sheet.set_row(row, 32)
        row += 1
    pen.headings(row + 1, ("Figure", "How it is worked out"))
    for line_row, (name, how) in enumerate(how_figures_are_made(taken), start=row + 2):
        pen.text(line_row, 0, name)
        pen.text(line_row, 1, how)
        pen.tall(line_row, [(how, 84)])
    pen.widths([32, 90])
    pen.print_on_a4(repeat=None, last=(row + 2 + len(HOW), 1))
