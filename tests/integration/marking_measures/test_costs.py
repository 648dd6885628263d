"""Each measure of marking and of the gradebook costs as many queries for many people as for few,
on both databases; the marks that stand in the gradebook are counted on both."""

from pathlib import Path

from sqlalchemy import func, select, update

from lti_tool.catalogue.measures import find_measure
from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery, LineItem
from tests.integration.marking_measures.looking import (
    ask,
    days,
    extend,
    hand_in_on,
    labels,
    release,
    scope_of,
    set_due,
    take_back,
)
from tests.support.builders import build_person, build_work
from tests.support.checklists import make_checklist
from tests.support.cohorts import Cohort, make_cohort
from tests.support.statements import listen, stop_listening
from tests.support.visiting import World, make_world

MOST = {
    "feedback-turnaround": 9,
    "moderation-done": 8,
    "rules-even": 9,
    "named-tutor": 2,
    "risk-followed-up": 14,
    "marks-delivered": 1,
}


def _queries(cohort: Cohort, key: str) -> int:
    seen: list[str] = []

    def note(_c, _cur, statement, *_rest) -> None:
        seen.append(statement)

    measure = find_measure(key)
    assert measure is not None
    with cohort.world.database.read() as session:
        listen(cohort.world.database, note)
        try:
            assert measure.find(session, scope_of(cohort)).as_of
        finally:
            stop_listening(cohort.world.database, note)
    return len([one for one in seen if one.startswith("SELECT")])


def _add(cohort: Cohort, numbers: range) -> None:
    """More participants whose work came late and is out, and who have a later date."""
    for number in numbers:
        with cohort.world.database.write() as session:
            person = build_person(session, cohort.course, f"more{number}")
            work = build_work(session, cohort.assignment, person)
        cohort.works.append(work)
        cohort.judge(work, "40")
        hand_in_on(cohort, work, days(-1), days(-5))
        extend(cohort, work.person_id, days(-4))
        release(cohort, work)


def test_measures_cost_the_same_however_many_people(tmp_path: Path, database: Database) -> None:
    cohort = make_cohort(make_world(tmp_path, database), ())
    set_due(cohort, days(-5))
    _add(cohort, range(2))
    few = {key: _queries(cohort, key) for key in MOST}
    _add(cohort, range(2, 8))
    assert {key: _queries(cohort, key) for key in MOST} == few
    assert all(few[key] <= most for key, most in MOST.items()), few
    assert ask(cohort, "feedback-turnaround").of == 8
    assert ask(cohort, "rules-even").of == 16 and ask(cohort, "risk-followed-up").of == 8


def _set(world: World, person_id: int, **values: object) -> None:
    with world.database.write() as session:
        session.execute(update(Delivery).where(Delivery.person_id == person_id).values(**values))


def test_marks_in_the_gradebook_and_those_that_are_not(tmp_path: Path, database: Database) -> None:
    world = make_world(tmp_path, database)
    cohort = make_cohort(world, ("52", "55", "62", "71"))
    there, refused, waits, back = cohort.works
    assert ask(cohort, "marks-delivered").words == "Nothing to look at yet: no mark was released."
    release(cohort, *cohort.works)
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LineItem)) == 1
    _set(world, there.person_id, state="delivered", delivered_at=days(0))
    _set(world, refused.person_id, state="needs_person", reason="not_enrolled")
    take_back(cohort, back)
    figure = ask(cohort, "marks-delivered")
    assert figure.words == ("In the gradebook: 1 of 3 released marks. On the way: 1. Refused: 1.")
    assert "somebody has to look" in labels(figure, refused.person_id)[0]
    assert labels(figure, waits.person_id)[0].endswith("on its way to the gradebook")
    assert labels(figure, back.person_id) == []
    for outside in ({"context_ids": ()}, {"person_ids": ()}, {"last": days(-90).date()}):
        assert ask(cohort, "marks-delivered", **outside).of == 0


def test_the_checklist_shows_them_and_says_where_there_are_none(world: World) -> None:
    checking = make_checklist(world)
    for key in MOST:  # over nothing, which is no 0 %
        page = checking.page(f"figures/{key}")
        assert "Nothing to look at yet" in page and "As of" in page, key
    assert checking.page("standard/Q7.4").count("The list behind it") == 2
    for item_id in ("Q8.1", "Q8.2"):
        assert "The tool holds no evidence for this yet" in checking.page(f"standard/{item_id}")
