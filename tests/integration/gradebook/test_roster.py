"""The demo platform's list of members, read as a worker reads it, with each of its switches."""

import pytest
from sqlalchemy import select, update

from lti_tool.lti.models import Context
from lti_tool.people.models import Membership, Person, Roster
from lti_tool.people.roster import ask_for_reading
from lti_tool.people.roster_worker import read_due
from tests.integration.gradebook.bench import Bench


def _read(bench: Bench) -> tuple[str | None, int]:
    url = f"{bench.platform.url}/mod/lti/services/CourseSection/2/bindings/1/memberships"
    with bench.database.write() as session:
        session.execute(update(Context).values(memberships_url=url))
        ask_for_reading(session, bench.course.context_id)
    while read_due(bench.database, bench.settings) == 0:
        pass
    with bench.database.read() as session:
        row = session.execute(select(Roster.problem, Roster.people_count)).one()
    return row.problem, row.people_count


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("as_moodle", None),
        ("unquoted", None),
        ("other_parameters_first", None),
        ("several_links", None),
        ("relative", None),
        ("itself", "next_page_unusable"),
        ("plain_http", "next_page_unusable"),
        ("other_site", "next_page_unusable"),
    ],
)
def test_every_form_of_the_next_link(bench: Bench, form: str, problem: str | None) -> None:
    bench.platform.set(roster_page=2, roster_extra=3, roster_link=form)
    assert _read(bench)[0] == problem
    if problem is None:
        with bench.database.read() as session:
            assert len(session.scalars(select(Person.sub)).all()) == 9


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("401", "no_access"),
        ("403", "no_access"),
        ("404", "not_there"),
        ("429", "busy"),
        ("500", "failing"),
        ("web_page", "a_web_page"),
        ("empty", "roster_empty"),
    ],
)
def test_every_refusal(bench: Bench, answer: str, problem: str) -> None:
    bench.platform.set(roster=answer)
    assert _read(bench) == (problem, 0)


def test_moodles_way_of_listing_a_non_editing_teacher(bench: Bench) -> None:
    assert _read(bench) == (None, 6)
    with bench.database.read() as session:
        rows = session.execute(
            select(Person.sub, Membership.roles, Membership.roster_roles)
            .join(Person, Person.id == Membership.person_id)
            .order_by(Person.sub)
        ).all()
    roles = {row.sub: (row.roles, row.roster_roles) for row in rows}
    assert roles["8"] == ("", "participant")
    assert roles["3"] == ("tutor", "tutor")
    assert roles["5"] == ("", "participant")
