"""Measuring how marks are sent: in fair weather, through misfortune, and by two processes."""

import itertools
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.bench.course import course, cpu_s, wait_for

MARKS = 1000
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

    @property
    def share(self) -> float:
        """How much of what the connections could do was done."""
        return self.could_do_s / self.seconds


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
        assert wait_for(lambda: bench.count("delivered") == MARKS, 300), bench.log()[-2000:]
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
        )
