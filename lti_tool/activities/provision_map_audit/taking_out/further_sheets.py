"""The sheets Action plan and Notes: what is to be done, and how every figure comes about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lti_tool.activities.provision_map_audit.taking_out.sheet_pen import Book
from lti_tool.activities.provision_map_audit.taking_out.taken import Taken
from lti_tool.activities.provision_map_audit.written.plan import PRIORITIES

PLAN, NOTES = "Action plan", "Notes"
PLAN_HEADINGS = {
    "action": "What will change",
    "priority": "Priority",
    "owner": "Who leads it",
    "by": "By when",
    "success": "How we will know",
    "evidence": "Evidence",
}
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


def plan_fields(actions: Sequence[dict[str, str]]) -> dict[str, str]:
    """Fields of the plan that hold anything, with their headings; the usual four always."""
    usual = ("action", "owner", "by", "success")
    held = {field for action in actions for field, text in action.items() if text}
    return {
        field: heading
        for field, heading in PLAN_HEADINGS.items()
        if field in usual or field in held
    }


def plan_text(action: Mapping[str, str], field: str) -> str:
    """One cell of the plan; a priority in words."""
    text = str(action.get(field, ""))
    return PRIORITIES.get(text, text) if field == "priority" else text


def write_plan(book: Book, taken: Taken) -> None:
    """Write the action plan, with empty lines to go on."""
    pen = book.sheet(PLAN)
    actions = taken.document["actions"]
    fields = plan_fields(actions)
    pen.text(0, 0, "Action plan", "title")
    pen.headings(2, ("Number", *fields.values()))
    for number in range(1, len(actions) + _SPARE + 1):
        action = actions[number - 1] if number <= len(actions) else {}
        pen.value(2 + number, 0, number if action else None, "number")
        for column, field in enumerate(fields, start=1):
            pen.text(2 + number, column, plan_text(action, field))
        pen.tall(2 + number, [(plan_text(action, field), 18) for field in fields])
    pen.widths([8, *([36 if field in {"action", "success"} else 20 for field in fields])])
    pen.print_on_a4(repeat=2, last=(2 + max(len(actions), 1), len(fields)))


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
