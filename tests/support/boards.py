"""A module with marks here, in the gradebook and on the registry's list, for tests of its sheet."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update

from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Candidate, HandedInCopy, Submission
from lti_tool.coursework.queries import AssignmentRead, get_assignment
from lti_tool.gradebook.models import Delivery, LineItem, ShownResult
from lti_tool.lti.models import Context
from lti_tool.marking.models import Judgement, Outcome, Release
from lti_tool.people.models import Person
from lti_tool.programme.cohorts.models import ModuleResult
from tests.support import builders
from tests.support.programmes import Course, bring_list, record_list
from tests.support.visiting import World

_OF_WORK = (Submission, HandedInCopy, Candidate, Judgement, Outcome, Release, Delivery)


class Module:
    """The first module of a cohort whose one course holds one piece of work."""

    def __init__(self, world: World, course: Course) -> None:
        self.world, self.course = world, course

    def _assignment(self, session: Any) -> AssignmentRead:
        first = select(Assignment.id, Assignment.context_id).order_by(Assignment.id).limit(1)
        number, context = session.execute(first).one()
        return get_assignment(session, number, (context,))

    def person(self, sub: str) -> int:
        """The row number of somebody who has come."""
        with self.world.database.read() as session:
            return session.scalars(select(Person.id).where(Person.sub == sub)).one()

    def built(self, session: Any) -> builders.Course:
        """The course, as builders take it, with the leader as its tutor."""
        leader = session.scalars(select(Person).where(Person.sub == "9")).one()
        context = session.scalars(select(Context)).one()
        return builders.Course(
            self.world.registration_id,
            leader.platform_id,
            context.deployment_id,
            context.id,
            context.context_id,
            leader.id,
        )

    def set_more(self, title: str) -> None:
        """Another piece of work in the same course."""
        with self.world.database.write() as session:
            builders.build_assignment(
                session, self.world.settings, self.built(session), link="2", title=title
            )

    def hand_in(self, sub: str, mark: str | None = None) -> None:
        """Work handed in and, with a mark, released."""
        person = self.person(sub)
        with self.world.database.write() as session:
            assignment = self._assignment(session)
            work = builders.build_work(session, assignment, person)
            if mark is not None:
                settings, made = self.world.settings, self.built(session)
                builders.release(session, settings, made, assignment, work, Decimal(mark))

    def deliver(self) -> None:
        """Every mark that waits is in the gradebook now."""
        past = clock.now() - timedelta(minutes=5)
        with self.world.database.write() as session:
            session.execute(
                update(Delivery)
                .where(Delivery.state == "waiting")
                .values(state="delivered", delivered_at=past, reason=None)
            )

    def show(self, sub: str, score: str | None, finding: str) -> None:
        """What the gradebook showed for somebody when it was read just now."""
        with self.world.database.write() as session:
            session.add(
                ShownResult(
                    line_item_id=session.scalars(select(LineItem.id)).one(),
                    person_id=self.person(sub),
                    result_score=Decimal(score) if score else None,
                    result_maximum=Decimal(100),
                    finding=finding,
                    read_at=clock.now(),
                )
            )

    def list_results(self, text: str) -> None:
        """Bring a list of the registry in."""
        looked = bring_list(self.course, text).get_data(as_text=True)
        assert record_list(self.course, looked).status_code == 303, looked

    def spread(self, like: str, subs: Iterable[str]) -> None:
        """The same work, mark and delivery as somebody has, and a result of the registry, for
        others who are there already."""
        wanted = list(subs)
        with self.world.database.write() as session:
            model = session.scalars(select(Person.id).where(Person.sub == like)).one()
            found = session.execute(select(Person.id, Person.sub).where(Person.sub.in_(wanted)))
            people = {sub: number for number, sub in found}
            ids = [people[sub] for sub in wanted]
            numbers: dict[str, dict[int, int]] = {}
            for table in _OF_WORK:
                numbers[table.__tablename__] = _copied(session, table, model, ids, numbers)
            session.execute(
                insert(ModuleResult),
                [
                    {
                        "person_id": number,
                        "cohort_id": int(self.course.cohort),
                        "module_id": 1,
                        "attempt": 1,
                        "mark": Decimal(62),
                        "is_passed": True,
                        "board_state": "provisional",
                        "recorded_by_id": model,
                        "recorded_at": clock.now(),
                    }
                    for number in ids
                ],
            )


def _copied(
    session: Any,
    table: Any,
    model: int,
    ids: list[int],
    numbers: dict[str, dict[int, int]],
) -> dict[int, int]:
    """A row of a table that is somebody's, for others; the new numbers by person."""
    columns, own = table.__table__.c, {}
    for name, before in numbers.items():
        if f"{name}_id" in columns:
            own[f"{name}_id"] = before
    if "copy_id" in columns:
        own["copy_id"] = numbers["handed_in_copy"]
    key = "person_id" if "person_id" in columns else next(iter(own))
    value = model if key == "person_id" else own[key][model]
    row = session.execute(select(*columns).where(columns[key] == value)).mappings().one()
    first = session.scalar(select(table.id).order_by(table.id.desc()).limit(1)) + 1
    made = {person: first + place for place, person in enumerate(ids)}
    unique = {"code": "C{:05}", "receipt": "R{:05}"}
    session.execute(
        insert(table),
        [
            {
                **row,
                "id": made[person],
                **({"person_id": person} if "person_id" in columns else {}),
                **{name: before[person] for name, before in own.items()},
                **{name: form.format(person) for name, form in unique.items() if name in columns},
            }
            for person in ids
        ],
    )
    return {**made, model: row["id"]}
