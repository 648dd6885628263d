"""The matrix in a fixed number of queries, two who decide at once, and what activities offer."""

import threading
from datetime import date
from pathlib import Path

from sqlalchemy import select

from lti_tool.db import Database
from lti_tool.programme.cohorts.outcome_sets import outcome_set_of
from lti_tool.programme.cohorts.queries import find_cohort
from lti_tool.programme.outcomes.coverage import coverage
from lti_tool.programme.outcomes.matrix import Matrix, read_matrix, signed_off
from lti_tool.programme.outcomes.models import OutcomeState
from lti_tool.programme.outcomes.offers import list_offers
from lti_tool.programme.outcomes.signing import DecidedElsewhere, decide
from lti_tool.programme.outcomes.whose import Whose
from tests.support.logs import CUSTOM, logs_of
from tests.support.outcomes import fill_outcomes, people_of
from tests.support.programmes import add_people, lead, make_course
from tests.support.statements import heard
from tests.support.visiting import World, make_world


def _cohort(world: World) -> int:
    return int(make_course(lead(world)).cohort)


def _matrix(world: World, cohort_id: int) -> tuple[Matrix, int]:
    """The matrix, and how many statements it took."""
    with world.database.read() as session:
        cohort = find_cohort(session, cohort_id)
        assert cohort is not None
        with heard(world.database) as said:
            found = read_matrix(session, world.settings.config_dir, cohort)
    return found, len(said)


def test_sixty_people_take_as_many_queries_as_three(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    cohort_id = _cohort(world)
    counts = []
    for more in (range(3), range(3, 60)):
        add_people(world, cohort_id, more)
        matrix, took = _matrix(world, cohort_id)
        items = [one.id for one in matrix.outcomes.judged]
        fill_outcomes(world.database, cohort_id, people_of(world, cohort_id)[-len(more) :], items)
        counts.append(took)
    matrix, took = _matrix(world, cohort_id)
    assert [*counts, took] == [8, 8, 8]
    states = ["not_started", "met", "queried"]
    wanted = [states[n % 3] if n % 3 or n == 0 else "offered" for n in range(len(items))]
    assert len(matrix.rows) == 60
    assert all([row.cell(item).state for item in items] == wanted for row in matrix.rows)
    found = coverage(matrix)
    assert [one.id for one in found.gaps] == items[:1]
    assert sum(area.total for area in found.areas) == 60 * len(items)
    with world.database.read() as session:
        met = signed_off(session, cohort_id, items)
    assert set(met.values()) == {wanted.count("met")} and len(met) == 60


def test_of_two_who_decide_at_once_one_is_asked_again(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    cohort_id = _cohort(world)
    add_people(world, cohort_id, range(2))
    person, tutor = people_of(world, cohort_id)[-2:]
    with world.database.read() as session:
        cohort = find_cohort(session, cohort_id)
        assert cohort is not None
        item = outcome_set_of(session, world.settings.config_dir, cohort).judged[0].id
    begin, outcomes = threading.Barrier(2), []

    def act(reason: str) -> None:
        begin.wait()
        try:
            with world.database.write() as session:
                whose = Whose(cohort_id, person, 1)
                decide(session, whose, item, "met", reason, built_on=0, actor_id=tutor)
            outcomes.append("kept")
        except DecidedElsewhere:
            outcomes.append("asked again")

    threads = [threading.Thread(target=act, args=(reason,)) for reason in ("One.", "Two.")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["asked again", "kept"]
    with world.database.read() as session:
        assert len(session.scalars(select(OutcomeState.id)).all()) == 1


def test_the_log_offers_visits_made_and_meetings(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    world.let_in("1", "participant", **CUSTOM)
    with world.database.write() as session:
        logs = logs_of(world, session)
        person = logs.person("1")
        logs.visit(person, "planned", date(2026, 11, 3))
        logs.visit(person, "confirmed", date(2026, 11, 10))
        logs.meeting(person, date(2026, 11, 12))
    with world.app.app_context(), world.database.read() as session:
        found = list_offers(session, world.settings.config_dir, [1], person)
        assert list_offers(session, world.settings.config_dir, [2], person) == []
    assert [one.offer.title for one in found] == [
        "Partner-school visit to Oakfield Primary School on 10 November 2026",
        "Meeting with the mentor on 12 November 2026",
    ]
    assert found[0].offer.standing == "confirmed by the host school"
    assert len({one.key for one in found}) == 2
