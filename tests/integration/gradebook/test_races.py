"""Two tutors at the same mark: who comes second acts on what the first left."""

import threading
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import Conflict
from lti_tool.gradebook import changing, columns, deciding, making_again, operations, outbox
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


def _close_column(session: Session, bench: Bench, _delivery_id: int) -> None:
    operations.close_column(session, bench.assignment.id)


def _note_gone(session: Session, bench: Bench, _delivery_id: int) -> None:
    """As a worker does whose try was answered 404."""
    item = bench.line_item(bench.assignment)
    outbox.hold_columns(session, [item.id])
    columns.note_gone(session, item)


_BOTH = (_change_maximum, _close_column, _note_gone, _send_again, _retry_all, _send_all)
"""Each may change a column and its marks."""


def _pause_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds the column or marks waits a moment before the other is looked for."""
    for module, name in (
        (changing, "_rescale"),
        (outbox, "close_deliveries"),
        (outbox, "send_again"),
        (making_again, "_forget_the_old"),
    ):
        real = getattr(module, name)

        def paused(*given: Any, _real: Any = real, **named: Any) -> Any:
            time.sleep(0.2)
            return _real(*given, **named)

        monkeypatch.setattr(module, name, paused)


@pytest.mark.parametrize("act", _BOTH)
def test_who_makes_a_column_again_and_others_do_not_wait_for_each_other(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, act: Callable[[Session, Bench, int], None]
) -> None:
    delivery_id = bench.release(62)
    is_asking = act in (_send_again, _retry_all, _send_all)
    bench.change(
        delivery_id,
        state="needs_person" if is_asking else "delivered",
        reason="column_gone" if is_asking else None,
    )
    with bench.database.write() as session:
        item = session.scalars(select(LineItem)).one()
        item.gone_at, item.url = bench.row(delivery_id).updated_at, "https://moodle.example/items/1"
    _pause_between(monkeypatch)
    problems: list[Exception] = []

    def begin(what: Callable[[Session, Bench, int], None]) -> None:
        try:
            with bench.database.write() as session:
                what(session, bench, delivery_id)
        except Conflict:
            pass  # the column is there again, or closed
        except Exception as problem:
            problems.append(problem)

    for first, second in ((act, _make_column_again), (_make_column_again, act)):
        threads = [threading.Thread(target=begin, args=(one,)) for one in (first, second)]
        for one in threads:
            one.start()
            time.sleep(0.05)
        for one in threads:
            one.join(30)
    assert problems == []


def test_marks_that_ask_at_that_moment_are_sent_with_their_column(bench: Bench) -> None:
    there, waits = bench.release(62), bench.release(55, "6")
    bench.change(there, state="delivered")
    with bench.database.write() as session:
        session.scalars(select(LineItem)).one().url = "https://moodle.example/items/1"
    problem = one_behind_the_other(
        bench.database,
        lambda session: _note_gone(session, bench, waits),
        lambda session: _make_column_again(session, bench, waits),
    )
    assert problem is None
    assert [bench.row(one).state for one in (there, waits)] == ["waiting", "waiting"]
