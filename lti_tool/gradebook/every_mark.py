"""Every mark of several columns at once, for lists that hold them against something else.

A fixed number of queries however many columns and people there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from lti_tool.gradebook.findings import on_scale
from lti_tool.gradebook.models import LineItem
from lti_tool.gradebook.overview import (
    COLUMN,
    ColumnRead,
    Line,
    column_of,
    line_of,
    sent_in,
    shown_in,
)


@dataclass(frozen=True, slots=True)
class MarkThere:
    """What a column holds of one person."""

    line: Line
    given: Decimal | None
    """The score that was promised to it last, on its scale; None where none was."""
    maximum: Decimal | None

    def is_of(self, mark: Decimal) -> bool:
        """Whether what was promised is this mark out of 100."""
        if self.given is None or self.maximum is None:
            return False
        return self.given == on_scale(mark, self.maximum)


@dataclass(frozen=True, slots=True)
class ColumnMarks:
    """A column with the marks in it, by person; who is left out has none."""

    column: ColumnRead
    marks: dict[int, MarkThere]


def list_marks(session: Session, assignment_ids: Sequence[int]) -> dict[int, ColumnMarks]:
    """The columns of these assignments with every mark, by assignment. Three queries.

    Names are left empty. What a visit may see is decided before.
    """
    rows = session.execute(COLUMN.where(LineItem.assignment_id.in_(assignment_ids)))
    columns = [column_of(row) for row in rows]
    ids = [one.id for one in columns]
    sent, shown = sent_in(session, ids), shown_in(session, ids)
    found = {one.id: ColumnMarks(one, {}) for one in columns}
    for place in sent.keys() | shown.keys():
        column_id, person_id = place
        there, row = found[column_id], sent.get(place)
        line = line_of("", row, shown.get(place), there.column)
        given, maximum = (row.score_given, row.score_maximum) if row else (None, None)
        there.marks[person_id] = MarkThere(line, given, maximum)
    return {one.column.assignment_id: one for one in found.values()}
