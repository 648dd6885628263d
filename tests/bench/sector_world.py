"""A sector in the database: universities, their courses, participants, work handed in and marked.

Made of the tool's own operations, but for people and memberships, which are put in many at a
time: they are as launches would have made them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.db import Database
from lti_tool.marking.releasing import release_mark
from lti_tool.marking.terms import get_terms
from lti_tool.people.models import Membership, Person
from lti_tool.settings import Settings
from tests.recalculation.maps import made_map
from tests.support import builders, claims

MARK = Decimal(62)
_ROWS = 30
"""Rows in everyone’s provision map."""
_FEEDBACK = "Costs are sound. Say more about impact, and about who reviews the plan. " * 8


@dataclass(frozen=True)
class Module:
    """One course of a university, with work set in it and a column for its marks."""

    university: int
    course: builders.Course
    assignment: AssignmentRead
    columns_url: str
    subs: tuple[str, ...]
    works: tuple[HandedIn, ...]


@dataclass
class Sector:
    """All of it."""

    platform_url: str
    modules: list[Module]

    def participants(self) -> Iterator[tuple[Module, str]]:
        """Everyone with their course, in an order that goes round the courses."""
        for place in range(max(len(one.subs) for one in self.modules)):
            for module in self.modules:
                if place < len(module.subs):
                    yield module, module.subs[place]


def registration(platform_url: str, university: int) -> dict[str, Any]:
    """What connects the tool with a university's platform."""
    return {
        "name": f"University {university}",
        "issuer": f"https://u{university}.example",
        "client_id": f"client-{university}",
        "deployment_ids": ["1"],
        "auth_login_url": f"{platform_url}/u{university}/auth",
        "auth_token_url": f"{platform_url}/token",
        "jwks_url": f"{platform_url}/jwks",
    }


def _add_people(session: Session, course: builders.Course, subs: tuple[str, ...]) -> list[int]:
    now = clock.now()
    rows = [
        {
            "platform_id": course.platform_id,
            "sub": sub,
            "name": f"Participant {sub}",
            "email": f"{sub}@students.example",
            "created_at": now,
        }
        for sub in subs
    ]
    ids = list(session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True),
                               rows))  # fmt: skip
    session.execute(
        insert(Membership),
        [
            {
                "context_id": course.context_id,
                "person_id": one,
                "roles": "participant",
                "is_active": True,
                "first_seen_at": now,
            }
            for one in ids
        ],
    )
    return ids


def _make_module(
    session: Session, settings: Settings, sector: Sector, university: int, number: int, people: int
) -> Module:
    values = registration(sector.platform_url, university)
    course = builders.build_course(session, settings, values, context=f"course-{number}")
    columns = f"{sector.platform_url}/u{university}/{number}/lineitems"
    assignment = builders.build_assignment(
        session,
        settings,
        course,
        line_items_url=columns,
        line_item_url=f"{columns}/1/lineitem",
    )
    subs = tuple(f"u{university}-c{number}-p{one}" for one in range(people))
    document, works = made_map(_ROWS, 228), []
    for person_id in _add_people(session, course, subs):
        work = builders.build_work(session, assignment, person_id, document)
        builders.judge(session, settings, course, assignment, work, MARK, _FEEDBACK)
        works.append(work)
    return Module(university, course, assignment, columns, subs, tuple(works))


def make_sector(
    database: Database,
    settings: Settings,
    platform_url: str,
    *,
    universities: int,
    courses: int,
    people: int,
) -> Sector:
    """Fill an empty database.

    :param courses: of all universities together; everyone is in one of them.
    """
    sector = Sector(platform_url, [])
    for number in range(courses):
        share = people // courses + (number < people % courses)
        with database.write() as session:
            sector.modules.append(
                _make_module(session, settings, sector, number % universities, number, share)
            )
    return sector


def release(database: Database, settings: Settings, module: Module) -> None:
    """Release every mark of a course, in one transaction."""
    with database.write() as session:
        terms = get_terms(session, settings.config_dir, module.assignment)
        for work in module.works:
            release_mark(
                session,
                module.assignment,
                work,
                terms,
                number=1,
                actor_id=module.course.tutor_id,
            )


def launch_of(module: Module, sub: str, tool_url: str) -> tuple[dict[str, str], dict[str, Any]]:
    """What a participant's platform sends: to the login, and as claims."""
    said = {
        "iss": f"https://u{module.university}.example",
        "client_id": f"client-{module.university}",
        "lti_deployment_id": "1",
        "target_link_uri": f"{tool_url}/lti/launch",
        "login_hint": sub,
        "lti_message_hint": "1",
    }
    services = f"https://u{module.university}.example/{module.course.said_id}"
    whole = claims.moodle_claims(services, "student")
    whole |= {
        "iss": said["iss"],
        "aud": said["client_id"],
        "sub": sub,
        "name": f"Participant {sub}",
        "email": f"{sub}@students.example",
        claims.DEPLOYMENT_ID: "1",
        claims.TARGET_LINK_URI: said["target_link_uri"],
        claims.CONTEXT: {
            "id": module.course.said_id,
            "title": "Module 1",
            "label": "M1",
            "type": ["CourseSection"],
        },
        claims.ENDPOINT: {
            "scope": list(builders.ALL_SCOPES),
            "lineitems": module.columns_url,
            "lineitem": f"{module.columns_url}/1/lineitem",
        },
        claims.RESOURCE_LINK: {"id": "1", "title": module.assignment.title},
    }
    del whole["given_name"], whole["family_name"]
    return said, whole


def table_bytes(engine: Engine) -> dict[str, int]:
    """Bytes of each table on the disk, with its indexes and what is kept apart."""
    query = (
        "SELECT relname, pg_total_relation_size(oid) FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    with engine.connect() as connection:
        return {name: int(size) for name, size in connection.execute(text(query))}
