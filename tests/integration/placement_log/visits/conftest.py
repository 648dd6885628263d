"""A course with a placement log, its tutor and a participant, on a Monday in term."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.activities.placement_log.moving import move
from lti_tool.activities.placement_log.visits.queries import VisitRead, get_by_id, list_visits
from lti_tool.core import clock as times
from lti_tool.coursework.models import Assignment
from lti_tool.people.models import Person
from lti_tool.programme.models import DbsCheck, SchoolAgreement
from tests.support.visiting import Visitor, World, make_world

NOW = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
FETCH = {"X-Requested-With": "fetch"}
PLAN = {
    "school_name": "Hillside Primary",
    "school_urn": "116123",
    "phase": "primary",
    "kind": "maintained",
    "host_name": "Ann Lee",
    "host_email": "a.lee@hillside.example",
    "visit_on": "2027-03-02",
    "arrives_at": "08:45",
    "leaves_at": "15:30",
    "half_days": "2",
    "focus": "How provision is mapped",
}


def text(answer: TestResponse) -> str:
    """What a page says."""
    return answer.get_data(as_text=True)


@dataclass
class Course:
    """A placement log with a tutor."""

    world: World
    tutor: Visitor
    participants: dict[str, Visitor] = field(default_factory=dict)

    def let_in(self, sub: str) -> Visitor:
        """A participant of the course."""
        if sub not in self.participants:
            self.participants[sub] = self.world.let_in(
                sub, "participant", custom={"activity": "placement-log"}, resource_link_id="9"
            )
        return self.participants[sub]

    def person(self, sub: str) -> int:
        """The row number of a person."""
        with self.world.database.read() as session:
            return session.scalars(select(Person.id).where(Person.sub == sub)).one()

    def give_dbs(self, sub: str, issued_on: date = date(2026, 1, 5)) -> None:
        """Record a check that is enough."""
        with self.world.database.write() as session:
            session.add(
                DbsCheck(
                    person_id=self.person(sub),
                    level="enhanced",
                    workforce="child",
                    issued_on=issued_on,
                    checked_by="school office",
                    checked_on=issued_on,
                    source="office",
                    recorded_at=times.now(),
                )
            )

    def give_release(self, visit: VisitRead, days: int) -> None:
        """The head of whoever planned this visit has agreed to so many days."""
        with self.world.database.write() as session:
            session.add(
                SchoolAgreement(
                    person_id=visit.person_id,
                    context_id=session.get_one(Assignment, visit.assignment_id).context_id,
                    school_id=visit.school_id,
                    source="office",
                    asked_at=times.now(),
                    answered_at=times.now(),
                    is_agreed=True,
                    release_days=days,
                    answer={},
                )
            )

    def visits(self, sub: str = "5") -> list[VisitRead]:
        """A participant's visits as they stand."""
        with self.world.database.read() as session:
            assignment_id = session.scalars(
                select(Assignment.id).where(Assignment.activity == "placement-log")
            ).one()
            return list_visits(session, assignment_id, self.person(sub))

    def visit(self, sub: str = "5") -> VisitRead:
        """A participant's first visit."""
        return self.visits(sub)[0]

    def plan(self, sub: str = "5", **changes: Any) -> VisitRead:
        """Plan a visit through its page."""
        visitor = self.let_in(sub)
        visitor.get("placement/visits/new")
        answer = visitor.post("placement/visits/new", {**PLAN, **changes})
        assert answer.status_code == 303, text(answer)
        return max(self.visits(sub), key=lambda one: one.number)

    def bring_to(self, visit: VisitRead, *states: str) -> VisitRead:
        """Move a visit on, as if each had seen to their part."""
        with self.world.database.write() as session:
            now = get_by_id(session, visit.id)
            for one in states:
                now = move(session, now, one)
        return now

    def press(self, visit: VisitRead, act: str, **more: str) -> TestResponse:
        """The tutor presses a button on the page of a visit."""
        path = f"placement/tutor/visits/{visit.id}"
        self.tutor.get(path)
        return self.tutor.post(path, {"act": act, **more})


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock of this process, to be moved."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


def make_course(folder: Path, on: Any = None) -> Course:
    """A fresh course, with participant 5 in it."""
    world = make_world(folder, on)
    custom = {"activity": "placement-log"}
    made = Course(world, world.let_in("3", "tutor", custom=custom, resource_link_id="9"))
    made.let_in("5")
    return made


@pytest.fixture
def course(tmp_path: Path, clock: time_machine.Traveller) -> Course:
    return make_course(tmp_path)
