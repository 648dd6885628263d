"""Measuring a look at a page through the application itself, in this process."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from lti_tool.db import Database
from tests.support.statements import listen, stop_listening

_TIMES = 7


@dataclass(frozen=True, slots=True)
class Look:
    """What a look costs: the median of seven, and the queries of one."""

    wall_ms: float
    cpu_ms: float
    queries: int

    @property
    def cells(self) -> tuple[str, str, int]:
        """For a table: server time, processor, queries."""
        return f"{self.wall_ms:.0f}", f"{self.cpu_ms:.0f}", self.queries


LOOK_COLUMNS = ("Server time, ms", "CPU, ms", "Queries")


def look(database: Database, ask: Callable[[], Any]) -> Look:
    """Look seven times, counting the queries of the last."""
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    walls, cpus = [], []
    gc.collect()
    gc.freeze()  # as `wsgi.py` does once the application is made
    for turn in range(_TIMES):
        if turn == _TIMES - 1:
            listen(database, note)
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    stop_listening(database, note)
    return Look(median(walls), median(cpus), len(seen))
