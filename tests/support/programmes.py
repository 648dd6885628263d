"""Programmes with cohorts and people in them, for tests of pages and figures."""

import io
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from lti_tool.core import clock
from lti_tool.lti.models import Context
from lti_tool.people import grants
from lti_tool.people.models import Membership, Person
from lti_tool.programme.cohorts.models import Participation
from tests.support.visiting import Visitor, World


def lead(world: World, sub: str = "9", **changes: Any) -> Visitor:
    """A leader of everything on the registration, come as a tutor."""
    with world.database.write() as session:
        person_id = grants.keep_somebody(session, world.registration_id, sub)
        scope = (grants.REGISTRATION, str(world.registration_id))
        grants.give(session, person_id, grants.LEADER, scope, actor="operator")
    return world.let_in(sub, "tutor", **changes)


@dataclass
class Course:
    """A programme with one cohort, made on the pages."""

    leader: Visitor
    programme: str
    cohort: str

    @property
    def url(self) -> str:
        """The cohort's page."""
        return f"programme/cohorts/{self.cohort}"

    def page(self, path: str = "") -> str:
        """A page of the cohort, as text."""
        return self.leader.get(f"{self.url}{path}").get_data(as_text=True)


def number_in(answer: Any) -> str:
    """The last number in the address that an answer leads to."""
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return re.findall(r"/(\d+)", answer.headers["Location"])[-1]


def make_programme(leader: Visitor, route: str = "pg_certificate", credits: str = "40") -> str:
    """A programme with two modules of 20 credits."""
    leader.get("programme/cohorts/")
    values = {
        "title": "SENCo training",
        "key": route.replace("_", "-"),
        "route": route,
        "credits": credits,
    }
    programme = number_in(leader.post("programme/cohorts/", values))
    for key, title in (("ed1", "Context"), ("ed2", "Provision")):
        form = {"new-key": key, "new-title": title, "new-credits": "20"}
        place = f"programme/cohorts/programmes/{programme}/modules"
        assert leader.post(place, form).status_code == 303
    return programme


def begin_cohort(
    leader: Visitor,
    programme: str,
    title: str = "September 2026",
    starts_on: str = "2026-09-07",
    after: str = "",
) -> Any:
    """Begin a cohort on the page; the answer."""
    place = f"programme/cohorts/programmes/{programme}/cohorts/new"
    place += f"?after={after}" if after else ""
    leader.get(place)
    return leader.post(place, {"title": title, "starts_on": starts_on, "outcome_set": "npq-senco"})


def make_course(leader: Visitor, route: str = "pg_certificate", **cohort: str) -> Course:
    """A programme with a cohort, and the leader's own course as the run of its first module."""
    programme = make_programme(leader, route, "0" if route == "npq" else "40")
    number = number_in(begin_cohort(leader, programme, **cohort))
    made = Course(leader, programme, number)
    page = made.page()
    module = re.search(r'<option value="(\d+)">Context<', page)
    course = re.search(r'<option value="(\d+)">Module 1<', page)
    assert module and course, page
    joined = leader.post(f"{made.url}/courses", {"module": module[1], "course": course[1]})
    assert joined.status_code == 303
    return made


def bring_list(course: Course, text: str, **more: str) -> Any:
    """Look at a list; the answer."""
    course.page("/results")
    return course.leader.post(
        f"{course.url}/results",
        {"file": (io.BytesIO(text.encode()), "list.csv"), **more},
        content_type="multipart/form-data",
    )


def record_list(course: Course, page: str, **more: str) -> Any:
    """Record a list that was looked at; the answer."""
    kept = dict(re.findall(r'name="(file_data|shown|module)" value="([^"]*)"', page))
    return course.leader.post(f"{course.url}/results", {"act": "record", **kept, **more})


def entry_of(course: Course, name: str) -> str:
    """The number by which pages name somebody."""
    found = re.search(rf"/people/(\d+)\">{name}<", course.page())
    assert found, name
    return found[1]


def add_people(world: World, cohort_id: int, numbers: range) -> None:
    """Many people at once in a cohort, and in the course it is run in: many0, many1, …"""
    now = clock.now()
    with world.database.write() as session:
        platform_id = session.scalars(select(Person.platform_id)).first()
        context_id = session.scalars(select(Context.id)).first()
        people = [
            {"platform_id": platform_id, "sub": f"many{n}", "name": f"P {n:04}", "created_at": now}
            for n in numbers
        ]
        session.execute(insert(Person), people)
        found = select(Person.id).where(Person.sub.startswith("many")).order_by(Person.id)
        ids = list(session.scalars(found))[-len(numbers) :]
        session.execute(
            insert(Membership),
            [
                {
                    "context_id": context_id,
                    "person_id": number,
                    "roles": "participant",
                    "is_active": True,
                    "first_seen_at": now,
                }
                for number in ids
            ],
        )
        session.execute(
            insert(Participation),
            [
                {
                    "cohort_id": cohort_id,
                    "person_id": number,
                    "status": "active",
                    "since_on": date(2026, 9, 7),
                    "recorded_at": now,
                }
                for number in ids
            ],
        )
