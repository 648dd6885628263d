"""Counting outcomes in the database gives what the matrix gives, whatever was decided."""

import random
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.programme.cohorts.queries import find_cohort
from lti_tool.programme.outcomes.coverage import coverage
from lti_tool.programme.outcomes.matrix import cells_of, read_matrix, signed_off
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece, OutcomeState
from lti_tool.programme.outcomes.tally import areas_of, count_cells, tally
from tests.support.outcomes import people_of
from tests.support.programmes import add_people, lead, make_course
from tests.support.visiting import World, make_world


def _scatter(world: World, cohort_id: int, people: list[int], items: list[str]) -> None:
    """Evidence and decisions in any order, some of it withdrawn, some for other outcomes."""
    chance, now = random.Random(7), clock.now()
    known = [*items, "of-another-set"]
    with world.database.write() as session:
        for person in people:
            for _ in range(chance.randrange(4)):
                at = now + timedelta(minutes=chance.randrange(100))
                piece = EvidencePiece(
                    cohort_id=cohort_id,
                    person_id=person,
                    kind="note",
                    reference={},
                    title="Staff training",
                    revision=1,
                    offered_at=at,
                    updated_at=at,
                    withdrawn_at=at if chance.random() < 0.2 else None,
                )
                session.add(piece)
                session.flush()
                chosen = chance.sample(known, chance.randrange(len(known)))
                rows = [{"piece_id": piece.id, "item_id": item} for item in chosen]
                if rows:
                    session.execute(insert(EvidenceClaim), rows)
            for item in chance.sample(known, 5):
                for _ in range(chance.randrange(4)):
                    session.add(
                        OutcomeState(
                            cohort_id=cohort_id,
                            person_id=person,
                            item_id=item,
                            state=chance.choice(["met", "queried", "reopened"]),
                            reason="Which?",
                            by_id=people[0],
                            at=now + timedelta(minutes=chance.randrange(100)),
                        )
                    )
                    session.flush()


def test_the_count_is_that_of_the_matrix(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    cohort_id = int(make_course(lead(world)).cohort)
    add_people(world, cohort_id, range(40))
    people = people_of(world, cohort_id)
    with world.database.read() as session:
        cohort = find_cohort(session, cohort_id)
        assert cohort is not None
        outcomes = read_matrix(session, world.settings.config_dir, cohort).outcomes
    items = [one.id for one in outcomes.judged]
    _scatter(world, cohort_id, people, items)
    with world.database.read() as session:
        matrix = coverage(read_matrix(session, world.settings.config_dir, cohort))
        counted = tally(session, cohort_id, items, ())
        wanted = [(one.title, one.states) for one in matrix.areas]
        assert [
            (one.title, one.states) for one in areas_of(outcomes, counted.by_item, len(people))
        ] == wanted
        assert counted.met == signed_off(session, cohort_id, items)
        some = people[:11]
        fewer = tally(session, cohort_id, items, people[11:])
        by_cells = count_cells(cells_of(session, cohort_id, some))
        assert areas_of(outcomes, fewer.by_item, 11) == areas_of(outcomes, by_cells, 11)
        assert fewer.met == counted.met, "what was met is told of everybody"
        states = session.scalars(select(OutcomeState.state).distinct()).all()
    assert len(states) == 3 and all(sum(one.states.values()) for one in matrix.areas)
