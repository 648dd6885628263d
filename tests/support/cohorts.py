"""A cohort whose work is handed in and marked, for tests of what comes after marking."""

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select, update

from lti_tool.coursework.models import Assignment
from lti_tool.coursework.queries import AssignmentRead, HandedIn, get_assignment
from lti_tool.coursework.rules import Rules, get_rules, rules_version_in_force
from lti_tool.lti.models import Context, Deployment
from lti_tool.marking.judging import View, save_judgement
from lti_tool.marking.queries import FIRST, find_judgement, rubric_of
from lti_tool.people.models import Person
from tests.support.builders import Course, build_person, build_work
from tests.support.visiting import Visitor, World

MARKS = ("38", "48", "50", "55", "59", "62", "68", "71", "83")


@dataclass
class Cohort:
    """The pieces of one assignment, in the order of their marks."""

    world: World
    course: Course
    assignment: AssignmentRead
    works: list[HandedIn] = field(default_factory=list)
    tutor: Visitor | None = None

    @property
    def ids(self) -> list[int]:
        """The submissions, in the order of their marks."""
        return [work.submission_id for work in self.works]

    def rules(self) -> Rules:
        """The rules of the assignment."""
        with self.world.database.read() as session:
            return get_rules(
                session,
                self.world.settings.config_dir,
                self.assignment.rules_key,
                self.assignment.rules_version,
            )

    def judge(
        self, work: HandedIn, mark: str, *, kind: str = FIRST, marker_id: int | None = None
    ) -> int:
        """Give a piece the same mark on every criterion; the judgement's row number."""
        rules = self.rules()
        with self.world.database.write() as session:
            rubric = rubric_of(session, self.assignment)
            before = find_judgement(session, work.submission_id, kind)
            save_judgement(
                session,
                work,
                rubric,
                rules,
                View({one.id: Decimal(mark) for one in rubric.criteria}, {}, "Clear.", ""),
                built_on=before.number if before else 0,
                marker_id=marker_id or self.course.tutor_id,
                kind=kind,
            )
            session.flush()
            found = find_judgement(session, work.submission_id, kind)
            assert found is not None
            return int(found.id)

    def person(self, sub: str) -> int:
        """The row number of somebody who has come."""
        with self.world.database.read() as session:
            found = session.scalar(select(Person.id).where(Person.sub == sub))
        assert found is not None
        return found

    def use_rules(self, key: str) -> None:
        """Mark by another set of rules from now on."""
        with self.world.database.write() as session:
            version = rules_version_in_force(session, self.world.settings.config_dir, key)
            session.execute(
                update(Assignment)
                .where(Assignment.id == self.assignment.id)
                .values(rules_key=key, rules_version=version)
            )
            session.flush()
            self.assignment = get_assignment(session, self.assignment.id, (self.course.context_id,))


def make_cohort(world: World, marks: tuple[str, ...] = MARKS, rules: str | None = None) -> Cohort:
    """Let a tutor in, hand work in for one participant a mark, and mark it.

    :param marks: the same mark on every criterion, by piece.
    :param rules: a set of rules other than the activity's.
    """
    tutor = world.let_in("3", "tutor")
    with world.database.write() as session:
        assignment_id = session.scalars(select(Assignment.id)).one()
        context = session.scalars(select(Context)).one()
        deployment = session.get_one(Deployment, context.deployment_id)
        tutor_row = session.scalars(select(Person).where(Person.sub == "3")).one()
        course = Course(
            world.registration_id,
            tutor_row.platform_id,
            deployment.id,
            context.id,
            context.context_id,
            tutor_row.id,
        )
        assignment = get_assignment(session, assignment_id, (context.id,))
        cohort = Cohort(world, course, assignment, tutor=tutor)
        for number, _ in enumerate(marks):
            person = build_person(session, course, f"s{number}")
            cohort.works.append(build_work(session, assignment, person))
    if rules is not None:
        cohort.use_rules(rules)
    for work, mark in zip(cohort.works, marks, strict=True):
        cohort.judge(work, mark)
    return cohort
