"""Placement logs for tests to begin from: visits in each state, meetings, sessions.

Rows are written as the pages would leave them, for whoever takes part in the course.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.models import (
    Attendance,
    Confirmation,
    CourseSession,
    Meeting,
    PartnerVisit,
)
from lti_tool.activities.placement_log.visit_document import VERSION, new_document
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.people.models import GuestSignature, Person
from lti_tool.programme.models import School
from tests.support.visiting import World

CUSTOM: dict[str, Any] = {
    "custom": {"activity": "placement-log"},
    "resource_link_id": "log",
    "resource_link_title": "Placement log",
}
"""What a launch of a placement log carries, for `World.let_in`."""
DECLARATIONS = ["happened", "own_work", "ai_use", "no_names"]


@dataclass
class Logs:
    """The logs of one course, in one session."""

    session: Session
    assignment_id: int
    registration_id: int

    def person(self, sub: str) -> int:
        """Somebody's row number by the course site's id."""
        return self.session.scalars(select(Person.id).where(Person.sub == sub)).one()

    def school(self, name: str = "Oakfield Primary School") -> int:
        """A host school."""
        found = self.session.scalar(select(School.id).where(School.name == name))
        if found is not None:
            return found
        made = School(
            registration_id=self.registration_id,
            urn=None,
            name=name,
            phase="primary",
            kind="academy",
            created_at=clock.now(),
        )
        self.session.add(made)
        self.session.flush()
        return made.id

    def visit(
        self,
        person_id: int,
        state: str = states.PLANNED,
        on: date = date(2026, 11, 10),
        *,
        half_days: int = 2,
        since: datetime | None = None,
        **document: Any,
    ) -> PartnerVisit:
        """A visit; one that is confirmed or accepted has its host's answer."""
        numbers = self.session.scalars(
            select(PartnerVisit.number).where(
                PartnerVisit.assignment_id == self.assignment_id,
                PartnerVisit.person_id == person_id,
            )
        )
        made = PartnerVisit(
            assignment_id=self.assignment_id,
            person_id=person_id,
            number=max(numbers, default=0) + 1,
            school_id=self.school(),
            visit_on=on,
            arrives_at="08:45",
            leaves_at="15:15",
            half_days=half_days,
            document={**new_document(), **document},
            document_version=VERSION,
            state=state,
            state_since=since or clock.now(),
            revision=1,
            created_at=clock.now(),
            updated_at=clock.now(),
        )
        self.session.add(made)
        self.session.flush()
        if state in (states.CONFIRMED, states.ACCEPTED):
            self.answered(made.id)
        return made

    def asked(self, visit_id: int, until: datetime) -> Confirmation:
        """A host who was asked and has not answered."""
        made = Confirmation(
            visit_id=visit_id, asked_at=until - timedelta(days=20), expires_at=until
        )
        self.session.add(made)
        self.session.flush()
        return made

    def answered(
        self, visit_id: int, answer: str = "yes", *, broken_at: datetime | None = None
    ) -> Confirmation:
        """A host's answer, sealed."""
        signature = GuestSignature(name="Ms Host", role="SENCO", signed_at=clock.now())
        self.session.add(signature)
        self.session.flush()
        made = Confirmation(
            visit_id=visit_id,
            asked_at=clock.now() - timedelta(days=2),
            expires_at=clock.now() + timedelta(days=12),
            by="link",
            answer=answer,
            reason="" if answer == "yes" else "It was another day.",
            answered_at=clock.now(),
            shown={},
            shown_digest="0123456789abcdef" * 4,
            signature_id=signature.id,
            broken_at=broken_at,
        )
        self.session.add(made)
        self.session.flush()
        return made

    def meeting(
        self, person_id: int, on: date = date(2026, 11, 12), *, confirmed: bool = True
    ) -> None:
        """A meeting with the mentor."""
        self.session.add(
            Meeting(
                assignment_id=self.assignment_id,
                person_id=person_id,
                kind="mentor",
                held_on=on,
                minutes=45,
                mode="online",
                document={"topics": "Graduated approach", "outcomes": "", "actions": []},
                document_version=1,
                written_by="participant",
                confirmed_at=clock.now() if confirmed else None,
                revision=1,
                created_at=clock.now(),
                updated_at=clock.now(),
            )
        )
        self.session.flush()

    def held(
        self, title: str = "Online session 1", kind: str = "online", on: date = date(2026, 11, 5)
    ) -> int:
        """A session that was set up."""
        made = CourseSession(
            assignment_id=self.assignment_id,
            kind=kind,
            title=title,
            held_on=on,
            revision=1,
            created_at=clock.now(),
        )
        self.session.add(made)
        self.session.flush()
        return made.id

    def attended(self, session_id: int, person_id: int, mark: str = "present") -> None:
        """Attendance of one participant."""
        self.session.add(
            Attendance(
                session_id=session_id,
                person_id=person_id,
                state=mark,
                taken_by_id=person_id,
                taken_at=clock.now(),
            )
        )
        self.session.flush()

    def complete(self, person_id: int) -> None:
        """All that the shipped numbers ask for."""
        self.visit(
            person_id,
            states.ACCEPTED,
            focus="How support is planned",
            outcome_set="npq-senco",
            outcomes=["S1", "S2", "S3"],
            shared="Staff meet every week.",
            private="I was unsure at first.",
        )
        for number in (1, 2):
            self.attended(self.held(f"Online session {number}"), person_id)
        for day in (3, 10, 17):
            self.meeting(person_id, date(2026, 11, day))


def logs_of(world: World, session: Session) -> Logs:
    """The logs of the one placement log that somebody has launched."""
    assignment_id = session.scalars(
        select(Assignment.id).where(Assignment.activity == "placement-log")
    ).one()
    return Logs(session, assignment_id, world.registration_id)
