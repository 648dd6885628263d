"""A 409 of each kind: ours, older and ours, another's, a zero that is not shown."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from werkzeug.wrappers import Response

from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench


def _second(row: Any, seconds: int = 0) -> int:
    return int(row.scored_at.timestamp()) + seconds


@case(158, "a score of 0")
@case(229, "results leave a grade of 0 out")
def test_a_conflict_with_our_own_zero(bench: Bench, clock: time_machine.Traveller) -> None:
    """Moodle's results show a mark of 0 as nothing."""
    delivery_id = bench.release(0)
    bench.platform.trouble("score", passes_on=True, drops=True)
    bench.drain()
    clock.shift(2)
    bench.drain()
    assert bench.attempts(delivery_id)[-1].http_status == 409
    assert (bench.row(delivery_id).state, bench.shown()) == ("delivered", 0)


@case(224, "a score with an equal or older timestamp: 409")
def test_a_conflict_with_an_older_mark_of_ours(bench: Bench, clock: time_machine.Traveller) -> None:
    """As after a database was restored: the gradebook has what we sent at this very second."""
    delivery_id = bench.release(62)
    bench.drain()
    before = bench.row(delivery_id)
    bench.release(70)
    bench.change(delivery_id, scored_at=before.scored_at)
    bench.drain()
    assert (bench.row(delivery_id).state, bench.row(delivery_id).reason) == (
        "waiting",
        "newer_second",
    )
    clock.shift(1)
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, bench.shown()) == ("delivered", 70)
    assert row.scored_at >= before.scored_at + timedelta(seconds=1)
    assert [one.http_status for one in bench.attempts(delivery_id)] == [200, 409, 200]


@case(161, "comments: plain, long, markup, emoji, and an update")
def test_only_the_feedback_was_new_and_the_second_was_ours(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """The same mark at an older second of ours is no proof that the new feedback landed."""
    delivery_id = bench.release(62, feedback="First words.")
    bench.drain()
    bench.release(62, feedback="Better words.")
    bench.platform.trouble("score", answer=lambda: Response("[]", 409))
    bench.drain()
    clock.shift(1)
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
    assert "Better words." in bench.platform.shown(bench.column, "5").feedback


def test_a_platform_that_refuses_every_time_is_asked_twice(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    delivery_id = bench.release(62)
    bench.drain()
    bench.release(70)
    refused = bench.platform.trouble("score", times=99, answer=lambda: Response("[]", 409))
    for _ in range(5):
        bench.drain()
        clock.shift(30)
    row = bench.row(delivery_id)
    assert (row.state, row.reason, refused.happened) == ("needs_person", "newer_elsewhere", 2)


@pytest.mark.parametrize(("typed", "state"), [(55, "needs_person"), (70, "delivered")])
def test_a_conflict_with_a_tutors_own_mark(bench: Bench, typed: float, state: str) -> None:
    """Typed into the gradebook at a later second; where it is the same mark, all is well."""
    delivery_id = bench.release(62)
    bench.drain()
    bench.release(70)
    bench.platform.type_in(bench.column, "5", typed, _second(bench.row(delivery_id), 5))
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, bench.shown()) == (state, typed)
    assert row.reason == (None if state == "delivered" else "newer_elsewhere")


def test_a_conflict_where_nothing_is_shown(bench: Bench) -> None:
    delivery_id = bench.release(62)
    bench.platform.trouble("score", answer=lambda: Response("[]", 409))
    bench.drain()
    assert bench.row(delivery_id).reason == "newer_elsewhere"


@case(167, "scopes: only score, only readonly, none")
def test_a_conflict_without_leave_to_read_results(bench: Bench) -> None:
    scopes = ("https://purl.imsglobal.org/spec/lti-ags/scope/score",)
    assignment = bench.set_work(bench.column, link="narrow", scopes=scopes)
    delivery_id = bench.release(62, assignment=assignment)
    bench.platform.type_in(bench.column, "5", 55, _second(bench.row(delivery_id), 5))
    bench.drain()
    assert bench.row(delivery_id).reason == "newer_elsewhere"
    assert bench.platform.asked("service") == []


@case(168, "results of one person, scaled")
def test_a_conflict_where_results_have_no_time(bench: Bench) -> None:
    """The specification does not ask platforms for one."""
    delivery_id = bench.release(62)
    bench.platform.trouble("score", answer=lambda: Response("[]", 409))
    shown = '[{"userId": "5", "resultScore": 31, "resultMaximum": 50}]'
    bench.platform.trouble("results", answer=lambda: Response(shown, mimetype="text/html"))
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
