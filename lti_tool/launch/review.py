"""Where a visit begins: the activity's first page, or the work that the gradebook asked for.

A tutor who comes by a submission review lands on that participant's work. A participant comes
by one for themself alone (`lti/reviews.py`) and lands on their own.
"""

from flask import url_for
from sqlalchemy.orm import Session

from lti_tool.coursework.progress import find_standing
from lti_tool.coursework.queries import get_assignment
from lti_tool.launch.operations import Entered
from lti_tool.lti.messages import LaunchMessage
from lti_tool.lti.roles import TUTOR
from lti_tool.marking.desk.gathering import rules_of
from lti_tool.marking.queries import find_released, hides_names
from lti_tool.people import visits
from lti_tool.people.queries import find_in_context


def first_page(session: Session, entered: Entered, message: LaunchMessage) -> str:
    """The address to go on to."""
    start = url_for("launch.start", handle=entered.handle)
    if message.for_user is None or TUTOR not in message.roles or entered.assignment_id is None:
        return start
    contexts = (entered.context_id,)
    person_id = find_in_context(session, entered.context_id, message.for_user)
    found = person_id and find_standing(session, entered.assignment_id, person_id, contexts)
    if not found:
        return url_for("participants.not_handed_in", handle=entered.handle)
    if found.handed_in_at is None or found.candidate_code is None:
        return url_for("participants.not_handed_in", handle=entered.handle, begun=1)
    config_dir = visits.settings_of_app().config_dir
    assignment = get_assignment(session, entered.assignment_id, contexts)
    rules = rules_of(session, [assignment], config_dir)[assignment.id]
    is_out = find_released(session, found.submission_id) is not None
    if hides_names(assignment, rules) and not is_out:
        # The gradebook asked by name: the way on would say whose work is under which code.
        return url_for("marking.queue", handle=entered.handle, done="without-names")
    return url_for(
        "marking.work",
        handle=entered.handle,
        assignment_id=entered.assignment_id,
        code=found.candidate_code,
    )
