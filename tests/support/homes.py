"""A programme of three courses with work, marks, visits and outcomes in every state, for tests and
measurements of the leader's home."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.activities.placement_log.visit_document import VERSION, new_document
from lti_tool.activities.provision_map_audit import ACTIVITY
from lti_tool.core import clock
from lti_tool.coursework.models import (
    Assignment,
    Candidate,
    Extension,
    HandedInCopy,
    Submission,
)
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.lti.models import Context
from lti_tool.marking.models import Hold, Judgement, Outcome, Release
from lti_tool.people.models import Membership, Person
from tests.support.logs import CUSTOM
from tests.support.outcomes import people_of
from tests.support.programmes import Course, add_people, lead, make_course
from tests.support.visiting import Visitor, World

LATE, BEGUN, HANDED_IN, JUDGED, OUT = range(5)
"""What the first five of ten people have done: nothing, begun, handed in, got a mark that is not
released, got one that is."""


@dataclass
class Home:
    """A programme with its first cohort, seen by who leads it."""

    world: World
    course: Course
    contexts: list[int]
    assignments: list[int]
    """One a course, in the same order."""
    log: int

    @property
    def leader(self) -> Visitor:
        """Who leads the programme."""
        return self.course.leader

    @property
    def url(self) -> str:
        """The cohort's first page."""
        return f"programme/home/{self.course.cohort}/"

    def page(self, path: str = "") -> str:
        """A page below the cohort's, as text; it must be there."""
        answer = self.leader.get(self.url + path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.get_data(as_text=True)


def _join(course: Course, title: str, module: str) -> None:
    page = course.page()
    found = [re.search(rf'<option value="(\d+)">{one}<', page) for one in (module, title)]
    assert all(found), page
    values = {"module": found[0][1], "course": found[1][1]}  # type: ignore[index]
    assert course.leader.post(f"{course.url}/courses", values).status_code == 303


def make_home(world: World) -> Home:
    """Three courses of one cohort, each with a piece of work that was due two months ago; a
    placement log in the first."""
    leader = lead(world)
    world.let_in("9", "tutor", **CUSTOM)
    for number in (2, 3):
        lead(world, context_id=f"c{number}", context_title=f"Module {number}", resource_link_id="1")
    course = make_course(leader)
    form = {"new-key": "ed3", "new-title": "Leading", "new-credits": "20"}
    place = f"programme/cohorts/programmes/{course.programme}/modules"
    assert leader.post(place, form).status_code == 303
    _join(course, "Module 2", "Provision")
    _join(course, "Module 3", "Leading")
    with world.database.write() as session:
        contexts = list(session.scalars(select(Context.id).order_by(Context.id)))
        audits = select(Assignment.id).where(Assignment.activity == "provision-map-audit")
        ids = list(session.scalars(audits.order_by(Assignment.context_id)))
        due_at = clock.now() - timedelta(days=60)
        session.execute(update(Assignment).where(Assignment.id.in_(ids)).values(due_at=due_at))
        log = session.scalars(
            select(Assignment.id).where(Assignment.activity == "placement-log")
        ).one()
    return Home(world, course, contexts, ids, log)


def fill_home(home: Home, numbers: range) -> list[int]:
    """So many further people, each in all three courses, with work in every state and three
    visits; their row numbers."""
    world = home.world
    add_people(world, int(home.course.cohort), numbers)
    people = people_of(world, int(home.course.cohort))[-len(numbers) :]
    with world.database.write() as session:
        now = clock.now()
        session.execute(
            insert(Membership),
            [
                {
                    "context_id": context_id,
                    "person_id": person,
                    "roles": "participant",
                    "is_active": True,
                    "first_seen_at": now,
                }
                for context_id in home.contexts[1:]
                for person in people
            ],
        )
        session.execute(insert(PartnerVisit), list(_visits(home, people, numbers)))
        for assignment_id in home.assignments:
            _work(session, assignment_id, people, numbers)
    return people


def _visits(home: Home, people: list[int], numbers: range) -> Iterator[dict[str, Any]]:
    now = clock.now()
    kinds = (states.DONE, states.WRONG, states.PLANNED, states.APPROVED)
    for number, person in zip(numbers, people, strict=True):
        for visit in range(3):
            yield {
                "assignment_id": home.log,
                "person_id": person,
                "number": visit + 1,
                "visit_on": clock.today() + timedelta(days=visit + 1),
                "half_days": 1,
                "document": new_document(),
                "document_version": VERSION,
                "state": kinds[(number + visit) % 4],
                "state_since": now,
                "revision": 1,
                "created_at": now,
                "updated_at": now,
            }


def _ids(session: Any, model: Any, assignment_id: int) -> dict[int, int]:
    rows = session.execute(
        select(model.person_id, model.id).where(model.assignment_id == assignment_id)
    )
    return {person: number for person, number in rows}


def _work(session: Any, assignment_id: int, people: list[int], numbers: range) -> None:
    """Work of everybody on one assignment, by the last digit of their number."""
    now = clock.now()
    before = now - timedelta(days=61)
    whole = list(zip(numbers, people, strict=True))
    begun = [(number, person) for number, person in whole if number % 5 != LATE]
    if not begun:
        return
    session.execute(
        insert(Submission),
        [
            {
                "assignment_id": assignment_id,
                "person_id": person,
                "attempt": 1,
                "document": ACTIVITY.new_document(),
                "document_version": ACTIVITY.document_version,
                "revision": 1,
                "created_at": before,
                "updated_at": before,
            }
            for _, person in begun
        ],
    )
    own = _ids(session, Submission, assignment_id)
    extended = [person for number, person in whole if number % 10 == BEGUN]
    if extended:
        session.execute(
            insert(Extension),
            [
                {
                    "assignment_id": assignment_id,
                    "person_id": person,
                    "due_at": now + timedelta(days=5),
                    "reason": "Agreed.",
                    "granted_by_id": person,
                    "created_at": now,
                }
                for person in extended
            ],
        )
    handed_in = [one for one in begun if one[0] % 5 >= HANDED_IN]
    if handed_in:
        _hand_in(session, assignment_id, own, handed_in)
        _mark(session, assignment_id, own, handed_in)


def _hand_in(
    session: Any, assignment_id: int, own: dict[int, int], whole: list[tuple[int, int]]
) -> None:
    before = clock.now() - timedelta(days=61)
    session.execute(
        insert(Candidate),
        [
            {"assignment_id": assignment_id, "person_id": person, "code": f"C{person:05}"}
            for _, person in whole
        ],
    )
    session.execute(
        insert(HandedInCopy),
        [
            {
                "submission_id": own[person],
                "document": ACTIVITY.new_document(),
                "document_version": ACTIVITY.document_version,
                "document_digest": "0" * 64,
                "declarations": {},
                "receipt": f"R{own[person]}",
                "due_at": before + timedelta(days=1),
                "handed_in_at": before,
            }
            for _, person in whole
        ],
    )
    held = [own[person] for number, person in whole if number % 10 == HANDED_IN]
    if held:
        session.execute(
            insert(Hold),
            [
                {
                    "submission_id": number,
                    "kind": "integrity",
                    "reason": "Looked into.",
                    "placed_by_id": whole[0][1],
                    "placed_at": before,
                }
                for number in held
            ],
        )


def _mark(
    session: Any, assignment_id: int, own: dict[int, int], whole: list[tuple[int, int]]
) -> None:
    now = clock.now()
    marker = session.scalars(select(Person.id).where(Person.sub == "9")).one()
    judged = [(number, person) for number, person in whole if number % 5 >= JUDGED]
    if not judged:
        return
    session.execute(
        insert(Judgement),
        [
            {
                "submission_id": own[person],
                "number": 1,
                "copy_id": session.scalars(
                    select(HandedInCopy.id).where(HandedInCopy.submission_id == own[person])
                ).one(),
                "marker_id": marker,
                "kind": "first",
                "marks": {
                    one: {"mark": str(40 + number % 50), "comment": ""} for one in ACTIVITY.criteria
                },
                "overall": Decimal(40 + number % 50),
                "weighted": Decimal(40 + number % 50),
                "feedback": "",
                "private_note": "",
                "created_at": now,
            }
            for number, person in judged
        ],
    )
    out = [(number, person) for number, person in judged if number % 5 == OUT]
    if out:
        _let_out(session, assignment_id, own, out, marker)


def _let_out(
    session: Any,
    assignment_id: int,
    own: dict[int, int],
    out: list[tuple[int, int]],
    marker: int,
) -> None:
    """Released, and on the way to the gradebook: every second one needs a person there."""
    now = clock.now()
    subs = {own[person] for _, person in out}
    rows = session.execute(
        select(Judgement.submission_id, Judgement.id).where(Judgement.submission_id.in_(subs))
    )
    judgements = {submission: number for submission, number in rows}
    marks = {own[person]: Decimal(40 + number % 50) for number, person in out}
    session.execute(
        insert(Outcome),
        [
            {
                "submission_id": submission,
                "number": 1,
                "judgement_id": judgements[submission],
                "raw": mark,
                "penalty": Decimal(0),
                "final": mark,
                "standing": "provisional",
                "created_at": now,
            }
            for submission, mark in marks.items()
        ],
    )
    rows = session.execute(
        select(Outcome.submission_id, Outcome.id).where(Outcome.submission_id.in_(subs))
    )
    session.execute(
        insert(Release),
        [
            {
                "outcome_id": outcome,
                "submission_id": submission,
                "released_by_id": marker,
                "released_at": now,
            }
            for submission, outcome in rows.all()
        ],
    )
    column = session.scalars(
        select(LineItem.id).where(LineItem.assignment_id == assignment_id)
    ).one()
    session.execute(
        insert(Delivery),
        [
            {
                "line_item_id": column,
                "person_id": person,
                "revision": 1,
                "state": "needs_person" if number % 10 == OUT else "delivered",
                "reason": "not_enrolled" if number % 10 == OUT else None,
                "score_given": marks[own[person]],
                "score_maximum": Decimal(100),
                "comment": "",
                "scored_at": now,
                "due_at": now,
                "tries": 1,
                "created_at": now,
                "updated_at": now,
            }
            for number, person in out
        ],
    )
