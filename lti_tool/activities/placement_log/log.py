"""A participant's own log in this request, and whether it is still open.

What people enter lives in the tables of this folder as it happens. Handing in freezes a snapshot
of it; from then on nothing the participant writes is taken, until they take the log back.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.entries import Entries
from lti_tool.activities.placement_log.numbers import Numbers, load_numbers
from lti_tool.activities.placement_log.progress import Requirement, requirements
from lti_tool.activities.placement_log.reading import read_entries
from lti_tool.activities.placement_log.snapshot import (
    Snapshot,
    counts_of,
    is_empty,
    make_snapshot,
    new_document,
)
from lti_tool.catalogue.contract import Activity
from lti_tool.catalogue.register import get_activity
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import Conflict
from lti_tool.coursework.operations import AlreadyHandedIn, save_work
from lti_tool.coursework.own_work import Work, get_work
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.people.access import contexts_of

KEY = "placement-log"
CLOSED = (
    "Your log is handed in, so it can no longer be changed. Take it back first, on the page of "
    "your log."
)


@dataclass(frozen=True)
class Log:
    """What a page of the log needs: whose it is, for which work, and how it stands."""

    activity: Activity
    assignment: AssignmentRead
    person_id: int
    work: Work
    config_dir: Path
    entries: Entries

    @property
    def numbers(self) -> Numbers:
        """What the programme asks for."""
        return load_numbers(self.config_dir)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The log as it would be frozen now."""
        return make_snapshot(self.entries, self.config_dir)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """What is asked for, and how much of it is there."""
        return requirements(counts_of(self.snapshot), self.numbers)

    @property
    def fingerprint(self) -> int:
        """Another number once anything in the log is changed."""
        return int(document_digest(self.snapshot)[:12], 16)


def get_log_assignment(assignment_id: int | None) -> AssignmentRead:
    """The work that the visit of this request is for, which is a placement log.

    :raises Conflict: the link stands for another kind of activity.
    """
    assignment = get_assignment(session(), assignment_id, contexts_of(visits.current()))
    if assignment.activity != KEY:
        raise Conflict("This link opens another activity. Open it again from your course.")
    return assignment


def read_log(assignment: AssignmentRead, person_id: int) -> Log:
    """One participant's log, for themselves or for a tutor of the course."""
    config_dir = visits.settings_of_app().config_dir
    return Log(
        get_activity(KEY),
        assignment,
        person_id,
        get_work(session(), assignment.id, person_id, new_document()),
        config_dir,
        read_entries(session(), config_dir, assignment.id, person_id),
    )


def open_log() -> Log:
    """The visit's own log."""
    visit = visits.current()
    return read_log(get_log_assignment(visit.assignment_id), visit.person_id)


def is_handed_in(session: Session, assignment_id: int, person_id: int) -> bool:
    """Whether a participant's log is handed in, and so closed to what they write."""
    return get_work(session, assignment_id, person_id, new_document()).is_handed_in


def require_open(session: Session, assignment_id: int, person_id: int) -> None:
    """What every act of a participant that changes their log asks first.

    :raises AlreadyHandedIn: it is handed in; they can take it back.
    """
    if is_handed_in(session, assignment_id, person_id):
        raise AlreadyHandedIn(CLOSED)


def keep_begun(session: Session, assignment: AssignmentRead, person_id: int) -> None:
    """Let a log count as begun, so that tutors see it in hand; call it with the first entry."""
    work = get_work(session, assignment.id, person_id, new_document())
    if work.submission_id is None:
        _save(session, assignment, person_id, work, new_document())


def _save(
    session: Session, assignment: AssignmentRead, person_id: int, work: Work, document: Snapshot
) -> None:
    save_work(
        session, assignment, person_id, get_activity(KEY), work, document, revision=work.revision
    )


def freeze(log: Log) -> Work:
    """The log put into one document, ready to be handed in.

    :raises AlreadyHandedIn: it is handed in.
    :raises Conflict: nothing stands in it.
    """
    if is_empty(log.snapshot):
        raise Conflict("There is nothing in your log to hand in yet. Plan a visit first.")
    _save(session(), log.assignment, log.person_id, log.work, log.snapshot)
    return get_work(session(), log.assignment.id, log.person_id, new_document())
