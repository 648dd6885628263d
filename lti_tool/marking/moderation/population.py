"""What a round of moderation can be drawn from now: the marks given and not yet moderated."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.coursework.rules import Rules
from lti_tool.marking.moderation.gate import Place, get_place
from lti_tool.marking.moderation.queries import Drawn
from lti_tool.marking.queries import FIRST


@dataclass(frozen=True, slots=True)
class Population:
    """The work of an assignment as a draw sees it."""

    works: tuple[HandedIn, ...]
    """All that is handed in."""
    drawn_from: dict[int, Drawn]
    """Marks that count and that no decided round covers, by submission."""
    all_marks: dict[int, Decimal]
    """Every mark that counts, moderated or not."""
    covered: int
    """How many marks went through a decided round already."""
    to_remark: int
    """How many marks an earlier round asked to be given again."""
    first_markers: frozenset[int]
    """Who gave the first marks that are drawn from."""

    @property
    def unmarked(self) -> int:
        """How many pieces have no mark that counts yet."""
        return len(self.works) - len(self.all_marks)

    @property
    def marks(self) -> dict[int, Decimal]:
        """The marks to draw from, by submission."""
        return {number: one.mark for number, one in self.drawn_from.items()}

    @property
    def sole_marker(self) -> int | None:
        """Who gave all the first marks, where it was one person."""
        return next(iter(self.first_markers)) if len(self.first_markers) == 1 else None


def _first_markers(place: Place, numbers: set[int]) -> frozenset[int]:
    rows = (place.latest.get((number, FIRST)) for number in numbers)
    return frozenset(int(row.marker_id) for row in rows if row is not None)


def get_population(session: Session, assignment: AssignmentRead, rules: Rules) -> Population:
    """What can be drawn from now. A fixed number of queries."""
    works = tuple(
        work
        for work in list_handed_in(session, (assignment.context_id,))
        if work.assignment_id == assignment.id
    )
    ids = {work.submission_id for work in works}
    place = get_place(session, assignment, rules, ids)
    drawn_from: dict[int, Drawn] = {}
    all_marks: dict[int, Decimal] = {}
    covered, to_remark = 0, set[int]()
    for number in sorted(ids):
        row = place.latest.get((number, place.kind))
        if row is None or row.overall is None:
            continue
        all_marks[number] = row.overall
        to_remark.update(place.remarking(number) or ())
        if place.is_covered(number):
            covered += 1
        else:
            drawn_from[number] = Drawn(row.id, row.overall)
    return Population(
        works,
        drawn_from,
        all_marks,
        covered,
        len(to_remark),
        _first_markers(place, set(drawn_from)),
    )
