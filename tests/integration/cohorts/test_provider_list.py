"""The list for an NPQ's lead provider: starts, engagement, completions."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import HandedInCopy, Submission
from lti_tool.db import Database
from lti_tool.programme.cohorts.models import Award, Participation
from lti_tool.programme.cohorts.provider.listing import make_list
from lti_tool.programme.cohorts.queries import find_cohort
from lti_tool.programme.models import Eligibility
from tests.support.boards import Module
from tests.support.programmes import Course, add_people, entry_of, lead, make_course
from tests.support.statements import heard
from tests.support.visiting import World, make_world


@pytest.fixture
def world(tmp_path: Path, database: Database) -> Iterator[World]:
    yield make_world(tmp_path, database)


@pytest.fixture
def course(world: World) -> Course:
    leader = lead(world)
    world.let_in("5", "participant", name="=Amara Okafor")
    world.let_in("6", "participant", name="Ben Ashworth")
    return make_course(leader, "npq", starts_on="2025-09-08", title="September 2025")


def _rows(course: Course) -> dict[str, dict[str, str]]:
    data = course.leader.get(f"{course.url}/provider.csv").data
    assert data.startswith(b"\xef\xbb\xbf"), "as our other files are"
    return {row["Name"]: row for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))}


def _status(course: Course, name: str, status: str, since_on: str) -> None:
    place = f"/people/{entry_of(course, name)}"
    built_on = re.findall(r'name="built_on" value="(\d+)"', course.page(place))[0]
    form = {"status": status, "since_on": since_on, "reason": "Said so.", "built_on": built_on}
    assert course.leader.post(f"{course.url}{place}/status", form).status_code == 303


def test_starts_engagement_and_completions(world: World, course: Course) -> None:
    module = Module(world, course)
    rows = _rows(course)
    assert list(rows) == ["'=Amara Okafor", "Ben Ashworth"], "no name becomes a formula"
    ben = rows["Ben Ashworth"]
    assert (ben["Status"], ben["Start date"]) == ("Started", "2025-09-08")
    assert ben["Last engagement"] == ben["Completed on"] == ben["Result"] == ""
    module.hand_in("5")
    person = module.person("5")
    with world.database.write() as session:
        session.add(
            Eligibility(
                person_id=person,
                is_aspiring=False,
                trn="1234567",
                revision=1,
                updated_at=clock.now(),
            )
        )
        session.add(
            Award(
                person_id=person,
                cohort_id=int(course.cohort),
                kind="npq_passed",
                decided_on=clock.today(),
                facts={},
                recorded_by_id=person,
                recorded_at=clock.now(),
            )
        )
    _status(course, "=Amara Okafor", "completed", "2026-06-30")
    amara = _rows(course)["'=Amara Okafor"]
    today = clock.today().isoformat()
    assert (amara["TRN"], amara["Last engagement"]) == ("1234567", today)
    assert amara["Engaged by"] == "Work handed in"
    assert (amara["Status"], amara["Completed on"]) == ("Completed", "2026-06-30")
    assert (amara["Result"], amara["Result date"]) == ("Passed", today)
    page = course.page("/provider")
    assert "an example that came with the tool" in page
    assert "Teacher reference number" in page and "Opening a course does not count" in page


def test_what_somebody_else_did_is_no_engagement(world: World, course: Course) -> None:
    module = Module(world, course)
    module.hand_in("6")
    past = clock.now() - timedelta(days=40)
    with world.database.write() as session:
        session.execute(update(HandedInCopy).values(handed_in_at=past - timedelta(days=1)))
        session.execute(update(Submission).values(updated_at=past, revision=1))
        context_id = session.scalars(
            select(AuditEntry.context_id).where(AuditEntry.act == "work handed in")
        ).one()
        entry = {"actor_id": module.person("9"), "actor": "person", "context_id": context_id}
        number = session.scalars(select(Submission.id)).one()
        about = {"subject_kind": "submission", "subject_id": number, "at": clock.now()}
        session.add(AuditEntry(**entry, **about, act="mark saved"))
    ben = _rows(course)["Ben Ashworth"]
    assert ben["Last engagement"] == clock.in_london(past).date().isoformat()
    assert ben["Engaged by"] == "Work saved"
    with world.database.write() as session:
        session.add(AuditEntry(**entry, **about, act="draft carried forward"))
    assert _rows(course)["Ben Ashworth"]["Engaged by"] == "Work handed in"
    with world.database.write() as session:
        own = {**entry, "actor_id": module.person("6")}
        session.add(AuditEntry(**own, **about, act="visit planned"))
    assert _rows(course)["Ben Ashworth"]["Last engagement"] == clock.today().isoformat()


def test_many_take_as_many_queries_as_few(world: World, course: Course) -> None:
    took = []
    for more in (range(0), range(500)):
        if more:
            add_people(world, int(course.cohort), more)
            with world.database.write() as session:
                session.execute(update(Participation).values(since_on=date(2025, 9, 8)))
        with world.database.read() as session:
            cohort = find_cohort(session, int(course.cohort))
            assert cohort is not None
            with heard(world.database) as said:
                table = make_list(session, world.settings.config_dir, cohort)
        took.append(len(said))
    assert took[0] == took[1] <= 10 and len(table.rows) == 502


def test_only_an_npq_has_a_lead_provider(tmp_path: Path) -> None:
    made = make_course(lead(make_world(tmp_path)))
    assert made.leader.get(f"{made.url}/provider").status_code == 404
    assert "List for the lead provider" not in made.page()
