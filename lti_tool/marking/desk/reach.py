"""Which work a tutor may see and mark: all of the course's, or only what was given to them.

The rule: where the programme leader has markers named (the switch on their page Markers) and an
assignment's participants are allocated, a tutor sees those given to them. Leaders see everything,
and so does everybody where nobody is allocated.
"""

from typing import NoReturn

from lti_tool.core.errors import NotAllowed
from lti_tool.people.visits import CurrentVisit
from lti_tool.web.logs import log


def is_limited(visit: CurrentVisit, has_turns: bool) -> bool:
    """Whether this tutor sees only what was given to them.

    :param has_turns: whether anybody is allocated in the assignment.
    """
    return visit.requires_grant and not visit.is_leader and has_turns


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
