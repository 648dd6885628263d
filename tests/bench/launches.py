"""Measuring whole launches: login, launch, and the participant's real first page.

The tool runs as an operator starts it, with two web processes of four threads. The browsers and
the platform are processes and threads of the measuring, whose time is not counted: what counts is
the processor time of the tool's own processes, read from the kernel.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import Platform, serve_platforms
from tests.support.postgres import new_database
from tests.support.running_tool import running_tool

_WORKERS, _THREADS, _BROWSERS = 2, 4, 4
_PEOPLE, _LAUNCHES = 50, 600
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


@dataclass(frozen=True, slots=True)
class Launches:
    """What so many launches took."""

    where: str
    count: int
    failed: int
    seconds: float
    cpu_ms: float
    """Of the tool's processes, for one launch."""
    middle_ms: float
    slowest_ms: float
    """All but one in a hundred were faster."""
    key_fetches: int
    memory_mb: float
    """Of the largest web process, at the end."""


def _processes(group: int) -> Iterator[list[str]]:
    """The kernel's words on each process of a group, those after its name."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        if int(words[2]) == group:
            yield words


def _cpu_s(group: int) -> float:
    return sum(int(words[11]) + int(words[12]) for words in _processes(group)) / _TICKS


def _largest_mb(group: int) -> float:
    return max(int(words[21]) * _PAGE_MB for words in _processes(group))


class _Crowd:
    """Browsers that launch one after another until all launches are made."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lock = threading.Lock()
        self.took: list[float] = []
        self.failures: list[str] = []

    def _launch(self, number: int) -> None:
        changes = {"sub": f"p{number % _PEOPLE}", "name": f"Person {number % _PEOPLE}"}
        began = time.perf_counter()
        try:
            page = self._door.enter(changes)
            if STUDENT_VIEW not in page.text:
                raise AssertionError("another page than the participant's first")
        except (AssertionError, OSError) as error:
            self.failures.append(str(error)[:200])
        self.took.append(time.perf_counter() - began)

    def launch(self, count: int) -> float:
        """Make so many launches; the seconds they took together."""
        todo = iter(range(count))

        def work() -> None:
            while True:
                with self._lock:
                    number = next(todo, None)
                if number is None:
                    return
                self._launch(number)

        crowd = [threading.Thread(target=work) for _ in range(_BROWSERS)]
        began = time.perf_counter()
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        return time.perf_counter() - began


def _measure(where: str, folder: Path, **settings: str) -> Launches:
    with serve_platforms() as server, running_tool(folder, **settings) as tool:
        tool.stop()
        tool.start(workers=_WORKERS, threads=_THREADS)
        platform = Platform(server, tool.url)
        tool.register_quickly(platform.registration())
        door = Door(tool, server, platform)
        group = tool.process_group
        _Crowd(door).launch(2 * _PEOPLE)  # everybody is known, every process has its keys
        fetched, cpu = platform.jwks_hits, _cpu_s(group)
        crowd = _Crowd(door)
        seconds = crowd.launch(_LAUNCHES)
        took = sorted(crowd.took)
        return Launches(
            where=where,
            count=_LAUNCHES,
            failed=len(crowd.failures),
            seconds=seconds,
            cpu_ms=(_cpu_s(group) - cpu) * 1000 / _LAUNCHES,
            middle_ms=took[len(took) // 2] * 1000,
            slowest_ms=took[int(len(took) * 0.99)] * 1000,
            key_fetches=platform.jwks_hits - fetched,
            memory_mb=_largest_mb(group),
        )


def measure(server_url: str) -> list[Launches]:
    """Launches on SQLite and on PostgreSQL."""
    found = []
    for where, settings in (
        ("SQLite", {}),
        ("PostgreSQL", {"DATABASE_URL": new_database(server_url)}),
    ):
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            found.append(_measure(where, Path(folder), **settings))
    return found
