"""Marks taken back: what waits is not sent, what stands is said, and the one permitted clear."""

from decimal import Decimal
from typing import Any

import pytest
import time_machine
from werkzeug.wrappers import Response

from lti_tool.core.errors import Conflict, NotFound
from lti_tool.gradebook import worker
from lti_tool.gradebook.changing import change_due
from lti_tool.gradebook.history import get_tries
from lti_tool.gradebook.operations import (
    Withdrawal,
    change_column,
    clear_mark,
    send_again,
    withdraw,
)
from lti_tool.gradebook.queries import get_standing
from lti_tool.lti import ags
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench, Killed, dying


def _withdraw(bench: Bench, sub: str = "5") -> Withdrawal:
    with bench.database.write() as session:
        return withdraw(session, bench.assignment.id, bench.work_of(sub).person_id)


def _clear(bench: Bench, sub: str = "5") -> int:
    with bench.database.write() as session:
        return clear_mark(
            session,
            bench.assignment.id,
            bench.work_of(sub).person_id,
            context_ids=(bench.course.context_id,),
            actor_id=bench.course.tutor_id,
        )


def _words(bench: Bench, delivery_id: int) -> str:
    with bench.database.read() as session:
        return get_standing(session, delivery_id, (bench.course.context_id,)).words


def test_what_waits_is_not_sent(bench: Bench) -> None:
    delivery_id = bench.release(62)
    assert _withdraw(bench) == "nothing was sent"
    bench.drain()
    assert bench.platform.asked("score") == []
    assert bench.row(delivery_id).state == "cancelled"
    assert _words(bench, delivery_id) == "Not sent: the mark was withdrawn before it left."
    assert _withdraw(bench, "6") == Withdrawal.NOTHING_SENT, "nothing was ever released"


def test_what_stands_in_the_gradebook_stays_and_is_said(bench: Bench) -> None:
    delivery_id = bench.release(62)
    bench.drain()
    assert _withdraw(bench) == "stands in the gradebook"
    bench.drain()
    assert bench.shown() == 62 and len(bench.platform.asked("score")) == 1
    assert "still shows" in _words(bench, delivery_id)


def test_withdrawn_while_it_is_on_its_way(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery_id = bench.release(62)
    said: list[Withdrawal] = []
    real = worker.send

    def withdraw_then_send(*arguments: Any) -> Any:
        said.append(_withdraw(bench))
        return real(*arguments)

    monkeypatch.setattr(worker, "send", withdraw_then_send)
    bench.drain()
    assert said == [Withdrawal.MAY_ARRIVE] and bench.shown() == 62
    assert bench.row(delivery_id).state == "cancelled", "the send in hand settles nothing"
    assert "may have reached" in _words(bench, delivery_id)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, "Error writing to database"), (502, ""), (504, ""), (408, ""), (200, "<!doctype html>")],
)
def test_a_mark_may_stand_though_the_answer_said_otherwise(
    bench: Bench, status: int, body: str
) -> None:
    delivery_id = bench.release(62)
    bench.platform.trouble(
        "score",
        passes_on=True,
        answer=lambda: Response(body, status, mimetype="text/html"),
    )
    bench.drain()
    assert bench.row(delivery_id).state == "waiting" and bench.shown() == 62
    assert _withdraw(bench) == Withdrawal.MAY_ARRIVE
    assert "may have reached" in _words(bench, delivery_id)
    with bench.database.read() as session:
        tries = get_tries(session, delivery_id, (bench.course.context_id,))
    assert tries.may_be_cleared, "a tutor can take it out"


@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_nothing_was_sent_where_the_platform_refused_it(bench: Bench, status: int) -> None:
    bench.release(62)
    bench.platform.trouble("score", answer=lambda: Response("", status))
    bench.drain()
    assert _withdraw(bench) == Withdrawal.NOTHING_SENT


def test_a_mark_may_stand_where_its_worker_died(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after its claim ran out: nobody came to write down what it did."""
    delivery_id = bench.release(62)
    with monkeypatch.context() as patched:
        patched.setattr(ags, "send_score", dying(ags.send_score, after=True))
        with pytest.raises(Killed):
            bench.drain()
    clock.shift(600)
    assert _withdraw(bench) == Withdrawal.MAY_ARRIVE and bench.shown() == 62
    assert "may have reached" in _words(bench, delivery_id)


def test_a_mark_taken_back_is_not_sent_again_but_released_again(bench: Bench) -> None:
    delivery_id = bench.release(62)
    _withdraw(bench)
    with pytest.raises(Conflict), bench.database.write() as session:
        send_again(
            session,
            delivery_id,
            context_ids=(bench.course.context_id,),
            actor_id=bench.course.tutor_id,
        )
    bench.release(70)
    bench.drain()
    assert bench.shown() == 70


@case(225, "anything but FullyGraded wipes the grade")
def test_the_one_clear_there_is(bench: Bench, clock: time_machine.Traveller) -> None:
    delivery_id = bench.release(62)
    bench.drain()
    with pytest.raises(Conflict):
        _clear(bench)
    _withdraw(bench)
    assert _clear(bench) == delivery_id
    bench.drain()
    body = bench.platform.asked("score")[-1]["body"]
    assert "scoreGiven" not in body and body["gradingProgress"] == "NotReady"
    assert bench.shown() is None
    assert _words(bench, delivery_id) == "Taken out of the gradebook, as a tutor asked."
    assert _withdraw(bench) == Withdrawal.NOTHING_SENT
    clock.shift(2)
    bench.release(70)
    bench.drain()
    assert bench.shown() == 70, "a new release puts a mark in again"


def test_a_mark_taken_back_after_an_earlier_one_was_taken_out(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """What an earlier mark went through is over once it was taken out."""
    bench.platform.trouble("score", passes_on=True, drops=True)
    delivery_id = bench.release(62)
    bench.drain()
    clock.shift(5)
    bench.drain()
    assert _withdraw(bench) == Withdrawal.STANDS
    _clear(bench)
    clock.shift(5)
    bench.drain()
    assert bench.shown() is None
    bench.release(70)
    assert _withdraw(bench) == Withdrawal.NOTHING_SENT
    assert _words(bench, delivery_id) == "Not sent: the mark was withdrawn before it left."


def test_a_mark_taken_back_while_the_earlier_is_taken_out_once_more(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """Another maximum has a mark that was taken out taken out again."""
    bench.release(62)
    bench.drain()
    _withdraw(bench)
    _clear(bench)
    clock.shift(5)
    bench.drain()
    clock.shift(5)
    with bench.database.write() as session:
        change_column(session, bench.assignment.id, maximum=Decimal(50))
    change_due(bench.database, bench.settings, lambda: False)
    bench.release(70)
    assert _withdraw(bench) == Withdrawal.NOTHING_SENT


def test_a_clear_whose_answer_was_lost(bench: Bench, clock: time_machine.Traveller) -> None:
    bench.release(62)
    bench.drain()
    _withdraw(bench)
    clock.shift(2)
    delivery_id = _clear(bench)
    bench.platform.trouble("score", passes_on=True, drops=True)
    bench.drain()
    clock.shift(2)
    bench.drain()
    assert (bench.row(delivery_id).state, bench.shown()) == ("delivered", None)
    assert bench.attempts(delivery_id)[-1].http_status == 409


def test_nobody_clears_in_another_course(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    _withdraw(bench)
    with pytest.raises(NotFound), bench.database.write() as session:
        clear_mark(
            session,
            bench.assignment.id,
            bench.work_of("5").person_id,
            context_ids=(4711,),
            actor_id=bench.course.tutor_id,
        )
