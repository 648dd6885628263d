"""A programme as rows of the tables, for tests and measurements of live measures."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from lti_tool.activities.placement_log.models import Confirmation, Meeting, VisitStep
from lti_tool.activities.quality_standards.years import days_of
from lti_tool.catalogue.measures import Figure, Scope, find_measure
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.db import Database
from lti_tool.duties import find_activities
from lti_tool.parts import load_measures
from lti_tool.people.models import Guest, Person
from lti_tool.programme.cohorts.models import (
    Cohort,
    ModuleRun,
    Participation,
    Programme,
    ProgrammeModule,
)
from lti_tool.programme.cohorts.scoping import read_scope
from lti_tool.programme.models import (
    DbsCheck,
    Eligibility,
    Mentorship,
    School,
    SchoolAgreement,
)
from tests.support.builders import CONFIG, Course, build_course
from tests.support.partner_visits import write_visit
from tests.support.statements import listen, stop_listening
from tests.support.visiting import make_settings

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
START = date(2026, 9, 7)
PLATFORM = {
    "name": "Moodle",
    "issuer": "https://moodle.example",
    "client_id": "tool",
    "deployment_ids": ("1",),
    "auth_login_url": "https://moodle.example/auth",
    "auth_token_url": "https://moodle.example/token",
    "jwks_url": "https://moodle.example/jwks",
    "auth_audience": None,
}


@dataclass
class Measured:
    """A programme with one cohort, its course and a placement log in it."""

    database: Database
    course: Course
    programme_id: int
    cohort_id: int
    log_id: int
    school_id: int
    guest_id: int
    year: int = 2026
    subs: list[str] = field(default_factory=list)
    _open: Any = None

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """A transaction; within another, that one."""
        if self._open is not None:
            yield self._open
            return
        with self.database.write() as session:
            self._open = session
            try:
                yield session
            finally:
                self._open = None

    def add(self, model: Any, **values: Any) -> int:
        """One row; its number."""
        with self.writing() as session:
            return int(session.execute(insert(model).values(**values)).inserted_primary_key[0])

    def person(self, status: str = "active", since_on: date = START, cohort_id: int = 0) -> int:
        """Somebody new in the cohort."""
        self.subs.append(f"p{len(self.subs)}")
        who = self.add(
            Person,
            platform_id=self.course.platform_id,
            sub=self.subs[-1],
            name="Zoë Unsaid",
            created_at=clock.now(),
        )
        self.take_part(
            who, "active", min(since_on, START) if not cohort_id else since_on, cohort_id
        )
        if status != "active":
            self.take_part(who, status, since_on, cohort_id)
        return who

    def take_part(self, person_id: int, status: str, since_on: date, cohort_id: int = 0) -> None:
        """Give somebody a status from a day on."""
        self.add(
            Participation,
            cohort_id=cohort_id or self.cohort_id,
            person_id=person_id,
            status=status,
            since_on=since_on,
            recorded_at=clock.now(),
        )

    def cohort(self, title: str, starts_on: date, **values: Any) -> int:
        """A further cohort of the programme."""
        return self.add(
            Cohort,
            programme_id=self.programme_id,
            title=title,
            starts_on=starts_on,
            **{"outcome_set": "npq-senco", "outcome_set_version": 1, **values},
            revision=1,
            created_at=clock.now(),
        )

    def standing(self, person_id: int, **values: Any) -> None:
        """What is known of somebody as a teacher and SENCO."""
        kept = {"is_aspiring": False, "revision": 1, "updated_at": clock.now(), **values}
        self.add(Eligibility, person_id=person_id, **kept)

    def agree(self, person_id: int, on: date, **values: Any) -> None:
        """A head agrees on a day, as the programme office recorded it later."""
        kept = {
            "context_id": self.course.context_id,
            "school_id": self.school_id,
            "source": "office",
            "asked_at": clock.now(),
            "answered_at": clock.now(),
            "is_agreed": True,
            "answer": {"agreed_on": on.isoformat()},
            **values,
        }
        self.add(SchoolAgreement, person_id=person_id, **kept)

    def mentor(self, person_id: int, since: date, until: date | None = None) -> None:
        """A mentor from a day on."""
        self.add(
            Mentorship,
            person_id=person_id,
            school_id=self.school_id,
            guest_id=self.guest_id,
            role="leadership",
            started_on=since,
            ended_on=until,
            created_at=clock.now(),
        )

    def dbs(self, person_id: int, issued_on: date, **values: Any) -> None:
        """A check of which the office looked at the facts on the day it was issued."""
        kept = {
            "level": "enhanced",
            "workforce": "child",
            "checked_on": issued_on,
            "checked_by": "school office",
            "source": "tutor",
            "recorded_at": clock.now(),
            **values,
        }
        self.add(DbsCheck, person_id=person_id, issued_on=issued_on, **kept)

    def visit(self, person_id: int, **values: Any) -> int:
        """A visit, done on 24 September 2026 where nothing else is said."""
        with self.writing() as session:
            registration_id = self.course.registration_id
            log_id = values.pop("assignment_id", self.log_id)
            return write_visit(session, log_id, person_id, registration_id, **values)

    def returned(self, visit_id: int, was: str) -> None:
        """The step by which a visit was returned."""
        step = {"was": was, "became": "returned", "at": clock.now()}
        self.add(VisitStep, visit_id=visit_id, **step)

    def confirm(self, visit_id: int, **values: Any) -> None:
        """A host's answer, yes where nothing else is said."""
        now = clock.now()
        kept = {"asked_at": now, "expires_at": now, "answered_at": now, "answer": "yes", **values}
        self.add(Confirmation, visit_id=visit_id, **kept)

    def meeting(self, person_id: int, *actions: str, kind: str = "mentor", **values: Any) -> None:
        """A meeting with these agreed actions, held on 1 October 2026."""
        kept = {
            "assignment_id": self.log_id,
            "held_on": date(2026, 10, 1),
            "minutes": 45,
            "mode": "online",
            "document": {"actions": [{"what": one, "by": "2026-11-01"} for one in actions]},
            "document_version": 1,
            "written_by": "participant",
            "revision": 1,
            "created_at": clock.now(),
            "updated_at": clock.now(),
            **values,
        }
        self.add(Meeting, person_id=person_id, kind=kind, **kept)

    def scope(self, year: int = 0) -> Scope:
        """What a measure looks at for the leader of the programme."""
        with self.database.read() as session:
            return read_scope(session, CONFIG, self.programme_id, *days_of(year or self.year))

    def find(self, key: str, scope: Scope | None = None) -> Figure:
        """What a measure finds now. The figure must agree with the list behind it, which names
        nobody."""
        measure = find_measure(key)
        assert measure is not None, key
        given = scope or self.scope()
        with self.database.read() as session:
            found = measure.find(session, given)
        assert found.count == sum(one.is_good for one in found.lines)
        assert found.of == len(found.lines) and found.how.endswith(".")
        assert not any("Zoë" in one.label or "Mentor M" in one.label for one in found.lines)
        assert {one.person_id for one in found.lines} <= {*given.person_ids, None}
        return found

    def label(self, key: str, person_id: int) -> str:
        """What the list behind a figure says of somebody's only entry."""
        (line,) = (one for one in self.find(key).lines if one.person_id == person_id)
        return line.label

    def count_queries(self, key: str) -> int:
        """How many queries a measure takes."""
        measure, scope, seen = find_measure(key), self.scope(), []
        assert measure is not None

        def note(*told: Any) -> None:
            if told[2].startswith("SELECT"):
                seen.append(told[2])

        with self.database.read() as session:
            listen(self.database, note)
            measure.find(session, scope)
            stop_listening(self.database, note)
        return len(seen)


def make_measured(folder: Path, database: Database) -> Measured:
    """A course with a log, joined to a programme, and nobody in it."""
    find_activities()
    load_measures()
    now = clock.now()
    with database.write() as session:
        course = build_course(session, make_settings(folder), PLATFORM)

    made = Measured(database, course, 0, 0, 0, 0, 0)
    made.programme_id = made.add(
        Programme,
        registration_id=course.registration_id,
        key="senco",
        title="SENCo training",
        route="pg_certificate",
        credits=40,
        revision=1,
        created_at=now,
    )
    module_id = made.add(
        ProgrammeModule,
        programme_id=made.programme_id,
        key="ed1",
        title="Context",
        credits=20,
        position=1,
    )
    made.cohort_id = made.cohort("September 2026", START)
    made.add(
        ModuleRun,
        context_id=course.context_id,
        cohort_id=made.cohort_id,
        module_id=module_id,
        joined_by_id=course.tutor_id,
        joined_at=now,
    )
    made.log_id = add_log(made, course.context_id)
    made.school_id = made.add(
        School, registration_id=course.registration_id, name="Ashgrove", created_at=now
    )
    made.guest_id = made.add(
        Guest,
        registration_id=course.registration_id,
        name="Mentor M",
        email="m@ashgrove.sch.uk",
        created_at=now,
    )
    return made


def add_log(made: Measured, context_id: int) -> int:
    """A placement log set in a course."""
    return made.add(
        Assignment,
        context_id=context_id,
        activity="placement-log",
        title="Placement log",
        resource_id=f"log-{context_id}",
        maximum=Decimal(1),
        rubric_key="placement-log",
        rubric_version=1,
        rules_key="complete",
        is_anonymous=False,
        version=1,
        created_at=clock.now(),
    )


def fill(made: Measured, count: int) -> Sequence[int]:
    """Many people, each with facts, visits and meetings; their numbers."""
    with made.writing():
        return [_fill_one(made) for _ in range(count)]


def _fill_one(made: Measured) -> int:
    one = made.person()
    made.standing(one, has_qts=True, qts_checked_on=START, induction="done", senco_since=START)
    made.agree(one, START - timedelta(days=20))
    made.mentor(one, START - timedelta(days=20))
    made.dbs(one, START - timedelta(days=20))
    made.confirm(made.visit(one, state="confirmed"))
    made.returned(made.visit(one, state="returned", half_days=1), "done")
    made.meeting(one, "Read the policy")
    return one
