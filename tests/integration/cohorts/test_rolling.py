"""Starting the next cohort: set-ups with shifted dates, and people with their own work."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from lti_tool.activities.placement_log import ACTIVITY as LOG
from lti_tool.activities.placement_log.models import Confirmation, PartnerVisit, VisitStep
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Candidate, HandedInCopy, Submission
from lti_tool.db import Database
from lti_tool.lti.models import Context
from lti_tool.marking.models import Judgement
from lti_tool.people.models import Person
from lti_tool.programme.cohorts.standing import people_in
from tests.integration.pages import work
from tests.support.programmes import (
    Course,
    begin_cohort,
    bring_list,
    entry_of,
    lead,
    make_course,
    number_in,
    record_list,
)
from tests.support.visiting import World, make_world

DUE = datetime(2026, 1, 16, 16, 0, tzinfo=UTC)


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _assignments(world: World, course: str) -> list:
    with world.database.read() as session:
        return list(
            session.execute(
                select(*Assignment.__table__.c)
                .join(Context, Context.id == Assignment.context_id)
                .where(Context.context_id == course)
                .order_by(Assignment.id)
            )
        )


def _set_dates(world: World) -> None:
    with world.database.write() as session:
        session.execute(update(Assignment).values(due_at=DUE, board_on=date(2026, 7, 3)))


def _next(made: Course) -> Course:
    """The cohort a year later."""
    answer = begin_cohort(
        made.leader, made.programme, "September 2026", "2026-09-07", after=made.cohort
    )
    return Course(made.leader, made.programme, number_in(answer))


def _dates_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(d\d+-\w+)" type="[\w-]+" value="([^"]*)"', page))


def _carry(world: World, after: Course, **dates: str) -> None:
    """Choose the course, look at the dates, carry forward."""
    page = after.page("/forward")
    chosen = re.search(r'name="(c\d+-course)"', page)
    then = re.search(r'<option value="(\d+)">Next year<', page)
    assert chosen and then, page
    form = {"weeks": "52", chosen[1]: then[1]}
    unseen = after.leader.post(f"{after.url}/forward", {**form, "act": "carry"})
    assert unseen.status_code == 422 and "Look at the dates" in _text(unseen)
    looked = after.leader.post(f"{after.url}/forward", {**form, "act": "look"})
    shown = {**_dates_in(_text(looked)), **dates}
    done = after.leader.post(f"{after.url}/forward", {**form, **shown, "act": "carry"})
    assert done.status_code == 303, _text(done)


@pytest.fixture
def made(world: World) -> Course:
    """A cohort whose Amara has begun her work, and a course for the next one."""
    leader = lead(world)
    author = world.let_in("5", "participant", name="Amara Okafor")
    work.bring_in(author)
    world.let_in("6", "participant", name="Ben Ashworth")
    _set_dates(world)
    made = make_course(leader, title="September 2025", starts_on="2025-09-08")
    lead(world, context_id="77", context_title="Next year", resource_link_id="70", custom={})
    return made


def test_set_ups_and_dates_are_shown_then_carried(world: World, made: Course) -> None:
    after = _next(made)
    page = after.page("/forward")
    assert "16 January 2026 at 16:00" in page and 'value="52"' in page
    assert "_due_at" not in page, "no date to change before a course is chosen"
    chosen = re.search(r'name="(c\d+-course)"', page)
    then = re.search(r'<option value="(\d+)">Next year<', page)
    form = {"weeks": "52", chosen[1]: then[1], "act": "look"}
    looked = _text(after.leader.post(f"{after.url}/forward", form))
    dates = _dates_in(looked)
    (due,) = (value for name, value in dates.items() if name.endswith("due_at"))
    (board,) = (value for name, value in dates.items() if name.endswith("board_on"))
    assert (due, board) == ("2027-01-15T16:00", "2027-07-02")
    assert _assignments(world, "77") == [], "looking changes nothing"
    (due_name,) = (name for name in dates if name.endswith("due_at"))
    bad = after.leader.post(f"{after.url}/forward", {**form, **dates, due_name: "2027-02-30T16:00"})
    assert bad.status_code == 422 and "no such date" in _text(bad)
    typed = {**form, **dates, due_name: "2027-01-20T12:00", "act": "carry"}
    assert after.leader.post(f"{after.url}/forward", typed).status_code == 303
    (old,), (new,) = _assignments(world, "2"), _assignments(world, "77")
    assert new.due_at == datetime(2027, 1, 20, 12, 0, tzinfo=UTC)
    assert new.board_on == date(2027, 7, 2) and new.copied_from_id == old.id
    for name in ("rubric_key", "rubric_version", "rules_key", "rules_version", "maximum"):
        assert getattr(new, name) == getattr(old, name)
    assert old.due_at == DUE
    again = after.page("/forward")
    assert "The course that follows is joined" in again and "2027-01-20T12:00" in again
    known = {**_dates_in(again), "weeks": "52", "act": "carry"}
    assert after.leader.post(f"{after.url}/forward", known).status_code == 303
    assert len(_assignments(world, "77")) == 1, "a second time sets nothing twice"


def test_a_year_begins_with_a_form_filled_in_and_refuses_a_course_twice(
    world: World, made: Course
) -> None:
    page = _text(
        made.leader.get(
            f"programme/cohorts/programmes/{made.programme}/cohorts/new?after={made.cohort}"
        )
    )
    assert 'value="2026-09-08"' in page and "It follows September 2025" in page
    assert made.leader.get(f"{made.url}/forward").status_code == 404, "it follows no other"
    after = _next(made)
    none = after.leader.post(f"{after.url}/forward", {"weeks": "52", "act": "carry"})
    assert none.status_code == 422 and "Choose at least one course" in _text(none)
    assert after.leader.post(f"{after.url}/forward", {"weeks": "-1"}).status_code == 422


def _intermit(made: Course, name: str) -> None:
    entry = entry_of(made, name)
    built_on = re.search(r'name="built_on" value="(\d+)"', made.page(f"/people/{entry}"))
    form = {"status": "intermitting", "since_on": "2026-01-12", "reason": "Agreed."}
    place = f"{made.url}/people/{entry}/status"
    assert made.leader.post(place, {**form, "built_on": built_on[1]}).status_code == 303


def _count(world: World, model, **where) -> int:
    with world.database.read() as session:
        query = select(func.count()).select_from(model).filter_by(**where)
        return session.scalar(query) or 0


def test_an_intermitter_goes_on_with_their_own_draft_and_nobody_elses(
    tmp_path: Path, database: Database
) -> None:
    world = make_world(tmp_path, database)
    leader = lead(world)
    author = world.let_in("5", "participant", name="Amara Okafor")
    other = world.let_in("6", "participant", name="Ben Ashworth")
    for one in (author, other):
        work.bring_in(one)
    work.hand_in(author)
    work.mark_and_release(leader, "60", "62", "58", "70", "65", "50")
    made = make_course(leader, title="September 2025", starts_on="2025-09-08")
    lead(world, context_id="77", context_title="Next year", resource_link_id="70", custom={})
    _intermit(made, "Amara Okafor")
    after = _next(made)
    _carry(world, after)
    (new,) = _assignments(world, "77")
    judged = _count(world, Judgement)
    page = after.page("/forward")
    assert "Amara Okafor: intermitting since 12 January 2026" in page and "Ben" not in page
    form = {"comes_back": [entry_of(made, "Amara Okafor")]}
    for _ in range(2):
        assert after.leader.post(f"{after.url}/forward/people", form).status_code in (303, 422)
    assert "Amara Okafor" in after.page() and "Ben Ashworth" not in after.page()
    assert "Transferred (1)" in made.page()
    with world.database.read() as session:
        rows = session.execute(
            select(Submission.assignment_id, Submission.document, Person.sub)
            .join(Person, Person.id == Submission.person_id)
            .order_by(Submission.id)
        ).all()
        amara = session.scalars(select(Person.id).where(Person.sub == "5")).one()
        there = people_in(session, int(after.cohort), clock.today())
    assert [row.sub for row in rows if row.assignment_id == new.id] == ["5"]
    assert rows[-1].document == rows[0].document
    assert there[amara].is_active
    assert _count(world, Judgement) == judged, "never marks"
    assert _count(world, HandedInCopy) == 1, "the copy stays where it was handed in"
    assert _count(world, Candidate, assignment_id=new.id) == 1


def test_who_resubmits_takes_the_work_and_stays_in_their_cohort(world: World, made: Course) -> None:
    today = clock.today().isoformat()
    listed = f"User id,Module,Passed,Board,Date\n5,ed1,no,confirmed,{today}\n"
    assert record_list(made, _text(bring_list(made, listed))).status_code == 303
    after = _next(made)
    _carry(world, after)
    world.let_in(
        "5", "participant", name="Amara Okafor", context_id="77", resource_link_id="70", custom={}
    )
    assert after.leader.post(f"{after.url}/people").status_code == 303
    page = after.page()
    assert "in another cohort: Amara Okafor" in page and "/people/1" not in page
    entry = entry_of(made, "Amara Okafor")
    both = {"comes_back": [entry], "resubmits": [entry]}
    assert after.leader.post(f"{after.url}/forward/people", both).status_code == 422
    form = {"resubmits": [entry]}
    assert after.leader.post(f"{after.url}/forward/people", form).status_code == 303
    (new,) = _assignments(world, "77")
    assert _count(world, Submission, assignment_id=new.id) == 1
    assert "Taking part (2)" in made.page()
    assert "Nobody yet" in after.page()


def test_own_visits_go_along_once_and_their_seals_stay(world: World) -> None:
    leader = lead(world, custom={"activity": "placement-log"})
    world.let_in("5", "participant", name="Amara Okafor", custom={"activity": "placement-log"})
    world.let_in("6", "participant", name="Ben Ashworth", custom={"activity": "placement-log"})
    made = make_course(leader, title="September 2025", starts_on="2025-09-08")
    lead(world, context_id="77", context_title="Next year", resource_link_id="70", custom={})
    (old,) = _assignments(world, "2")
    with world.database.write() as session:
        people = dict(session.execute(select(Person.sub, Person.id)).all())
        now = clock.now()
        for sub, number in (("5", 1), ("6", 1), ("5", 2)):
            visit = PartnerVisit(
                assignment_id=old.id,
                person_id=people[sub],
                number=number,
                half_days=2,
                document={"focus": f"{sub}.{number}"},
                document_version=1,
                state="confirmed" if number == 1 else "planned",
                state_since=now,
                revision=3,
                created_at=clock.now(),
                updated_at=now,
            )
            session.add(visit)
            session.flush()
            answer = {"answer": "yes", "answered_at": now} if number == 1 else {}
            session.add(
                Confirmation(
                    visit_id=visit.id,
                    code_digest=f"code {visit.id}",
                    asked_at=now,
                    expires_at=now,
                    shown_digest="seal",
                    **answer,
                )
            )
    _intermit(made, "Amara Okafor")
    after = _next(made)
    _carry(world, after)
    form = {"comes_back": [entry_of(made, "Amara Okafor")]}
    assert after.leader.post(f"{after.url}/forward/people", form).status_code == 303
    assert after.leader.post(f"{after.url}/forward/people", {}).status_code == 303, "again"
    (new,) = _assignments(world, "77")
    with world.database.read() as session:
        rows = session.execute(
            select(PartnerVisit.id, PartnerVisit.document, PartnerVisit.state)
            .where(PartnerVisit.assignment_id == new.id)
            .order_by(PartnerVisit.number)
        ).all()
        confirmed = session.scalar(select(func.count()).select_from(Confirmation))
        steps = session.scalar(select(func.count()).select_from(VisitStep))
    assert [(row.document["focus"], row.state) for row in rows] == [
        ("5.1", "confirmed"),
        ("5.2", "planned"),
    ]
    assert confirmed == 3, "a seal names the visit it was made for, and stays with it"
    assert steps == 2 and _count(world, PartnerVisit, assignment_id=old.id) == 3
    assert LOG.key == "placement-log"
