"""Placement logs for tests to begin from: visits in each state, meetings, sessions.

Rows are written as the pages would leave them, for whoever takes part in the course.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.seals import Sealed, digest_signer
from lti_tool.activities.placement_log.confirming.shown import SchoolNamed, shown_of
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
from lti_tool.people.models import Guest, GuestSignature, Person
from lti_tool.programme.models import (
    DbsCheck,
    Eligibility,
    Mentorship,
    Post,
    School,
    SchoolAgreement,
)
from tests.support.visiting import World

CONFIG = Path(__file__).parents[2] / "config"

CUSTOM: dict[str, Any] = {
    "custom": {"activity": "placement-log"},
    "resource_link_id": "log",
    "resource_link_title": "Placement log",
}
"""What a launch of a placement log carries, for `World.let_in`."""
DECLARATIONS = ["happened", "own_work", "ai_use", "no_names"]


def _seal(made: Confirmation, shown: dict[str, Any]) -> str:
    assert made.answered_at is not None and made.signer_digest is not None
    return Sealed(
        made.id,
        made.visit_id,
        shown,
        made.answer,
        made.reason,
        made.by,
        made.answered_at,
        made.signer_digest,
    ).digest()


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
        made = Confirmation(
            visit_id=visit_id,
            asked_at=clock.now() - timedelta(days=2),
            expires_at=clock.now() + timedelta(days=12),
            by="link",
            answer=answer,
            reason="" if answer == "yes" else "It was another day.",
            answered_at=clock.now(),
            broken_at=broken_at,
            signer_salt="salt",
            signer_digest=digest_signer("salt", "Ms Host", "SENCO"),
        )
        self.session.add_all((signature, made))
        self.session.flush()
        made.signature_id = signature.id
        visit = self.session.get_one(PartnerVisit, visit_id)
        school = self.session.get_one(School, visit.school_id)
        shown = shown_of(CONFIG, visit, SchoolNamed(school.id, school.name, school.urn))
        made.shown, made.shown_digest = shown, _seal(made, shown)
        self.session.flush()
        return made

    def may_visit(self, person_id: int) -> None:
        """All that is asked for before a participant may visit."""
        now, school = clock.now(), self.school("Own School")
        begun = date(2026, 9, 1)
        head = Guest(
            registration_id=self.registration_id,
            name="Head",
            email=f"head{person_id}@school.example",
            created_at=now,
        )
        self.session.add(head)
        self.session.flush()
        context_id = self.session.get_one(Assignment, self.assignment_id).context_id
        self.session.add_all(
            (
                Post(person_id=person_id, school_id=school, started_on=begun, created_at=now),
                SchoolAgreement(
                    person_id=person_id,
                    context_id=context_id,
                    school_id=school,
                    guest_id=head.id,
                    source="school",
                    asked_at=now,
                    answered_at=now,
                    is_agreed=True,
                    release_days=5,
                    answer={},
                ),
                Mentorship(
                    person_id=person_id,
                    school_id=school,
                    guest_id=head.id,
                    role="leadership",
                    started_on=begun,
                    created_at=now,
                ),
                DbsCheck(
                    person_id=person_id,
                    level="enhanced",
                    workforce="child",
                    issued_on=begun,
                    checked_by="school office",
                    checked_on=begun,
                    source="school",
                    recorded_at=now,
                ),
                Eligibility(
                    person_id=person_id,
                    has_qts=True,
                    induction="done",
                    is_aspiring=True,
                    revision=1,
                    updated_at=now,
                ),
            )
        )
        self.session.flush()

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
