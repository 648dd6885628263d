"""Who marks in a course: whom the course site sends as a tutor, named where that is asked for."""

from sqlalchemy.orm import Session

from lti_tool.people import grants
from lti_tool.people.access import contexts_of
from lti_tool.people.queries import list_tutors
from lti_tool.people.visits import CurrentVisit


def list_markers(session: Session, visit: CurrentVisit) -> dict[int, str]:
    """The markers of the visit's course: names by person, in the order of family names."""
    tutors = list_tutors(session, contexts_of(visit))
    if visit.requires_grant:
        named = grants.holders(session, visit.context_id, visit.registration_id)
        tutors = [one for one in tutors if one.person_id in named]
    return {
        one.person_id: one.name
        or " ".join(filter(None, (one.given_name, one.family_name)))
        or f"Person {one.person_id}"
        for one in tutors
    }
