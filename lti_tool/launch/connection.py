"""What a platform's administrator sees of its connection with the tool, and a check of it.

Everything belongs to the registration and the course of the administrator's own visit: there is
no way to name another. The questions themselves are `lti/doctor.py`'s.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.audit.operations import Actor, record
from lti_tool.audit.queries import find_latest
from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.queries import find_line_items_url
from lti_tool.lti import doctor
from lti_tool.lti.calls import within
from lti_tool.lti.doctor import Finding
from lti_tool.lti.places import find_deployment, find_memberships_url
from lti_tool.lti.registering import SCOPES
from lti_tool.lti.registrations import get_registration
from lti_tool.people.visits import CurrentVisit
from lti_tool.settings import Settings

_CHECKED = "connection checked"
_CALLS_LAST = 2
"""Times the time limit of one call, for all calls of a check together."""
_ORDER = {doctor.PROBLEM: 0, doctor.UNKNOWN: 1, doctor.OK: 2}


@dataclass(frozen=True, slots=True)
class Connection:
    """A registration as its administrator may see it, and what this course offers."""

    registration: AnyRow
    deployment: str
    memberships_url: str | None
    line_items_url: str | None
    checked_at: datetime | None
    problem_count: int
    """How many problems the last check found."""

    @property
    def granted(self) -> tuple[str, ...]:
        """Scopes the platform granted when it was connected; empty where it did not say."""
        given = self.registration.scopes.split()
        return tuple(scope for scope in SCOPES if scope in given)

    @property
    def withheld(self) -> tuple[str, ...]:
        """Scopes we asked for and were not granted."""
        return tuple(s for s in SCOPES if s not in self.granted) if self.granted else ()


def get_connection(session: Session, visit: CurrentVisit) -> Connection:
    """The connection that a visit came by."""
    number = visit.registration_id
    last = find_latest(session, ("registration", number), (_CHECKED,))
    return Connection(
        registration=get_registration(session, number),
        deployment=find_deployment(session, visit.context_id),
        memberships_url=find_memberships_url(session, number, visit.context_id),
        line_items_url=find_line_items_url(session, number, visit.context_id),
        checked_at=last.at if last else None,
        problem_count=len((last.became or {}).get("problems", [])) if last else 0,
    )


def check_connection(database: Database, settings: Settings, visit: CurrentVisit) -> list[Finding]:
    """Ask the platform whether all works, with no transaction open, and note that it was asked.

    :return: what was found, what is to be changed first.
    """
    with database.read() as reading:
        known = get_connection(reading, visit)
    patient = doctor.Patient(
        database, settings, known.registration, known.memberships_url, known.line_items_url
    )
    return check(patient, {"actor_id": visit.person_id}, visit.context_id)


def check(patient: doctor.Patient, by: Actor, context_id: int | None = None) -> list[Finding]:
    """Ask a registration's platform, with no transaction open, and note that it was asked.

    :param context_id: the course whose list and gradebook were looked at, where it was one's own.
    :return: what was found, what is to be changed first.
    """
    with within(patient.settings.platform_timeout_s * _CALLS_LAST):
        findings = doctor.examine(patient)
    with patient.database.write() as writing:
        record(
            writing,
            _CHECKED,
            ("registration", patient.registration.id),
            context_id=context_id,
            became={
                "problems": [one.check for one in findings if one.state == doctor.PROBLEM],
                "not_told": [one.check for one in findings if one.state == doctor.UNKNOWN],
            },
            **by,
        )
    return sorted(findings, key=lambda one: _ORDER[one.state])
