"""What the tests of a mark's way share: releasing marks, working, looking at rows."""

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.db import Database
from lti_tool.gradebook.models import Delivery, DeliveryAttempt, LineItem
from lti_tool.gradebook.worker import drain
from lti_tool.settings import Settings
from tests.support import builders
from tests.support.graded_platform import PARTICIPANTS, GradedPlatform


class Killed(BaseException):
    """A worker's death, where a test wants one at a certain point."""


class Bench:
    """A course with one assignment, whose work is made as it is needed."""

    def __init__(self, platform: GradedPlatform, database: Database, settings: Settings) -> None:
        self.platform, self.database, self.settings = platform, database, settings
        with database.write() as session:
            self.course = builders.build_course(session, settings, platform.registration())
        self.column = platform.column_url()
        self.assignment = self.set_work(self.column)
        self._works: dict[tuple[int, str], HandedIn] = {}

    def set_work(
        self, column: str | None, link: str = "1", maximum: int = 100, **changes: Any
    ) -> AssignmentRead:
        """Work set at a link with this column."""
        values = {"line_items_url": self.platform.columns_url(), **changes}
        with self.database.write() as session:
            return builders.build_assignment(
                session,
                self.settings,
                self.course,
                link=link,
                maximum=Decimal(maximum),
                line_item_url=column,
                **values,
            )

    def work_of(self, sub: str, assignment: AssignmentRead | None = None) -> HandedIn:
        """A participant's handed-in work, made at first asking."""
        assignment = assignment or self.assignment
        key = (assignment.id, sub)
        if key not in self._works:
            with self.database.write() as session:
                person_id = builders.build_person(session, self.course, sub)
                self._works[key] = builders.build_work(session, assignment, person_id)
        return self._works[key]

    def release(
        self,
        mark: int | str,
        sub: str = "5",
        assignment: AssignmentRead | None = None,
        feedback: str = "Clear and well argued.",
    ) -> int:
        """Mark and release in one transaction; the delivery's number."""
        assignment = assignment or self.assignment
        work = self.work_of(sub, assignment)
        with self.database.write() as session:
            delivery_id = builders.release(
                session, self.settings, self.course, assignment, work, Decimal(mark), feedback
            )
        assert delivery_id is not None
        return delivery_id

    def release_many(self, count: int) -> dict[int, tuple[str, str, int]]:
        """So many marks, in as many columns as that takes: column, person and mark by delivery."""
        promised = {}
        while len(promised) < count:
            number = len(promised) // len(PARTICIPANTS)
            column = self.platform.add_column()
            assignment = self.set_work(column, link=f"more-{number}")
            for sub in PARTICIPANTS[: count - len(promised)]:
                mark = 40 + len(promised) % 50
                promised[self.release(mark, sub, assignment)] = (column, sub, mark)
        return promised

    def drain(self, **changes: Any) -> float | None:
        """Work as a worker does until nothing is due.

        :param changes: settings to work with.
        """
        settings = replace(self.settings, **changes)
        return drain(self.database, settings)

    def drain_in_threads(self, count: int) -> None:
        """So many workers at the same moment."""
        problems: list[BaseException] = []
        start = threading.Barrier(count)

        def work() -> None:
            try:
                start.wait()
                self.drain()
            except BaseException as problem:
                problems.append(problem)

        threads = [threading.Thread(target=work) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not problems, problems

    def row(self, delivery_id: int) -> Any:
        """A delivery as it stands."""
        with self.database.read() as session:
            return session.execute(
                select(*Delivery.__table__.c).where(Delivery.id == delivery_id)
            ).one()

    def states(self) -> dict[int, str]:
        """The state of every delivery."""
        with self.database.read() as session:
            rows = session.execute(select(Delivery.id, Delivery.state)).all()
        return {number: state for number, state in rows}

    def attempts(self, delivery_id: int) -> list[Any]:
        """Every try to send a delivery, in order."""
        table = DeliveryAttempt.__table__
        with self.database.read() as session:
            return list(
                session.execute(
                    select(*table.c).where(table.c.delivery_id == delivery_id).order_by(table.c.id)
                )
            )

    def line_item(self, assignment: AssignmentRead) -> Any:
        """An assignment's column as we know it."""
        with self.database.read() as session:
            return session.execute(
                select(*LineItem.__table__.c).where(LineItem.assignment_id == assignment.id)
            ).one()

    def change(self, delivery_id: int, **values: Any) -> None:
        """Put a delivery into a state that takes long to come about by itself."""
        with self.database.write() as session:
            session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))

    def shown(self, sub: str = "5", column: str | None = None) -> float | None:
        """The mark the gradebook shows."""
        grade = self.platform.shown(column or self.column, sub)
        return None if grade is None else grade.final


def dying(real: Callable[..., Any], *, after: bool, times: int = 1) -> Callable[..., Any]:
    """A function at which the worker dies, before or after it does its work."""
    left = [times]

    def call(*arguments: Any, **values: Any) -> Any:
        if left[0] <= 0:
            return real(*arguments, **values)
        left[0] -= 1
        if after:
            real(*arguments, **values)
        raise Killed

    return call
