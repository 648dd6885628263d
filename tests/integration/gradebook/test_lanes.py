"""Many marks at once: as many on their way as the platform is comfortable with, and no more."""

import threading
import time
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update
from werkzeug.wrappers import Response

from lti_tool.core import clock as our_clock
from lti_tool.gradebook import lanes, worker
from lti_tool.gradebook.queries import list_open
from lti_tool.gradebook.verdicts import ASKED_TO_WAIT, WAIT, Verdict
from lti_tool.lti.models import Registration
from tests.integration.gradebook.bench import Bench


def _allow(bench: Bench, count: int) -> None:
    with bench.database.write() as session:
        session.execute(update(Registration).values(parallel_calls=count))


class _Counting:
    """Counts how many scores are on their way at once."""

    def __init__(self, real: Any) -> None:
        self._real, self._lock = real, threading.Lock()
        self.now = self.most = 0

    def __call__(self, *arguments: Any, **values: Any) -> Any:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            time.sleep(0.02)
            return self._real(*arguments, **values)
        finally:
            with self._lock:
                self.now -= 1


@pytest.mark.parametrize(("limit", "workers"), [(1, 3), (3, 4)])
def test_no_more_at_once_than_the_registration_allows(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, limit: int, workers: int
) -> None:
    """Over all workers together: each believes the leases, none its own count."""
    bench.release_many(24)
    _allow(bench, limit)
    counting = _Counting(worker.send)
    monkeypatch.setattr(worker, "send", counting)
    problems: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(200):
                if worker.send_due(bench.database, bench.settings) is None:
                    return
                time.sleep(0.02)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert counting.most == limit
    assert set(bench.states().values()) == {"delivered"}
    sent = Counter(
        (one["line_item_id"], one["body"]["userId"]) for one in bench.platform.asked("score")
    )
    assert set(sent.values()) == {1}
    assert len(bench.platform.asked("token")) == 1


def test_a_limit_of_one_registration_leaves_places_for_another(bench: Bench) -> None:
    """Its lanes are full; nothing of it can be claimed, and the limit may be lowered any time."""
    bench.release_many(9)
    _allow(bench, 2)
    opened = worker._open(bench.database, bench.settings, 48)
    assert len(opened) == 2
    assert sum(len(lane.ids) for lane in opened) == 9
    assert len({lane.lease for lane in opened}) == 2
    bench.release(99, "5")
    assert worker._open(bench.database, bench.settings, 48) == []
    _allow(bench, 1)
    first = worker._LaneRun(bench.database, bench.settings, opened[0], lambda: False)
    first.run()
    assert bench.states()[10] == "waiting", "a lane too many is given up, not refilled"
    worker._LaneRun(bench.database, bench.settings, opened[1], lambda: False).run()
    assert set(bench.states().values()) == {"delivered"}


def test_a_wait_that_one_was_asked_for_holds_for_all(
    bench: Bench, clock: time_machine.Traveller
) -> None:
    """429 with Retry-After: no other score of the registration is sent before it is over."""
    bench.release_many(12)
    asked = Response("", 429, headers={"Retry-After": "15"})
    bench.platform.trouble("score", answer=lambda: asked)
    worker.send_due(bench.database, bench.settings)
    first = len(bench.platform.taken())
    assert first <= 4, "only what was on its way already: one from each lane"
    for _ in range(6):
        clock.shift(2)
        worker.send_due(bench.database, bench.settings)
    assert len(bench.platform.taken()) == first
    with bench.database.read() as session:
        (waiting,) = lanes.list_waiting(session)
        told = {(one.reason, one.due_at) for one in list_open(session, ("waiting",))}
    assert waiting.ready_at > our_clock.now() + timedelta(seconds=1)
    assert {reason for reason, _ in told} == {"asked_to_wait"}, "each says why it waits"
    assert min(due_at for _, due_at in told) >= waiting.ready_at
    clock.shift(5)
    while worker.send_due(bench.database, bench.settings) is not None:
        clock.shift(0.3)
    assert set(bench.states().values()) == {"delivered"}


def test_of_a_platform_that_wants_pauses_no_more_is_claimed_than_it_takes(
    bench: Bench, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is claimed and not sent is written twice for nothing, by the thousand before a board."""
    bench.release_many(48)
    _allow(bench, 1)
    real_send, real_take = worker.send, lanes._take
    tries, claimed = 0, 0

    def take(*arguments: Any, **values: Any) -> Any:
        nonlocal claimed
        lane = real_take(*arguments, **values)
        claimed += len(lane.ids) if lane else 0
        return lane

    def send(*arguments: Any) -> Verdict:
        nonlocal tries
        tries += 1
        return real_send(*arguments) if tries % 5 else Verdict(WAIT, ASKED_TO_WAIT, 429, 1.0)

    monkeypatch.setattr(lanes, "_take", take)
    monkeypatch.setattr(worker, "send", send)
    while bench.drain() is not None:
        clock.shift(30)
    assert set(bench.states().values()) == {"delivered"}
    pauses = tries // 5
    assert tries == 48 + pauses
    assert claimed <= tries + lanes.BATCH, "the first time it could not know"


def test_one_busy_answer_amid_good_ones_stops_nobody_else(bench: Bench) -> None:
    """The platform took the score before it, so only this one waits."""
    numbers = [bench.release(50 + n, sub) for n, sub in enumerate(("5", "6", "7"))]
    bench.platform.trouble("score", only_for="6", answer=lambda: Response("", 503))
    bench.drain()
    assert [bench.row(n).state for n in numbers] == ["delivered", "waiting", "delivered"]
    assert bench.row(numbers[1]).reason == "server_error"


def test_a_mark_replaced_while_it_waits_its_turn_is_sent_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch was read a moment ago; the last look sees the newer mark."""
    bench.release(62, "5")
    bench.release(63, "6")
    monkeypatch.setattr(worker, "_LOOK_EVERY_S", -1.0)
    real = worker.send

    def release_another(*arguments: Any) -> Any:
        verdict = real(*arguments)
        if len(bench.platform.asked("score")) == 1:
            bench.release(75, "6")
        return verdict

    monkeypatch.setattr(worker, "send", release_another)
    bench.drain()
    marks = [one["body"]["scoreGiven"] for one in bench.platform.asked("score")]
    assert marks == [62, 75]


def test_the_database_goes_away_while_answers_come_in(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was answered is written once the database is back; nothing is sent twice."""
    from sqlalchemy.exc import OperationalError

    bench.release_many(6)
    real, failures = worker.settle_all, [2]

    def fails(*arguments: Any) -> None:
        if failures[0]:
            failures[0] -= 1
            raise OperationalError("away", {}, Exception())
        real(*arguments)

    monkeypatch.setattr(worker, "settle_all", fails)
    monkeypatch.setattr(worker, "_DATABASE_PAUSES_S", (0.01, 0.01, 0.01))
    bench.drain()
    assert set(bench.states().values()) == {"delivered"}
    assert len(bench.platform.asked("score")) == 6


def test_a_batch_is_settled_in_one_transaction(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.release_many(18)
    _allow(bench, 1)
    batches: list[int] = []
    real = worker.settle_all

    def count(session: Any, tried: Any) -> None:
        batches.append(len(tried))
        real(session, tried)

    monkeypatch.setattr(worker, "settle_all", count)
    monkeypatch.setattr(worker, "_SETTLE_EVERY_S", 60.0)
    bench.drain()
    assert batches == [18] and lanes.BATCH >= 18
