"""Two tutors at the same mark: who comes second acts on what the first left."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import Conflict
from lti_tool.gradebook import changing, deciding, making_again, operations
from lti_tool.gradebook.models import LineItem, ShownResult
from tests.integration.gradebook.bench import Bench
from tests.support.racing import one_behind_the_other


def _who(bench: Bench) -> dict[str, Any]:
    return {"context_ids": (bench.course.context_id,), "actor_id": bench.course.tutor_id}


def _change_maximum(session: Session, bench: Bench, _delivery_id: int) -> None:
    changing.change_column(session, bench.assignment.id, maximum=Decimal(50))


def _tell_of_scaling(session: Session, bench: Bench, _delivery_id: int) -> None:
    changing._send_after_scaling(session, bench.line_item(bench.assignment).id)


def _send_again(session: Session, bench: Bench, delivery_id: int) -> None:
    operations.send_again(session, delivery_id, **_who(bench))


def _retry_it(session: Session, _bench: Bench, delivery_id: int) -> None:
    operations.retry(session, delivery_id)


def _retry_all(session: Session, _bench: Bench, _delivery_id: int) -> None:
    operations.retry(session, None)


def _send_all(session: Session, bench: Bench, _delivery_id: int) -> None:
    deciding.send_all(session, bench.assignment.id, **_who(bench))


def _send_ours(session: Session, bench: Bench, _delivery_id: int) -> None:
    shown_id = session.scalars(select(ShownResult.id)).one()
    deciding.decide(session, shown_id, "send", **_who(bench))


def _make_column_again(session: Session, bench: Bench, _delivery_id: int) -> None:
    making_again.make_column_again(session, bench.assignment.id, **_who(bench))


@pytest.mark.parametrize(
    ("state", "act"),
    [
        ("waiting", _change_maximum),
        ("waiting", _tell_of_scaling),
        ("delivered", _send_again),
        ("delivered", _send_ours),
        ("delivered", _make_column_again),
        ("needs_person", _retry_it),
        ("needs_person", _retry_all),
        ("needs_person", _send_all),
    ],
)
def test_what_is_taken_back_at_that_moment_is_not_sent(
    bench: Bench,
    clock: time_machine.Traveller,
    state: str,
    act: Callable[[Session, Bench, int], None],
) -> None:
    delivery_id = bench.release(62)
    reason = "column_gone" if state == "needs_person" else None
    bench.change(delivery_id, state=state, reason=reason)
    person_id = bench.work_of("5").person_id
    _differ(bench, person_id, is_gone=act is _make_column_again)
    problem = one_behind_the_other(
        bench.database,
        lambda session: operations.withdraw(session, bench.assignment.id, person_id),
        lambda session: act(session, bench, delivery_id),
    )
    assert problem is None or isinstance(problem, Conflict)
    assert bench.row(delivery_id).state == "cancelled"
    clock.shift(5)
    bench.drain()
    assert bench.platform.asked("score") == []


def _differ(bench: Bench, person_id: int, *, is_gone: bool) -> None:
    """The gradebook was found to show another mark; or its column to be deleted."""
    with bench.database.write() as session:
        item = session.scalars(select(LineItem)).one()
        item.gone_at = bench.row(1).updated_at if is_gone else None
        session.add(
            ShownResult(
                line_item_id=item.id,
                person_id=person_id,
                finding="overridden",
                read_at=bench.row(1).updated_at,
            )
        )


def test_a_column_is_made_again_once(bench: Bench) -> None:
    bench.change(bench.release(62), state="delivered")
    _differ(bench, bench.work_of("5").person_id, is_gone=True)
    problem = one_behind_the_other(
        bench.database,
        lambda session: making_again.make_column_again(session, bench.assignment.id, **_who(bench)),
        lambda session: making_again.make_column_again(session, bench.assignment.id, **_who(bench)),
    )
    assert isinstance(problem, Conflict)
