"""From whom first marks are hidden for now: blind moderators, and blind second and third markers.

Every page that shows a first mark to a marker asks here.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.rules import Rules
from lti_tool.marking.moderation.pairs import Pair, hidden_kinds, list_pairs
from lti_tool.marking.moderation.queries import list_pieces, list_rounds
from lti_tool.marking.moderation.record import is_hidden_from
from lti_tool.marking.queries import FIRST, SECOND, THIRD


def list_hidden_first(
    session: Session,
    assignment: AssignmentRead,
    rules: Rules,
    works: Sequence[HandedIn],
    person_id: int,
) -> set[int]:
    """The submissions whose first marks a person must not see yet.

    Of double-marked work that is everybody but the first marker until both marks are in; of a
    blind round its moderator, for each piece of the sample until they gave their own mark.

    :param works: the work of this assignment to ask about.
    :param person_id: the marker who looks.
    """
    hidden = _before_moderators(session, assignment, person_id)
    if rules.is_double_marked:
        for pair in list_pairs(session, assignment, works):
            # Before anybody is named or has begun, whoever opens it is its first marker.
            if pair.latest and FIRST in hidden_kinds(pair, rules, person_id):
                hidden.add(pair.work.submission_id)
    return hidden & {work.submission_id for work in works}


def list_apart(
    session: Session,
    assignment: AssignmentRead,
    rules: Rules,
    works: Sequence[HandedIn],
    person_id: int,
) -> set[int]:
    """The submissions of which a person must not see anything yet that another marker said.

    It is stricter than `list_hidden_first`: a first marker does not meet the second's either, and
    whoever was named second or third marker waits until they have saved marks of their own.

    :param works: the work of this assignment to ask about.
    :param person_id: the marker who looks.
    """
    hidden = _before_moderators(session, assignment, person_id)
    for pair in list_pairs(session, assignment, works):
        is_blind = rules.is_double_marked and hidden_kinds(pair, rules, person_id)
        if is_blind or _is_awaited(pair, person_id):
            hidden.add(pair.work.submission_id)
    return hidden & {work.submission_id for work in works}


def _is_awaited(pair: Pair, person_id: int) -> bool:
    """Whether somebody is to mark second or third and has saved nothing yet."""
    for kind in (SECOND, THIRD):
        given = pair.latest.get(kind)
        is_own = given is not None and given.marker_id == person_id
        if pair.turns.get(kind) == person_id and not is_own and not pair.is_agreed:
            return True
    return False


def _before_moderators(session: Session, assignment: AssignmentRead, person_id: int) -> set[int]:
    """What a blind moderator has not given their own mark for yet."""
    hidden: set[int] = set()
    for one in list_rounds(session, assignment.id):
        if one.is_open and one.is_blind and one.moderator_id == person_id:
            hidden |= {
                piece.submission_id
                for piece in list_pieces(session, one.id)
                if is_hidden_from(one, piece, person_id)
            }
    return hidden
