"""The tables of the pages of outcomes to take away. Where the words are a placeholder, they say so.

Pure. Small numbers are hidden as on the page.
"""

from collections.abc import Mapping, Sequence

from lti_tool.frameworks.framework import Framework, Item
from lti_tool.papers.tables import Cell, Table
from lti_tool.programme.cohorts.words import STATUSES
from lti_tool.programme.outcomes.confidence import Summed
from lti_tool.programme.outcomes.coverage import Coverage
from lti_tool.programme.outcomes.matrix import PersonRow
from lti_tool.programme.outcomes.sets import words_of
from lti_tool.programme.outcomes.words import CONFIDENCE, MET, MOMENTS, STATES

_HIDDEN, _FEW = "hidden", "under 5"


def matrix_table(outcomes: Framework, items: Sequence[Item], rows: Sequence[PersonRow]) -> Table:
    """A row a person, a column an outcome."""
    headings = ("Name", "Status", "Met", *(words_of(one) for one in items))
    found: list[list[Cell]] = [
        [
            row.name,
            STATUSES[row.standing.status],
            row.count(MET),
            *(STATES[row.cell(one.id).state] for one in items),
        ]
        for row in rows
    ]
    return Table("Outcomes", headings, found, outcomes.placeholder_note)


def coverage_table(outcomes: Framework, coverage: Coverage) -> Table:
    """A row an outcome: how many people stand how."""
    rows: list[list[Cell]] = [
        [words_of(one.item), area.title, *one.states.values(), one.with_evidence]
        for area in coverage.areas
        for one in area.outcomes
    ]
    headings = ("Outcome", "Area", *STATES.values(), "With evidence")
    return Table("Coverage", headings, rows, outcomes.placeholder_note)


def confidence_table(outcomes: Framework, summed: Mapping[tuple[str, str], Summed]) -> Table:
    """A row an outcome and moment: how many gave each answer."""
    rows: list[list[Cell]] = []
    for item in outcomes.judged:
        for moment, label in MOMENTS.items():
            one = summed[item.id, moment]
            counts = [_HIDDEN if count is None else count for count in one.counts]
            total = _FEW if one.total is None else one.total
            rows.append([words_of(item), label, *counts, total])
    headings = ("Outcome", "When", *(str(one) for one in CONFIDENCE), "Answers")
    return Table("Confidence", headings, rows, outcomes.placeholder_note)
