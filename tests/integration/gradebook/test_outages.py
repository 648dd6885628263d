"""A platform that is down: nothing lost, others not kept waiting, back soon after its return."""

import itertools
import random
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from lti_tool.core import clock as our_clock
from lti_tool.gradebook import lanes, verdicts, worker
from lti_tool.gradebook.models import Delivery
from lti_tool.gradebook.queries import list_open
from lti_tool.jobs.leasing import claim, next_due
from lti_tool.jobs.queue import MAIL, SCORES, Queue
from lti_tool.lti.models import Registration
from tests.conformance.cases import case
from tests.integration.gradebook.bench import Bench
from tests.support import builders


def _work_for(bench: Bench, clock: time_machine.Traveller, seconds: float) -> int:
    """Work as a woken worker would, for so long on the moved clock; how often it was woken."""
    end = our_clock.now() + timedelta(seconds=seconds)
    count = 0
    while our_clock.now() < end:
        pause = bench.drain()
        count += 1
        clock.shift(min(pause or 60, 60) + 0.05)
    return count


def test_ten_minutes_down_and_back(bench: Bench, clock: time_machine.Traveller) -> None:
    promised = bench.release_many(30)
    bench.platform.set(down=True)
    _work_for(bench, clock, 600)
    asked = bench.platform.asked("token")
    assert set(bench.states().values()) == {"waiting"}
    assert len(asked) < 100, "one asks for all"
    late = bench.release(99, "5")
    bench.platform.set(down=False)
    _work_for(bench, clock, 60)
    assert set(bench.states().values()) == {"delivered"}, "within a minute of its return"
    for column, sub, mark in promised.values():
        assert bench.shown(sub, column) == mark
    assert bench.row(late).state == "delivered"
    assert len(bench.platform.taken()) == len(bench.platform.asked("score")) == 31


def test_all_go_out_once_one_got_through(bench: Bench, clock: time_machine.Traveller) -> None:
    bench.release_many(25)
    bench.platform.set(down=True)
    _work_for(bench, clock, 120)
    bench.platform.set(down=False)
    clock.shift(20.1)
    assert bench.drain() is None
    assert len(bench.platform.taken()) == 25


def test_pauses_grow_however_many_wait(bench: Bench, clock: time_machine.Traveller) -> None:
    """Each probe is another delivery's first or second; the pause goes on growing all the same."""
    bench.release_many(12)
    bench.platform.set(down=True)
    _work_for(bench, clock, 240)
    at = [one["at"] for one in bench.platform.asked("token")]
    gaps = [b - a for a, b in itertools.pairwise(at)]
    assert max(gaps) <= 21
    assert sum(gaps[-4:]) >= 40, gaps


def test_one_delivery_that_never_gets_through_holds_up_no_other(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    bad = bench.release(62, "5")
    bench.platform.trouble("score", times=999, only_for="5", answer=lambda: Response("", 503))
    bench.drain()
    others = [bench.release(50 + n, sub) for n, sub in enumerate(("6", "7"))]
    _work_for(bench, clock, 90)
    assert bench.row(bad).state == "waiting"
    assert [bench.row(number).state for number in others] == ["delivered", "delivered"]


def test_another_registration_is_not_kept_waiting(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """Twenty marks for a platform that does not answer cost one wait, not twenty."""
    bench.release_many(20)
    other = _second_registration(bench)
    slow = bench.platform.trouble("token", times=500, wait_s=0.5, answer=lambda: Response("", 200))
    began = time.monotonic()
    bench.drain(platform_timeout_s=0.3)
    assert bench.row(other).state == "delivered"
    clock.shift(21)
    bench.drain(platform_timeout_s=0.3)
    assert slow.happened <= 4, "one or two askings each time, not twenty"
    assert time.monotonic() - began < 6


def _second_registration(bench: Bench) -> int:
    """A mark for another client of the same platform, with a token kept already."""
    from lti_tool.lti.models import AccessToken

    values = {**bench.platform.registration(), "client_id": "another", "deployment_ids": ["1"]}
    with bench.database.write() as session:
        course = builders.build_course(session, bench.settings, values)
        assignment = builders.build_assignment(
            session, bench.settings, course, link="9", line_item_url=bench.column
        )
        person = builders.build_person(session, course, "6")
        work = builders.build_work(session, assignment, person)
        number = builders.release(session, bench.settings, course, assignment, work, Decimal(58))
        session.add(
            AccessToken(
                registration_id=course.registration_id,
                token_url=values["auth_token_url"],
                scopes="https://purl.imsglobal.org/spec/lti-ags/scope/score",
                token="the other's",
                expires_at=our_clock.now() + timedelta(hours=1),
            )
        )
    bench.platform._parts.store.save_token(
        "the other's",
        "https://purl.imsglobal.org/spec/lti-ags/scope/score",
        int(our_clock.now().timestamp()) + 3600,
    )
    assert number is not None
    return number


@case(173, "two registrations of one issuer")
def test_tokens_of_two_registrations_are_never_shared(bench: Bench) -> None:
    other = _second_registration(bench)
    mine = bench.release(62)
    bench.drain()
    assert bench.row(mine).state == bench.row(other).state == "delivered"
    assert len(bench.platform.asked("token")) == 1, "the other's was kept, mine asked for"


def test_trouble_rewrites_no_mark_that_only_waits(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """The pause stands in one row, and each mark says all the same why it waits."""
    numbers = list(bench.release_many(30))
    before = {number: bench.row(number) for number in numbers}
    asked = Response("", 429, headers={"Retry-After": "15"})
    bench.platform.trouble("score", answer=lambda: asked)
    pause = bench.drain()
    assert pause is not None and 13 < pause <= 15
    after = {number: bench.row(number) for number in numbers}
    changed = [number for number in numbers if after[number].tries]
    assert len(changed) == 1, "the one that was tried"
    for number in set(numbers) - set(changed):
        assert after[number] == before[number]
    with bench.database.read() as session:
        assert {one.reason for one in list_open(session)} == {"asked_to_wait"}
    clock.shift(15.1)
    assert bench.drain() is None
    with bench.database.read() as session:
        kept = session.execute(select(Registration.pause_reason, Registration.pause_tries)).one()
    assert kept == (None, 0)


def test_a_pause_of_a_wrong_clock_holds_nothing_up(bench: Bench) -> None:
    delivery_id = bench.release(62)
    with bench.database.write() as session:
        session.execute(
            update(Registration).values(
                paused_until=our_clock.now() + timedelta(hours=5), pause_reason="asked_to_wait"
            )
        )
    bench.drain()
    assert bench.row(delivery_id).state == "delivered"


def test_a_probe_that_told_nothing_keeps_nobody_waiting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in the one mark tried for all: the next is tried at once."""
    numbers = [bench.release(50 + n, sub) for n, sub in enumerate(("5", "6", "7"))]
    with bench.database.write() as session:
        session.execute(update(Registration).values(pause_reason="busy", pause_tries=3))
    real, failures = worker.send, [1]

    def fails_once(*arguments: Any) -> Any:
        if failures and failures.pop():
            raise RuntimeError
        return real(*arguments)

    monkeypatch.setattr(worker, "send", fails_once)
    bench.drain()
    states = [bench.row(number).state for number in numbers]
    assert states == ["waiting", "delivered", "delivered"]
    assert bench.row(numbers[0]).reason == "our_fault"


# leases and wake-ups


def test_a_wake_up_that_waits_already_will_do(tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path}/queue.sqlite")
    for _ in range(3):
        queue.wake(SCORES)
    assert queue.count_waiting() == 1
    queue.wake(MAIL)
    assert queue.count_waiting() == 2, "of another kind"
    queue.wake(SCORES, 4)
    assert queue.count_waiting() == 5, "for several workers"
    queue.wake()
    queue.wake(MAIL, 2)
    assert queue.count_waiting() == 6, "one about everything is about messages too"


def test_a_row_in_other_hands_hides_none_that_falls_due_sooner(bench: Bench) -> None:
    held, soon = bench.release(62, "5"), bench.release(70, "6")
    now = our_clock.now()
    bench.change(
        held,
        due_at=now - timedelta(seconds=9),
        lease="other",
        leased_until=now + timedelta(seconds=50),
    )
    bench.change(soon, due_at=now + timedelta(seconds=2))
    with bench.database.read() as session:
        due = next_due(session, Delivery, Delivery.state == "waiting")
    assert due == now + timedelta(seconds=2)
    pause = bench.drain()
    assert pause is not None
    assert pause <= 2


def test_claims_go_by_due_time_and_each_row_to_one(bench: Bench) -> None:
    numbers = [bench.release(50 + n, sub) for n, sub in enumerate(("5", "6", "7"))]
    now = our_clock.now()
    for place, number in enumerate(numbers):
        bench.change(number, due_at=now - timedelta(seconds=10 * place))
    wanted = Delivery.state == "waiting"
    lease_for = timedelta(seconds=60)
    with bench.database.write() as session:
        first = claim(session, Delivery, wanted, lease_for=lease_for, limit=2)
    with bench.database.write() as session:
        second = claim(session, Delivery, wanted, lease_for=lease_for, limit=2)
    assert (first[1], second[1]) == ([numbers[2], numbers[1]], [numbers[0]])
    assert first[0] != second[0]


def test_what_is_left_of_a_slow_batch_is_let_go(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A try begins only while enough of the lease is left for the longest try."""
    bench.release_many(6)
    tried = 0
    real = worker.send

    def slow(*arguments: Any) -> Any:
        nonlocal tried
        tried += 1
        verdict = real(*arguments)
        clock.shift(15)
        return verdict

    lease = verdicts.longest_try(bench.settings) * 2
    assert lease == timedelta(seconds=40)
    (lane,) = worker._open(bench.database, bench.settings, 1)
    monkeypatch.setattr(worker, "send", slow)
    monkeypatch.setattr(lanes, "refill", lambda *_: None)
    worker._LaneRun(bench.database, bench.settings, lane, lambda: False).run()
    assert tried == 2
    assert {bench.row(n).lease for n in bench.states()} == {None}
    assert sorted(bench.states().values()) == ["delivered"] * 2 + ["waiting"] * 4
    assert {bench.row(n).tries for n, state in bench.states().items() if state == "waiting"} == {0}


def test_all_calls_of_a_try_have_one_time_together(bench: Bench) -> None:
    """Each answer comes just in time; the try ends all the same within its lease."""
    delivery_id = bench.release(62)
    bench.platform.trouble(
        "any",
        times=99,
        wait_s=0.25,
        answer=lambda: Response(
            '{"access_token": "t", "expires_in": 3600}', 401, mimetype="application/json"
        ),
    )
    bench.platform.troubles[0].kind = "score"
    bench.platform.trouble(
        "token",
        times=99,
        wait_s=0.25,
        answer=lambda: Response(
            '{"access_token": "t", "expires_in": 3600}', mimetype="application/json"
        ),
    )
    began = time.monotonic()
    bench.drain(platform_timeout_s=0.3)
    assert time.monotonic() - began < 1.6
    assert bench.attempts(delivery_id)[0].reason == "timeout"


def test_wake_ups_do_not_pile_up(tmp_path: Path) -> None:
    """Forty wakes during an outage leave one wake-up to come, not forty."""
    queue = Queue(f"sqlite:///{tmp_path}/queue.sqlite", lambda *_: 5.0)
    for _ in range(40):
        queue.wake()
    while (task := queue.huey.dequeue()) is not None:
        queue.huey.execute(task)
    assert queue.huey.scheduled_count() == 1
    pauses = iter([5.0, 1.0, 4.0])
    sooner = Queue(f"sqlite:///{tmp_path}/sooner.sqlite", lambda *_: next(pauses))
    for _ in range(3):
        sooner._drain()
    assert sooner.huey.pending_count() == 2, "an earlier one is added, a later one is not"


def test_work_stops_between_two_steps_when_told_to_end(tmp_path: Path) -> None:
    steps: list[int] = []

    def work(_is_ending: object, _about: str) -> float:
        steps.append(1)
        return 0.0

    queue = Queue(f"sqlite:///{tmp_path}/queue.sqlite", work)
    queue.is_ending = lambda: len(steps) >= 3
    queue._drain()
    assert len(steps) == 3


def test_a_queue_out_of_order_stops_no_release(bench: Bench, tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path}/queue.sqlite")
    queue.huey.storage.close()
    queue.huey.storage.filename = "/nowhere/at/all.sqlite"
    bench.database.wake = queue.wake
    delivery_id = bench.release(62)
    assert bench.row(delivery_id).state == "waiting"


def test_older_than_an_hour_and_younger_together(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """An old delivery in long pauses keeps no fresh mark waiting for more than 20 s."""
    random.seed(7)
    old = bench.release(62, "5")
    bench.platform.set(down=True)
    bench.drain()
    with bench.database.write() as session:
        session.execute(
            update(Delivery).values(
                first_tried_at=our_clock.now() - timedelta(hours=3),
                tries=20,
                due_at=our_clock.now() + timedelta(minutes=9),
            )
        )
        session.execute(
            update(Registration).values(
                paused_until=our_clock.now() + timedelta(minutes=9),
                troubled_since=our_clock.now() - timedelta(hours=3),
                pause_tries=20,
            )
        )
    bench.platform.set(down=False)
    fresh = bench.release(70, "6")
    bench.drain()
    assert bench.row(fresh).state == "delivered"
    assert bench.row(old).state == "delivered", "and brings the old one with it"
