"""Which remarks a marker may see: only their own, while what others said is hidden from them."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, HandedIn, list_handed_in
from lti_tool.coursework.rules import Rules
from lti_tool.marking.moderation.blindness import list_apart
from lti_tool.marking.remarks import RemarkRead, list_remarks, list_remarks_of


def list_shown(
    session: Session, assignment: AssignmentRead, rules: Rules, work: HandedIn, person_id: int
) -> list[RemarkRead]:
    """The remarks that a marker may see: only their own while others' marks are hidden from them.

    :param person_id: the marker who looks.
    """
    found = list_remarks(session, work.submission_id)
    if found and list_apart(session, assignment, rules, [work], person_id):
        return [one for one in found if one.author_id == person_id]
    return found


def list_shown_of(
    session: Session,
    assignment: AssignmentRead,
    rules: Rules,
    submission_ids: Iterable[int],
    person_id: int,
) -> dict[int, list[RemarkRead]]:
    """The same for many pieces of an assignment, of any attempt, by submission."""
    found = list_remarks_of(session, submission_ids)
    if not found:
        return {}
    works = [
        one
        for one in list_handed_in(session, (assignment.context_id,), every_attempt=True)
        if one.submission_id in found
    ]
    apart = list_apart(session, assignment, rules, works, person_id)
    apart |= found.keys() - {one.submission_id for one in works}
    return {
        number: [one for one in given if number not in apart or one.author_id == person_id]
        for number, given in found.items()
    }
