"""What each folder announces that needs a person, where it is not plain: dates put off, further
attempts, pairs of marks, marks that differ in the gradebook."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select, update

from lti_tool.catalogue.measures import Scope
from lti_tool.catalogue.needs import NeedLine, find_source
from lti_tool.core import clock
from lti_tool.coursework.models import Extension, FurtherAttempt
from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery, LineItem, ShownResult
from lti_tool.marking.models import Hold
from lti_tool.marking.queries import SECOND
from lti_tool.people.models import Person
from tests.support.cohorts import make_cohort
from tests.support.homes import OUT, Home, fill_home, make_home
from tests.support.visiting import World, make_world


def _find(world: World, key: str, contexts: tuple[int, ...], people: list[int]) -> list[NeedLine]:
    found = find_source(key)
    assert found is not None, key
    today = clock.today()
    scope = Scope(world.settings.config_dir, contexts, tuple(people), today, today)
    with world.database.read() as session:
        return list(found[0].find(session, scope)[key])


def _late(home: Home, person: int) -> list[NeedLine]:
    return _find(home.world, "late", (home.contexts[0],), [person])


def test_a_date_that_was_put_off_counts_and_a_further_attempt_has_its_own(
    tmp_path: Path, database: Database
) -> None:
    home = make_home(make_world(tmp_path, database))
    people = fill_home(home, range(10, 15))
    late, out = people[0], people[OUT]
    assert [one.known for one in _late(home, late)] == [""] and _late(home, out) == []
    assert _find(home.world, "late", (), [late]) == [], "no course, nobody"
    assert _find(home.world, "late", (home.contexts[0],), []) == []
    now, first = clock.now(), home.assignments[0]

    def attempt(person: int, days: int, number: int) -> None:
        with home.world.database.write() as session:
            session.add(
                FurtherAttempt(
                    assignment_id=first,
                    person_id=person,
                    attempt=number,
                    due_at=now + timedelta(days=days),
                    is_capped=True,
                    reason="Resit.",
                    opened_by_id=person,
                    opened_at=now,
                )
            )

    attempt(out, -3, 2)
    assert ", attempt 2: last saved" in _late(home, out)[0].words
    attempt(out, 9, 3)
    assert _late(home, out) == [], "its date is still to come"

    def later(days: int, person: int | None, kind: str) -> None:
        with home.world.database.write() as session:
            session.add(
                Extension(
                    assignment_id=first,
                    person_id=person,
                    due_at=now + timedelta(days=days),
                    reason="Agreed.",
                    kind=kind,
                    granted_by_id=late,
                    created_at=now,
                )
            )

    later(-1, late, "extension")
    (line,) = _late(home, late)
    assert line.known == "" and clock.day(now - timedelta(days=1)) in line.words
    later(4, late, "deferral")
    assert _late(home, late)[0].known == f"Deferral until {clock.day(now + timedelta(days=4))}."
    later(1, None, "outage")
    assert _late(home, late) == [], "the date is put off for all"


def test_pairs_without_an_agreed_mark_and_cases_go_by_code(
    tmp_path: Path, database: Database
) -> None:
    world = make_world(tmp_path, database)
    cohort = make_cohort(world, ("44", "62"), rules="half-marks-double")
    people = [work.person_id for work in cohort.works]

    def lines(key: str) -> list[NeedLine]:
        return _find(world, key, (cohort.course.context_id,), people)

    assert lines("agreed") == []
    cohort.judge(cohort.works[0], "50", kind=SECOND)
    (line,) = lines("agreed")
    code = cohort.works[0].candidate_code
    assert line.person_id is None and line.words.startswith(f"{code}: ")
    assert line.values == {"assignment_id": cohort.assignment.id, "code": code}
    assert cohort.tutor is not None
    place = f"marking/{cohort.assignment.id}/{code}/agree"
    assert line.endpoint == "agree.side_by_side" and cohort.tutor.get(place).status_code == 200
    cohort.judge(cohort.works[0], "47", kind="agreed")
    assert lines("agreed") == []
    with world.database.write() as session:
        for work, kind in zip(cohort.works, ("appeal", "integrity"), strict=True):
            session.add(
                Hold(
                    submission_id=work.submission_id,
                    kind=kind,
                    reason="Looked into.",
                    placed_by_id=cohort.course.tutor_id,
                    placed_at=clock.now(),
                )
            )
    assert [one.person_id for one in lines("held")] == [cohort.works[0].person_id], "agreed: named"
    assert [one.person_id for one in lines("integrity")] == [None]
    assert "Appeal, held back since" in lines("held")[0].words
    with world.database.write() as session:
        session.execute(update(Hold).values(lifted_at=clock.now()))
    assert lines("held") == lines("integrity") == []


def test_a_mark_that_the_gradebook_shows_otherwise_needs_a_person(home: Home) -> None:
    contexts, column = (home.contexts[0],), home.assignments[0]
    with home.world.database.write() as session:
        person = session.scalars(select(Person.id).where(Person.name == "P 0009")).one()
        item = session.scalars(select(LineItem.id).where(LineItem.assignment_id == column)).one()
        session.add(
            ShownResult(
                line_item_id=item,
                person_id=person,
                result_score=Decimal(12),
                result_maximum=Decimal(100),
                finding="overridden",
                read_at=clock.now(),
            )
        )
    (line,) = _find(home.world, "gradebook", contexts, [person])
    assert "shows 12 out of 100, which somebody put over" in line.words
    with home.world.database.write() as session:
        session.execute(update(ShownResult).values(decision="keep"))
    assert _find(home.world, "gradebook", contexts, [person]) == []
    with home.world.database.write() as session:
        session.execute(update(Delivery).values(state="needs_person", reason="course_reset"))
    assert _find(home.world, "gradebook", contexts, [person]) == [], "closed by a reset"
