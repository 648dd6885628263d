"""Measuring whole launches: login, launch, and the participant's real first page.

The tool runs as an operator starts it, with two web processes of four threads. The browsers and
the platform are processes and threads of the measuring, whose time is not counted: what counts is
the processor time of the tool's own processes, read from the kernel.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.bench import Bench, Found, on_both_databases
from tests.bench.processes import family_cpu_s, group_cpu_s, group_memory, postgres_pid
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import Platform, serve_platforms
from tests.support.running_tool import running_tool

_WORKERS, _THREADS, _BROWSERS = 2, 4, 4
_PEOPLE, _LAUNCHES = 500, 1000
"""As many as a large course has: a plan that goes through all of them must show."""


class Crowd:
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


def _measure(folder: Path, url: str | None) -> Found:
    settings = {"DATABASE_URL": url} if url else {}
    with serve_platforms() as server, running_tool(folder, **settings) as tool:
        tool.stop()
        tool.start(workers=_WORKERS, threads=_THREADS)
        platform = Platform(server, tool.url)
        tool.register_quickly(platform.registration())
        door = Door(tool, server, platform)
        group, postgres = tool.process_group, postgres_pid(url) if url else None
        Crowd(door).launch(_PEOPLE)  # everybody is known, every process has its keys
        fetched, cpu = platform.jwks_hits, group_cpu_s(group)
        database_cpu = family_cpu_s(postgres) if postgres else 0.0
        crowd = Crowd(door)
        seconds = crowd.launch(_LAUNCHES)
        took = sorted(crowd.took)
        cpu = group_cpu_s(group) - cpu
        database_cpu = family_cpu_s(postgres) - database_cpu if postgres else 0.0
        return (
            _LAUNCHES,
            len(crowd.failures),
            f"{_LAUNCHES / seconds:.0f}",
            f"{cpu * 1000 / _LAUNCHES:.1f}",
            f"{database_cpu * 1000 / _LAUNCHES:.1f}" if postgres else "within",
            f"{took[len(took) // 2] * 1000:.0f}",
            f"{took[int(len(took) * 0.99)] * 1000:.0f}",
            platform.jwks_hits - fetched,
            str(group_memory(group)[0]),
        )


def measure() -> Iterator[Found]:
    """Launches on SQLite and on PostgreSQL."""
    for where, url in on_both_databases():
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield (where, *_measure(Path(folder), url))


BENCH = Bench(
    "launches",
    "Whole launches",
    "The tool as an operator starts it, two web processes of four threads; four browsers launch "
    "five hundred people of one course again and again, each to the participant’s real first "
    "page. The processor time is that of the tool’s own processes and the database’s; the browsers "
    "and the platform share the cores, which the seconds show. Wanted: at most 6 ms of processor "
    "a launch, no key fetched again, a share under 120 MB.",
    (
        "Database",
        "Launches",
        "Failed",
        "A second",
        "CPU ms a launch",
        "CPU ms of the database",
        "Middle, ms",
        "99 of 100, ms",
        "Key fetches",
        "MB of the largest web process: resident / its share",
    ),
    measure,
)
