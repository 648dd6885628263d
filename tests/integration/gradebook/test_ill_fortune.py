"""Ill fortune on a mark's way: deaths, two workers, late releases, clocks.

In the end the gradebook shows the last release, once, and nothing is lost.
"""

import threading
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from werkzeug.wrappers import Response

from lti_tool.core import clock as our_clock
from lti_tool.gradebook import worker
from lti_tool.gradebook.operations import send_again
from lti_tool.lti import ags
from lti_tool.lti.registrations import set_enabled
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench, Killed, dying
from tests.support.databases import end_others

LEASE_S = 60


def _die(bench: Bench, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, after: bool) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(place, name, dying(getattr(place, name), after=after))
        with pytest.raises(Killed):
            bench.drain()


@pytest.mark.parametrize("after", [False, True])
def test_a_worker_that_dies_is_replaced(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """Before the send, and after it but before the row was settled."""
    delivery_id = bench.release(62)
    _die(bench, monkeypatch, ags, "send_score", after)
    bench.drain()
    assert bench.row(delivery_id).state == "waiting", "its lease still holds"
    before = bench.row(delivery_id)
    clock.shift(LEASE_S)
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, row.scored_at, row.revision) == ("delivered", before.scored_at, 1)
    statuses = [one["status"] for one in bench.platform.asked("score")]
    assert statuses == ([200, 409] if after else [200]), "the same score with the same timestamp"
    assert len({one["body"]["timestamp"] for one in bench.platform.asked("score")}) == 1
    assert bench.shown() == 62


def test_death_between_settling_and_committing(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = bench.release(62)
    _die(bench, monkeypatch, worker, "settle_all", True)
    assert bench.attempts(delivery_id) == [], "settling is one transaction"
    clock.shift(LEASE_S)
    bench.drain()
    assert (bench.row(delivery_id).state, bench.shown()) == ("delivered", 62)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_goes_away_between_two_scores_forgets_none(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [bench.release(62, sub) for sub in ("5", "6", "7")]
    monkeypatch.setattr(worker, "_LOOK_EVERY_S", 0.0)

    def fail_over() -> Response:
        end_others(bench.database.engine.url.render_as_string(hide_password=False))
        return Response("", 200)

    bench.platform.trouble("score", passes_on=True, answer=fail_over)
    bench.drain()
    assert [bench.row(one).state for one in numbers] == ["delivered"] * 3
    assert [len(bench.attempts(one)) for one in numbers] == [1, 1, 1]


@case(157, "retry after a lost response")
@case(224, "a score with an equal or older timestamp: 409")
def test_an_answer_that_is_lost(bench: Bench, clock: time_machine.Traveller) -> None:
    delivery_id = bench.release(62)
    bench.platform.trouble("score", passes_on=True, drops=True)
    bench.drain()
    assert (bench.row(delivery_id).state, bench.row(delivery_id).reason) == (
        "waiting",
        "unreachable",
    )
    clock.shift(2)
    bench.drain()
    assert [one.http_status for one in bench.attempts(delivery_id)] == [None, 409]
    assert (bench.row(delivery_id).state, bench.shown()) == ("delivered", 62)
    assert len(bench.platform.taken()) == 1


def test_several_workers_at_once_send_each_mark_once(bench: Bench) -> None:
    promised = bench.release_many(40)
    bench.drain_in_threads(4)
    assert set(bench.states().values()) == {"delivered"}
    sent = Counter(
        (one["line_item_id"], one["body"]["userId"]) for one in bench.platform.asked("score")
    )
    assert len(sent) == 40
    assert set(sent.values()) == {1}
    for column, sub, mark in promised.values():
        assert bench.shown(sub, column) == mark
    assert all(len(bench.attempts(number)) == 1 for number in promised)


def test_a_release_while_an_older_one_is_being_sent(bench: Bench) -> None:
    delivery_id = bench.release(62)
    bench.platform.set(slow_score_s=0.6)
    sending = threading.Thread(target=bench.drain)
    sending.start()
    _wait_until(lambda: bench.platform.asked("score"))
    bench.platform.set(slow_score_s=0)
    assert bench.release(70) == delivery_id
    sending.join()
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, row.revision, row.score_given) == ("delivered", 2, 70)
    assert bench.shown() == 70
    first, second = bench.attempts(delivery_id)
    assert (first.revision, first.verdict, second.revision) == (1, "landed", 2)
    assert second.scored_at >= first.scored_at + timedelta(seconds=1)


def test_an_old_send_that_arrives_late_changes_nothing(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """A worker presumed dead was only slow: its older score comes after the newer one."""
    delivery_id = bench.release(62)
    bench.platform.trouble("score", wait_s=1.0)
    slow = threading.Thread(target=bench.drain)
    slow.start()
    _wait_until(lambda: bench.platform.troubles[0].happened)
    bench.release(70)
    clock.shift(LEASE_S)
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"
    slow.join()
    assert [one["status"] for one in bench.platform.asked("score")] == [200, 409]
    row = bench.row(delivery_id)
    assert (row.state, row.revision, bench.shown()) == ("delivered", 2, 70)


@case(156, "two updates in one second, and a revert")
def test_two_releases_in_one_second(bench: Bench) -> None:
    with time_machine.travel(datetime(2026, 11, 21, 12, 0, 0, 300_000, UTC), tick=False):
        delivery_id = bench.release(62)
        bench.drain()
        bench.release(70)
        bench.drain()
    one, two = bench.platform.taken()
    apart = datetime.fromisoformat(two["body"]["timestamp"]) - datetime.fromisoformat(
        one["body"]["timestamp"]
    )
    assert apart >= timedelta(seconds=1)
    assert (bench.shown(), bench.row(delivery_id).state) == (70, "delivered")


@case(156, "two updates in one second, and a revert")
def test_a_clock_that_goes_back(bench: Bench, clock: time_machine.Traveller) -> None:
    delivery_id = bench.release(62)
    bench.drain()
    clock.shift(-3600)
    bench.release(70)
    bench.drain()
    assert (bench.shown(), bench.row(delivery_id).state) == (70, "delivered")
    bench.release(62)
    bench.drain()
    assert bench.shown() == 62
    stamps = [one["body"]["timestamp"] for one in bench.platform.taken()]
    assert stamps == sorted(set(stamps))


@case(176, "a kept token that is refused")
def test_a_forgotten_token_is_replaced_once(bench: Bench) -> None:
    bench.release(62)
    bench.drain()
    bench.platform.forget_tokens()
    delivery_id = bench.release(70)
    bench.drain()
    assert [one["status"] for one in bench.platform.asked("score")] == [200, 401, 200]
    assert len(bench.platform.asked("token")) == 2
    assert (bench.shown(), bench.row(delivery_id).state) == (70, "delivered")


@case(176, "a kept token that is refused")
def test_a_fresh_token_refused_too_asks_a_person(bench: Bench) -> None:
    delivery_id = bench.release(62)
    refused = bench.platform.trouble("score", times=9, answer=lambda: Response("no", 401))
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, row.reason, refused.happened) == ("needs_person", "not_allowed", 2)


def test_send_again_has_a_later_time(bench: Bench) -> None:
    delivery_id = bench.release(62)
    bench.drain()
    before = bench.row(delivery_id)
    with bench.database.write() as session:
        send_again(
            session,
            delivery_id,
            context_ids=[bench.course.context_id],
            actor_id=bench.course.tutor_id,
        )
    bench.drain()
    row = bench.row(delivery_id)
    assert (row.state, row.revision) == ("delivered", 2)
    assert row.scored_at >= before.scored_at + timedelta(seconds=1)
    assert [one["status"] for one in bench.platform.asked("score")] == [200, 200]


def test_a_registration_switched_off_and_on(bench: Bench, clock: time_machine.Traveller) -> None:
    promised = bench.release_many(12)
    with bench.database.write() as session:
        set_enabled(session, bench.course.registration_id, False)
    for _ in range(4):
        bench.drain()
        clock.shift(61)
    assert bench.platform.asked("token") == []
    for number in promised:
        assert (bench.row(number).state, bench.row(number).reason) == ("waiting", "switched_off")
        assert bench.attempts(number) == [], "nothing was tried"
    with bench.database.write() as session:
        set_enabled(session, bench.course.registration_id, True)
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}


def test_no_transaction_is_open_while_a_platform_is_called(bench: Bench) -> None:
    bench.release(62)
    bench.platform.set(slow_score_s=0.8)
    sending = threading.Thread(target=bench.drain)
    sending.start()
    _wait_until(lambda: bench.platform.asked("score"))
    began = time.monotonic()
    with bench.database.write() as session:
        bench_row = bench.work_of("5")
        assert bench_row.person_id
        session.connection().exec_driver_sql("UPDATE delivery SET tries = tries")
    assert time.monotonic() - began < 0.4, "a write waited for the platform"
    sending.join()


def test_a_fault_of_ours_in_one_delivery_spares_the_others(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = bench.release(62, "5")
    good = bench.release(70, "6")
    real = ags.Score.as_json

    def fails_for_one(score: ags.Score) -> bytes:
        if score.user_id == "5":
            raise ZeroDivisionError
        return real(score)

    with monkeypatch.context() as patched:
        patched.setattr(ags.Score, "as_json", fails_for_one)
        bench.drain()
    assert (bench.row(bad).state, bench.row(bad).reason) == ("waiting", "our_fault")
    assert bench.row(good).state == "delivered"
    clock.shift(2)
    bench.drain()
    assert bench.row(bad).state == "delivered"


def test_a_worker_whose_lease_went_to_another_sends_nothing(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """It woke up too late: what it claimed is in other hands by now."""
    bench.release(62)
    taken = worker._open(bench.database, bench.settings, 1)
    clock.shift(LEASE_S + 1)
    taken += worker._open(bench.database, bench.settings, 1)
    late, now = (replace(lane, begun_at=our_clock.now()) for lane in taken)
    worker._LaneRun(bench.database, bench.settings, late, _never).run()
    assert bench.platform.asked("score") == []
    worker._LaneRun(bench.database, bench.settings, now, _never).run()
    assert set(bench.states().values()) == {"delivered"}


def _never() -> bool:
    return False


def _wait_until(is_so: Any) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
