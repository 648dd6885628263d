"""The first page and its lists as tables to take away: one for Excel each, or one long CSV."""

from collections.abc import Sequence

from lti_tool.papers.tables import Cell, Table
from lti_tool.programme.cohorts.words import STATUSES
from lti_tool.programme.home.glance import AtAGlance, Figures
from lti_tool.programme.home.lists import HomeList
from lti_tool.programme.home.marks import Row, label_of
from lti_tool.programme.home.reach import Place
from lti_tool.programme.home.work import STATES
from lti_tool.programme.outcomes.words import STATES as OUTCOME_STATES


def _marks(title: str, rows: Sequence[Row], steps: Sequence[int]) -> Table:
    made = []
    for row in rows:
        spread = row.spread
        counts = [spread.rows[step][1] for step in steps]
        made.append([row.title, *counts, spread.count, spread.mean, spread.median, row.below])
    labels = [label_of(step) for step in steps]
    return Table(title, ("Marks of", *labels, "Marks", "Mean", "Median", "Not passed"), made)


def _outcomes(glance: AtAGlance) -> Table:
    rows: list[Sequence[Cell]] = [[one.title, *one.states.values()] for one in glance.areas]
    if glance.outcomes.placeholder_note:
        rows.append([glance.outcomes.placeholder_note])
    return Table("Outcomes", ("Area", *OUTCOME_STATES.values()), rows)


def table_of_figures(figures: Figures) -> Table:
    """Figures with how they were worked out."""
    return Table(
        "Figures",
        ("Figure", "In words", "Count", "Of", "How", "As of"),
        [
            [measure.title, figure.words, figure.count, figure.of, figure.how, figure.as_of]
            for measure, figure in figures
        ],
    )


def tables_of(glance: AtAGlance) -> list[Table]:
    """Everything on the first page, a table for each of its parts."""
    marks = glance.marks
    found = [
        Table(
            "What needs a person",
            ("What", "To do", "In order for now"),
            [[one.need.title, len(one.to_do), len(one.settled)] for one in glance.waiting],
        ),
        Table(
            "People",
            ("Standing", "People"),
            [[STATUSES[key], count] for key, count in glance.statuses.items()],
        ),
        Table(
            "Work",
            ("Module", "Work", *STATES.values()),
            [
                [one.module, one.assignment.title, *(len(one.people[key]) for key in STATES)]
                for one in glance.work
            ],
        ),
        _marks("Marks by module", marks.modules, marks.steps(marks.modules)),
        _marks("Marks by first marker", marks.markers, marks.steps(marks.markers)),
        table_of_figures(glance.figures),
        _outcomes(glance),
    ]
    for panel, one in glance.panels:
        if one is not None:
            said: list[Sequence[Cell]] = [[words] for words in (one.words, one.note) if words]
            heads = (one.heads[0], one.heads[1], "Of")
            found.append(Table(panel.title, heads, [*one.rows, *said]))
    return found


def flat(tables: Sequence[Table]) -> Table:
    """Several tables as one long one: a line for each cell, with where it stands."""
    rows: list[Sequence[Cell]] = []
    for table in tables:
        for row in table.rows:
            if len(row) == 1:
                rows.append((table.title, row[0], "", ""))
            rows += [
                (table.title, row[0], heading, cell)
                for heading, cell in zip(table.headings[1:], row[1:], strict=False)
            ]
    return Table("Cohort at a glance", ("Part", "Of what", "Column", "Value"), rows)


def table_of(found: HomeList, place: Place) -> Table:
    """A list as a table."""
    rows = [
        (
            one.member.name if one.member else "",
            STATUSES[one.member.standing.status] if one.member else "",
            place.course(one.what.context_id),
            one.what.words,
            one.settled,
        )
        for one in found.lines
    ]
    return Table(found.title, ("Person", "Status", "Course", "What", "In order for now"), rows)
