"""What every page of moderation loads first: the assignment with its rules and rubric."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.marking.queries import rubric_of
from lti_tool.marking.rubrics import Rubric
from lti_tool.people import visits
from lti_tool.people.access import contexts_of


@dataclass(frozen=True, slots=True)
class Place:
    """An assignment of the visit's course, with all it is marked by."""

    assignment: AssignmentRead
    rules: Rules
    rubric: Rubric


def get_place(session: Session, assignment_id: int) -> Place:
    """The assignment with its rules and rubric.

    :raises AssignmentNotFound: it is not of this visit's course.
    """
    assignment = get_assignment(session, assignment_id, contexts_of(visits.current()))
    rules = get_rules(
        session,
        visits.settings_of_app().config_dir,
        assignment.rules_key,
        assignment.rules_version,
    )
    return Place(assignment, rules, rubric_of(session, assignment))
