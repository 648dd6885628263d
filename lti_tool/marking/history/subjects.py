"""Which rows belong to an assignment, or to one person's work on it, and whose they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Assignment, Candidate, Extension, Submission
from lti_tool.coursework.queries import AssignmentRead, WorkNotFound
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.tries import people_of, subject_ids
from lti_tool.marking.history.words import ACTORS, EVERYONE, NO_NAME, REMOVED
from lti_tool.marking.models import ExaminerComment, Moderation, ScheduledRelease
from lti_tool.people.models import Guest, GuestLink
from lti_tool.people.queries import names_of

Subjects = Mapping[str, Select[int]]


def subjects_of(assignment_id: int, person_id: int | None = None) -> Subjects:
    """What an assignment's history tells of: row numbers by kind of subject.

    :param person_id: only what is about this participant.
    """
    works = select(Submission.id).where(Submission.assignment_id == assignment_id)
    later = select(Extension.id).where(Extension.assignment_id == assignment_id)
    sent = subject_ids(assignment_id, person_id)
    if person_id is not None:
        return {
            "submission": works.where(Submission.person_id == person_id),
            "extension": later.where(Extension.person_id == person_id),
            **sent,
        }
    return {
        "submission": works,
        "extension": later,
        **sent,
        "assignment": select(literal(assignment_id)),
        "moderation": select(Moderation.id).where(Moderation.assignment_id == assignment_id),
        "guest_link": select(GuestLink.id).where(
            GuestLink.subject_kind == "assignment", GuestLink.subject_id == assignment_id
        ),
        "scheduled_release": select(ScheduledRelease.id).where(
            ScheduledRelease.assignment_id == assignment_id
        ),
        "examiner_comment": select(ExaminerComment.id).where(
            ExaminerComment.assignment_id == assignment_id
        ),
    }


def get_author(session: Session, assignment_id: int, code: str) -> int:
    """The participant behind a candidate code.

    :raises WorkNotFound: the assignment has no such code.
    """
    person_id = session.scalar(
        select(Candidate.person_id).where(
            Candidate.assignment_id == assignment_id, Candidate.code == code
        )
    )
    if person_id is None:
        raise WorkNotFound("There is no work under this code.")
    return person_id


def owners_of(session: Session, entries: Iterable[AnyRow]) -> dict[tuple[str, int], int | None]:
    """Whose work an entry is about, by kind and number of its subject; None: everybody's."""
    ids: dict[str, set[int]] = {"submission": set(), "extension": set(), "delivery": set()}
    for one in entries:
        ids.setdefault(one.subject_kind, set()).add(one.subject_id)
    found: dict[tuple[str, int], int | None] = {
        ("submission", number): person_id
        for number, person_id in session.execute(
            select(Submission.id, Submission.person_id).where(Submission.id.in_(ids["submission"]))
        )
    }
    for number, owner in session.execute(
        select(Extension.id, Extension.person_id).where(Extension.id.in_(ids["extension"]))
    ):
        found["extension", number] = owner
    shown = ids.get("shown_result", set())
    return found | people_of(session, ids["delivery"], shown)


@dataclass(frozen=True, slots=True)
class People:
    """How the people of a history are called: by name, or by code while work is anonymous."""

    hides_names: bool
    """Whether participants go by their codes, because the work is marked without names."""
    names: dict[int, str]
    codes: dict[int, str]
    """Candidate codes of those who have work here, by person."""
    guests: dict[int, str]
    """The names of guests, by link."""

    def participant(self, person_id: int | None) -> str:
        """A participant as a marker may see them."""
        if person_id is None:
            return EVERYONE
        name, code = self.names.get(person_id), self.codes.get(person_id, "")
        if self.hides_names:
            return code or NO_NAME
        return REMOVED if name is None else name or NO_NAME

    def marker(self, person_id: int) -> str:
        """Somebody who marks."""
        return self.names.get(person_id, REMOVED)

    def actor(self, actor_id: int | None, actor: str) -> str:
        """Who did something."""
        if actor_id is None:
            return ACTORS.get(actor, REMOVED)
        if actor_id in self.codes:
            return self.participant(actor_id)
        return self.names.get(actor_id, REMOVED)


def get_people(
    session: Session,
    assignment: AssignmentRead,
    ids: Iterable[int],
    *,
    hides_names: bool,
    guest_links: Iterable[int] = (),
) -> People:
    """The names and codes of these people, and who these links were given to."""
    wanted = set(ids)
    codes = {
        person_id: code
        for person_id, code in session.execute(
            select(Candidate.person_id, Candidate.code)
            .join(Assignment, Assignment.id == Candidate.assignment_id)
            .where(Candidate.assignment_id == assignment.id, Candidate.person_id.in_(wanted))
        )
    }
    rows = session.execute(
        select(GuestLink.id, Guest.name)
        .join(Guest, Guest.id == GuestLink.guest_id)
        .where(GuestLink.id.in_(set(guest_links)))
    )
    return People(hides_names, names_of(session, wanted), codes, {n: name for n, name in rows})
