"""Where marks stand, as tutors see it: who may ask, sending again, and at what cost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from lti_tool.audit.models import AuditEntry
from lti_tool.core.errors import NotFound
from lti_tool.db import Database
from lti_tool.gradebook.operations import retry, send_again
from lti_tool.gradebook.queries import (
    count_by_state,
    get_standing,
    list_open,
    list_standings,
)
from tests.integration.gradebook.bench import Bench
from tests.support import builders
from tests.support.statements import listen, stop_listening


def _other_course(bench: Bench) -> builders.Course:
    with bench.database.write() as session:
        return builders.build_course(
            session, bench.settings, bench.platform.registration(), context="9"
        )


def test_sent_again_by_a_tutor_of_the_course_and_written_down(bench: Bench) -> None:
    bench.platform.set(unenrolled=["5"])
    delivery_id = bench.release(62)
    bench.drain()
    bench.platform.set(unenrolled=[])
    contexts, tutor = [bench.course.context_id], bench.course.tutor_id
    with bench.database.write() as session:
        send_again(session, delivery_id, context_ids=contexts, actor_id=tutor)
    bench.drain()
    with bench.database.read() as session:
        standing = get_standing(session, delivery_id, contexts)
        entry = session.execute(
            select(*AuditEntry.__table__.c).where(AuditEntry.act == "mark sent again")
        ).one()
    assert (standing.state, standing.words) == ("delivered", "In the gradebook: 62 out of 100.")
    assert (entry.subject_kind, entry.subject_id, entry.actor_id) == (
        "delivery",
        delivery_id,
        tutor,
    )
    assert entry.was == {"state": "needs_person", "reason": "not_enrolled"}
    assert entry.context_id == bench.course.context_id


def test_another_courses_mark_is_out_of_reach(bench: Bench) -> None:
    delivery_id = bench.release(62)
    bench.drain()
    other = _other_course(bench)
    with pytest.raises(NotFound), bench.database.write() as session:
        send_again(session, delivery_id, context_ids=[other.context_id], actor_id=other.tutor_id)
    with pytest.raises(NotFound), bench.database.read() as session:
        get_standing(session, delivery_id, [other.context_id])
    with bench.database.read() as session:
        there = list_standings(session, [other.context_id], [bench.assignment.id])
        count = session.scalar(select(func.count()).where(AuditEntry.act == "mark sent again"))
    assert (there, count, bench.row(delivery_id).revision) == ({}, 0, 1)


def test_an_operator_sends_all_that_need_a_person(bench: Bench) -> None:
    bench.platform.set(unenrolled=["5", "6"])
    for sub in ("5", "6", "7"):
        bench.release(62, sub)
    bench.drain()
    with bench.database.read() as session:
        assert count_by_state(session) == {"needs_person": 2, "delivered": 1}
        assert {row.reason for row in list_open(session)} == {"not_enrolled"}
    bench.platform.set(unenrolled=[])
    with bench.database.write() as session:
        assert retry(session, None) == 2
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}
    with pytest.raises(NotFound), bench.database.write() as session:
        retry(session, 4711)


def _queries(database: Database, act: Callable[[Any], Any]) -> int:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    listen(database, note)
    try:
        with database.read() as session:
            act(session)
    finally:
        stop_listening(database, note)
    return len([one for one in seen if one.lstrip().startswith("SELECT")])


def test_a_fixed_number_of_queries_however_much_work(bench: Bench) -> None:
    contexts, ids = [bench.course.context_id], [bench.assignment.id]

    def standings(session: Any) -> None:
        assert len(list_standings(session, contexts, ids)) == there

    counts = []
    there = 0
    for wanted in (5, 50):
        with bench.database.write() as session:
            for number in range(there, wanted):
                person = builders.build_person(session, bench.course, f"p{number}")
                work = builders.build_work(session, bench.assignment, person)
                builders.release(
                    session,
                    bench.settings,
                    bench.course,
                    bench.assignment,
                    work,
                    Decimal(100 - number),
                )
        there = wanted
        counts.append(_queries(bench.database, standings))
    assert counts[0] == counts[1] == 1
