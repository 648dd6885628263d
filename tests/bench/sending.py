"""Measuring how marks are sent: in fair weather, through misfortune, and by two processes."""

import http.client
import itertools
import json
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.bench.course import Course, course, cpu_s, running_platform, wait_for
from tests.support.postgres import new_database, restart

MARKS = 1000
_SOME_TIME = "2026-11-21T12:00:00.000+00:00"
DELAY_S = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What arrived, held against what was promised."""

    right: int
    """People whose mark at the platform is the one promised."""
    lost: int
    doubled: int
    """Scores taken again with the same timestamp or the same mark."""
    out_of_order: int
    refused: int
    """Answered 409: a repeat of what was there, which changes nothing."""


def judge(report: dict[str, Any], wanted: dict[str, float]) -> Outcome:
    """Hold what arrived against what was promised."""
    by_person: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for person, mark, at, _ in report["taken"]:
        by_person[person].append((mark, at))
    doubled = out_of_order = 0
    for scores in by_person.values():
        doubled += len(scores) - len(set(scores))
        stamps = [datetime.fromisoformat(at) for _, at in scores]
        out_of_order += sum(b <= a for a, b in itertools.pairwise(stamps))
        doubled += sum(a[0] == b[0] for a, b in itertools.pairwise(scores))
    right = sum(report["shown"].get(person) == mark for person, mark in wanted.items())
    lost = sum(person not in report["shown"] for person in wanted)
    return Outcome(right, lost, doubled, out_of_order, report["answers"].get("409", 0))


@dataclass(frozen=True, slots=True)
class Run:
    """One run in fair weather."""

    connections: int
    seconds: float
    could_do_s: float
    """What the connections alone would take: each answer in its turn, nothing between."""
    cpu_ms: float
    tokens: int
    most_in_flight: int
    sockets: int
    outcome: Outcome
    by_worker: tuple[int, ...]
    """How many scores each worker process sent."""
    bare_s: float
    """What a bare client took just after, on the same busy machine: no database, no state."""

    @property
    def share(self) -> float:
        """How much of what the connections could do was done."""
        return self.could_do_s / self.seconds


def bare_client(connections: int) -> float:
    """Seconds that so many plain connections need for as many posts, each in its own thread."""
    with running_platform() as address:
        place = address.removeprefix("http://")
        left = iter(range(MARKS))
        lock = threading.Lock()

        def post() -> None:
            connection = http.client.HTTPConnection(place)
            while True:
                with lock:
                    number = next(left, None)
                if number is None:
                    return connection.close()
                score = {"userId": f"b{number}", "timestamp": _SOME_TIME, "scoreGiven": 1}
                headers = {"Authorization": "Bearer a token"}
                connection.request("POST", "/2/scores", json.dumps(score), headers)
                connection.getresponse().read()

        threads = [threading.Thread(target=post) for _ in range(connections)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - began


def _settle_down(worker_pids: list[int]) -> None:
    """Wait until the workers have begun and are idle."""
    before = [0.0] * len(worker_pids)
    while True:
        time.sleep(1)
        now = [cpu_s(pid) for pid in worker_pids]
        if all(b > 0.2 and b - a < 0.1 for a, b in zip(before, now, strict=True)):
            return
        before = now


def fair_weather(connections: int, database_url: str | None = None, workers: int = 1) -> Run:
    """A thousand marks released at once, to a platform that answers in 50 ms."""
    with course(database_url) as bench:
        bench.set_platform(delay_s=DELAY_S)
        bench.allow(connections)
        pids = [bench.begin_worker().pid for _ in range(workers)]
        _settle_down(pids)
        used = sum(cpu_s(pid) for pid in pids)
        wanted = bench.release(MARKS)
        assert wait_for(lambda: bench.count("delivered") == MARKS, 300, 0.5), bench.logs()
        used = sum(cpu_s(pid) for pid in pids) - used
        report = bench.report()
        return Run(
            connections,
            report["last_at"] - report["first_at"],
            MARKS * DELAY_S / connections,
            used * 1000 / MARKS,
            report["tokens"],
            report["most_in_flight"],
            report["connections"],
            judge(report, wanted),
            tuple(log.count('"delivery tried"') for log in bench.logs()),
            bare_client(connections),
        )


@dataclass(frozen=True, slots=True)
class Hardship:
    """One run through misfortune."""

    what: str
    seconds: float
    posts: int
    """Scores posted for a thousand marks, repeats and refusals included."""
    outcome: Outcome


def _see_through(bench: Course, within_s: float = 240) -> None:
    """Wait until all is delivered; time is moved on where marks wait for their next try."""
    deadline = time.monotonic() + within_s
    while bench.count("delivered") < MARKS and time.monotonic() < deadline:
        time.sleep(2)
        bench.move_clock(1)
    states = {state: bench.count(state) for state in ("delivered", "waiting", "needs_person")}
    assert states["delivered"] == MARKS, (states, bench.logs()[-1][-2000:])


def _hardship(what: str, bench: Course, wanted: dict[str, float], began: float) -> Hardship:
    report = bench.report()
    return Hardship(
        what, time.monotonic() - began, sum(report["answers"].values()), judge(report, wanted)
    )


def busy_now_and_then() -> Hardship:
    """One answer in ten is 503."""
    with course() as bench:
        bench.set_platform(delay_s=0.02, busy_share=0.1)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        bench.begin_worker()
        _see_through(bench)
        return _hardship("one answer in ten is 503", bench, wanted, began)


def five_minutes_down() -> Hardship:
    """The platform answers 503 to everything for five minutes; the clock is moved."""
    with course() as bench:
        bench.set_platform(delay_s=0.02)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        bench.begin_worker()
        assert wait_for(lambda: len(bench.report()["taken"]) > 100, 120)
        bench.set_platform(is_down=True)
        for _ in range(15):
            time.sleep(0.5)
            bench.move_clock(19.5)
        bench.set_platform(is_down=False)
        _see_through(bench)
        return _hardship("five minutes of 503", bench, wanted, began)


def killed_every_few_seconds() -> Hardship:
    """kill -9 to the worker in mid-send, five times; dead leases run out by the moved clock."""
    with course() as bench:
        bench.set_platform(delay_s=DELAY_S)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        for _ in range(5):
            worker = bench.begin_worker()
            there = len(bench.report()["taken"])
            assert wait_for(lambda n=there: len(bench.report()["taken"]) > n + 60, 120, 0.02)
            worker.kill()
            worker.wait()
            bench.move_clock(100)
        bench.begin_worker()
        _see_through(bench)
        return _hardship("worker killed with -9 five times", bench, wanted, began)


def database_restarted(server_url: str) -> Hardship:
    """PostgreSQL is stopped as by a power cut and started again, three times while sending."""
    with course(new_database(server_url)) as bench:
        bench.set_platform(delay_s=DELAY_S)
        began = time.monotonic()
        wanted = bench.release(MARKS)
        bench.begin_worker()
        for _ in range(3):
            there = len(bench.report()["taken"])
            assert wait_for(lambda n=there: len(bench.report()["taken"]) > n + 60, 120, 0.02)
            bench.database.engine.dispose()
            restart(server_url)
            time.sleep(3)
            bench.move_clock(100)
        _see_through(bench)
        return _hardship("database restarted three times", bench, wanted, began)
