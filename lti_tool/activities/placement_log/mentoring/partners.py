"""Names of those whom participants met: mentors, of earlier times too, and tutors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring.mentorships import (
    MentorshipRead,
    names_of_mentors,
)
from lti_tool.activities.placement_log.mentoring.queries import MeetingRead
from lti_tool.people.queries import list_tutors, names_of


@dataclass(frozen=True, slots=True)
class Partners:
    """Names by key, and the tutors there are to choose from."""

    by_key: dict[str, str]
    """"m" and the number of a mentorship, "t" and the number of a tutor."""
    tutors: dict[str, str]


def name_partners(
    session: Session,
    context_id: int,
    meetings: Sequence[MeetingRead],
    mentor: MentorshipRead | None = None,
) -> Partners:
    """The names that pages of these meetings need, in a fixed number of queries."""
    mentorship_ids = {one.mentorship_id for one in meetings} | {mentor.id if mentor else None}
    here = [row.person_id for row in list_tutors(session, (context_id,))]
    met = {one.tutor_id for one in meetings if one.tutor_id is not None}
    people = names_of(session, {*here, *met})
    mentors = names_of_mentors(session, mentorship_ids)
    by_key = {f"m{number}": name for number, name in mentors.items()}
    by_key |= {f"t{number}": name for number, name in people.items()}
    return Partners(by_key, {str(number): people[number] for number in here})
