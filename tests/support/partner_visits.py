"""Partner-school visits for tests to begin from: written as rows, done and waiting for a host."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.confirming.confirmation import ConfirmationRead
from lti_tool.activities.placement_log.confirming.queries import list_of_visit
from lti_tool.activities.placement_log.confirming.visit_rows import find_visit
from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.people.models import Person
from lti_tool.programme.models import School
from tests.support.visiting import Visitor, World

VISIT_ON = date(2026, 9, 24)
SHARED = "The morning meeting of teaching assistants, ten minutes, one child’s plan on the wall."
REFLECTION = "I would never have dared to say this aloud."


def write_visit(
    session: Any, assignment_id: int, person_id: int, registration_id: int, **changes: Any
) -> int:
    """A visit that was made, as rows of the tables; its row number."""
    name = changes.pop("school", "Hillside Primary")
    school_id = (
        session.scalar(select(School.id).where(School.name == name))
        or session.execute(
            insert(School).values(
                registration_id=registration_id, name=name, phase="primary", created_at=clock.now()
            )
        ).inserted_primary_key[0]
    )
    last = session.scalars(
        select(PartnerVisit.number)
        .where(PartnerVisit.assignment_id == assignment_id, PartnerVisit.person_id == person_id)
        .order_by(PartnerVisit.number.desc())
    ).first()
    document = {
        **visit_document.new_document(),
        "focus": "How teaching assistants are deployed",
        "outcome_set": "npq-senco",
        "outcomes": ["S1", "S6"],
        "shared": SHARED,
        "private": "The head was short with me.",
        "reflection": {"model": "rolfe", "parts": {"what": REFLECTION}},
        "change": "A meeting of our own.",
    } | changes.pop("document", {})
    now = clock.now()
    values = {
        "visit_on": VISIT_ON,
        "arrives_at": "08:45",
        "leaves_at": "15:30",
        "half_days": 2,
        "state": "done",
        **changes,
    }
    row = session.execute(
        insert(PartnerVisit).values(
            assignment_id=assignment_id,
            person_id=person_id,
            number=(last or 0) + 1,
            school_id=school_id,
            document=document,
            document_version=visit_document.VERSION,
            state_since=now,
            revision=1,
            created_at=now,
            updated_at=now,
            **values,
        )
    )
    return int(row.inserted_primary_key[0])


@dataclass
class Visiting:
    """A participant with a visit that waits for its host."""

    world: World
    visitor: Visitor
    person_id: int
    assignment_id: int
    visit_ids: list[int] = field(default_factory=list)

    @property
    def visit_id(self) -> int:
        """The first visit."""
        return self.visit_ids[0]

    def add(self, **changes: Any) -> int:
        """One more visit."""
        with self.world.database.write() as session:
            number = write_visit(
                session, self.assignment_id, self.person_id, self.world.registration_id, **changes
            )
        self.visit_ids.append(number)
        return number

    def visit(self, visit_id: int | None = None) -> VisitRead:
        """A visit as it stands."""
        with self.world.database.read() as session:
            found = find_visit(session, visit_id or self.visit_id)
        assert found is not None
        return found

    def change(self, **values: Any) -> None:
        """Change the first visit's row, and nothing else."""
        with self.world.database.write() as session:
            session.execute(
                update(PartnerVisit).where(PartnerVisit.id == self.visit_id).values(**values)
            )

    def asked(self) -> list[ConfirmationRead]:
        """Every asking for the first visit, the newest first."""
        with self.world.database.read() as session:
            return list_of_visit(session, self.visit_id)


def begin_visiting(
    world: World, sub: str = "5", name: str = "Amara Okafor", email: str | None = None
) -> Visiting:
    """Let a participant into the placement log and give them a visit that was made."""
    custom = {"activity": "placement-log"}
    visitor = world.let_in(
        sub, "participant", custom=custom, resource_link_id="9", name=name, email=email
    )
    with world.database.read() as session:
        person_id = session.scalars(select(Person.id).where(Person.sub == sub)).one()
        assignment_id = session.scalars(
            select(Assignment.id)
            .where(Assignment.activity == "placement-log")
            .order_by(Assignment.id)
        ).first()
    assert assignment_id is not None
    made = Visiting(world, visitor, person_id, assignment_id)
    made.add()
    return made
