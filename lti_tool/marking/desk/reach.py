"""Which work a tutor may see and mark: all of the course's, or only what was given to them.

The rule: where the programme leader has markers named (the switch on their page Markers) and an
assignment's participants are allocated, a tutor sees those given to them. Leaders see everything,
and so does everybody where nobody is allocated.
"""

from collections.abc import Iterable
from typing import NoReturn

from sqlalchemy.orm import Session

from lti_tool.core.errors import NotAllowed
from lti_tool.coursework.queries import HandedIn
from lti_tool.marking.desk.turns import Turn, list_turns
from lti_tool.people.visits import CurrentVisit
from lti_tool.web.logs import log


def is_limited(visit: CurrentVisit, has_turns: bool) -> bool:
    """Whether this tutor sees only what was given to them.

    :param has_turns: whether anybody is allocated in the assignment.
    """
    return visit.requires_grant and not visit.is_leader and has_turns


def own_kinds(visit: CurrentVisit, work: HandedIn, turns: Iterable[Turn]) -> frozenset[str]:
    """The kinds of turn this tutor has at a piece."""
    mine = (work.person_id, visit.person_id)
    return frozenset(turn.kind for turn in turns if (turn.person_id, turn.marker_id) == mine)


def require_reach(session: Session, visit: CurrentVisit, work: HandedIn) -> frozenset[str]:
    """The kinds of turn this tutor has at a piece that they may see.

    :raises NotAllowed: the work was given to others, and the leader keeps markers to theirs.
    """
    turns = list_turns(session, [work.assignment_id])
    own = own_kinds(visit, work, turns)
    if is_limited(visit, bool(turns)) and not own:
        refuse(visit, work.submission_id)
    return own


def people_in_reach(
    session: Session, visit: CurrentVisit, assignment_id: int
) -> frozenset[int] | None:
    """The participants whose work this tutor sees in an assignment; None for all of them."""
    turns = list_turns(session, [assignment_id])
    if not is_limited(visit, bool(turns)):
        return None
    return frozenset(turn.person_id for turn in turns if turn.marker_id == visit.person_id)


def refuse(visit: CurrentVisit, submission_id: int) -> NoReturn:
    """Say that this piece is somebody else's, and write down that it was asked for.

    :raises NotAllowed: always.
    """
    log.warning(
        "work outside allocation",
        context=visit.context_id,
        submission=submission_id,
        person=visit.person_id,
    )
    raise NotAllowed(
        "This piece of work was given to another marker. Your programme leader shares the work "
        "out on the page Allocation: ask them if it should be yours."
    )
