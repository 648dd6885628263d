"""Measuring how marks are sent in fair weather, by one process and by two."""

import http.client
import itertools
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.bench.bench import Bench, Found
from tests.bench.course import course, running_platform, wait_for
from tests.bench.processes import cpu_s
from tests.support.postgres import new_database, postgres_server

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


def settle_down(worker_pids: list[int]) -> None:
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
        settle_down(pids)
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


def _row(name: str, run: Run) -> Found:
    out = run.outcome
    if len(run.by_worker) > 1:
        name += f" ({' and '.join(map(str, run.by_worker))} marks)"
    return (
        name,
        f"{run.seconds:.1f}",
        f"{run.could_do_s:.1f}",
        f"{run.share:.0%}",
        f"{run.bare_s:.1f}",
        run.tokens,
        run.most_in_flight,
        f"{run.cpu_ms:.1f}",
        f"{out.doubled} / {out.out_of_order} / {out.lost}",
        out.right,
    )


def measure() -> Iterator[Found]:
    """By few and by many connections, on both databases, by one worker process and by two."""
    yield _row("4 connections, SQLite", fair_weather(4))
    yield _row("16 connections, SQLite", fair_weather(16))
    with postgres_server() as url:
        yield _row("4 connections, PostgreSQL", fair_weather(4, new_database(url)))
        run = fair_weather(4, new_database(url), 2)
        yield _row("4 connections, PostgreSQL, two worker processes", run)


BENCH = Bench(
    "sending",
    "A thousand marks released at once",
    "The platform is a process of its own that answers each score after 50 ms. “The connections "
    "alone” is what so many connections would need if nothing came between two answers. A bare "
    "client is so many threads with a connection each and nothing else, measured just after on "
    "the same machine. Doubled, out of order and lost are told by what the platform received. "
    "Wanted: with 4 connections at least 90 %, one token, under 5 ms, none doubled, out of order "
    "or lost.",
    (
        "Run",
        "Seconds",
        "The connections alone",
        "Share",
        "A bare client, seconds",
        "Tokens",
        "Most at once",
        "CPU ms a mark",
        "Doubled / out of order / lost",
        "Right of 1,000",
    ),
    measure,
)
