"""How far a leader reaches, and figures of many people in a fixed number of queries."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.lti.models import Context
from lti_tool.people import visits
from lti_tool.programme.cohorts.joining import list_courses
from lti_tool.programme.cohorts.overview import look_over
from lti_tool.programme.cohorts.reach import contexts_for, get_cohort
from lti_tool.programme.cohorts.results.matching import look
from lti_tool.programme.cohorts.results.reading import load_words, read_results
from tests.support.programmes import add_people, lead, make_course
from tests.support.statements import listen, stop_listening
from tests.support.visiting import World, make_world


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    said: list[str] = []

    def note(connection, cursor, statement, *rest) -> None:  # type: ignore[no-untyped-def]
        said.append(statement)

    listen(database, note)
    yield said
    stop_listening(database, note)


def test_five_hundred_people_take_as_many_queries_as_five(
    tmp_path: Path, database: Database
) -> None:
    world = make_world(tmp_path, database)
    leader = lead(world)
    made = make_course(leader)
    cohort_id = int(made.cohort)
    counts = []
    for more in (range(5), range(5, 500)):
        add_people(world, cohort_id, more)
        with world.app.test_request_context(), world.database.read() as session:
            visit = visits.load(session, leader.handle, leader.secret)
            programme, cohort = get_cohort(session, visit, cohort_id)
            rows = [["User id", "Student number", "Module", "Mark"]]
            rows += [[f"many{n}", f"s{n}", "ed1", "60"] for n in more]
            lines = read_results(rows, load_words(world.settings.config_dir), clock.today())
            with _counted(world.database) as said:
                began = time.perf_counter()
                found = look_over(session, world.settings.config_dir, programme, cohort)
                took = time.perf_counter() - began
                preview = look(session, programme, cohort, lines)
            assert len(preview.numbers) == len(more)
            counts.append(len(said))
    assert len(found) == 500 and counts[0] == counts[1] <= 26, counts
    assert took < 3, "far more than it takes, even on a busy machine"
    page = made.page()
    assert page.count("/people/") == 101, "a hundred on a page, and the place People at the top"
    assert "Page 1 of 5" in page


def test_a_leaders_visit_reaches_the_runs_of_what_they_lead(world: World) -> None:
    leader = lead(world)
    made = make_course(leader)
    for said_id, title in (("44", "Module 2"), ("45", "Module 3")):
        lead(world, context_id=said_id, context_title=title, resource_link_id=said_id)
    with world.app.test_request_context(), world.database.read() as session:
        visit = visits.load(session, leader.handle, leader.secret)
        assert [one.title for one in list_courses(session, visit)] == ["Module 2", "Module 3"]
        second = list_courses(session, visit)[0].context_id
        assert contexts_for(session, visit) == (visit.context_id,)
        modules = made.page().split('name="module"')[1]
    module = modules.split('<option value="')[2].split('"')[0]
    form = {"module": module, "course": str(second)}
    assert leader.post(f"{made.url}/courses", form).status_code == 303
    with world.app.test_request_context(), world.database.read() as session:
        visit = visits.load(session, leader.handle, leader.secret)
        assert contexts_for(session, visit) == (visit.context_id, second)
    assert leader.post(f"{made.url}/courses", form).status_code == 422, "joined once"
    assert leader.post(f"{made.url}/courses/leave", {"course": str(second)}).status_code == 303
    assert leader.post(f"{made.url}/courses/leave", {"course": str(second)}).status_code == 404
    with world.database.read() as session:
        key = session.scalar(select(Context.programme_key).where(Context.id == second))
    assert key == ""


def test_a_course_in_which_one_does_not_teach_cannot_be_joined(world: World) -> None:
    leader = lead(world)
    made = make_course(leader)
    world.let_in("3", "tutor", context_id="44", context_title="Somebody’s", resource_link_id="9")
    with world.database.read() as session:
        other = session.scalars(select(Context.id).where(Context.context_id == "44")).one()
    made.page()
    answer = leader.post(f"{made.url}/courses", {"module": "2", "course": str(other)})
    assert answer.status_code == 422
