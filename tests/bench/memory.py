"""Measuring what a web process holds after many requests, and how long the tool takes to start.

One web process of four threads, without the limit of requests after which the operator's command
begins a fresh one. Four browsers launch and follow the links of the pages they reach.
"""

import html
import itertools
import re
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from urllib.parse import urlsplit

from sqlalchemy import insert, select

from lti_tool.core.identifiers import digest, random_token
from lti_tool.people.models import Visit
from tests.bench.bench import Bench, Columns, Found
from tests.bench.gunicorn_settings import command
from tests.bench.processes import Memory, group_pids, memory
from tests.support.door import Door
from tests.support.platform import Platform, serve_platforms
from tests.support.running_tool import RunningTool, running_tool

_BROWSERS, _PEOPLE, _STARTS = 4, 200, 5
_VISITS = 60_000
_LOOKS = 100
"""How often along the way it is looked at."""
_SHOWN = (1, 10, 25, 50, 75, 100)
_ALONG = 7
"""Pages that each visit looks at after its first."""
_LINKS = re.compile(r'href="([^"#]+)"')


class _Readers:
    """Browsers that launch and look at pages until so many requests are made."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.made = 0
        self.failures: list[str] = []

    def _visit(self, number: int) -> int:
        """Launch as somebody and follow links; how many requests that was."""
        role = "teacher" if number % 10 == 0 else "student"
        sub = f"{role}-{number % _PEOPLE}"
        done = self._door.attempt({"sub": sub, "name": f"Person {sub}"}, role=role)
        first = self._door.enters(done.browser, done.response)
        visit = "/".join(urlsplit(first.url).path.split("/")[:3])
        links = sorted({html.unescape(one) for one in _LINKS.findall(first.text)})
        within = [one for one in links if one.startswith(visit)] or [f"{visit}/"]
        for along in range(_ALONG):
            page = done.browser.ask("GET", within[(number + along) % len(within)])
            if page.status_code >= 400:
                self.failures.append(f"{page.status_code} at {urlsplit(page.url).path[40:]}")
        return 3 + _ALONG

    def _work(self, until: int) -> None:
        while self.made < until:
            try:
                count = self._visit(next(self._numbers))
            except (AssertionError, OSError) as error:
                count = 1
                self.failures.append(str(error)[:200])
            with self._lock:
                self.made += count

    def read(self, until: int) -> None:
        """Go on until so many requests are made in all."""
        crew = [threading.Thread(target=self._work, args=(until,)) for _ in range(_BROWSERS)]
        for one in crew:
            one.start()
        for one in crew:
            one.join()


def _fill(tool: RunningTool) -> None:
    """Visits of a term, like the first: each connection to SQLite keeps up to 2 MB of pages, and
    what it keeps is to be there before anything is said to have grown."""
    table = Visit.__table__
    with tool.engine.begin() as connection:
        first = dict(connection.execute(select(table).limit(1)).mappings().one())
        del first["id"]
        rows = [
            {**first, "handle": random_token(22), "secret_digest": digest(random_token())}
            for _ in range(_VISITS)
        ]
        connection.execute(insert(table), rows)


def _held(tool: RunningTool) -> Memory:
    """Of the web process: the one that gunicorn forked."""
    forked = [pid for pid in group_pids(tool.process_group) if pid != tool.process_group]
    return memory(forked[0])


def _grow(folder: Path, requests: int) -> Iterator[Found]:
    with serve_platforms() as server, running_tool(folder) as tool:
        tool.stop()
        tool.start(command=command("lti_tool.wsgi:app", tool.port, workers=1))
        platform = Platform(server, tool.url)
        tool.register_quickly(platform.registration())
        readers = _Readers(Door(tool, server, platform))
        readers.read(_BROWSERS)
        _fill(tool)
        own: list[float] = []
        for look in range(1, _LOOKS + 1):
            readers.read(requests * look // _LOOKS)
            now = _held(tool)
            own.append(now.own)
            if look in _SHOWN:
                yield (
                    readers.made,
                    *(f"{mb:.1f}" for mb in (now.resident, now.proportional, now.own)),
                    len(readers.failures),
                )
        third, last = own[_LOOKS // 2 : _LOOKS * 3 // 4], own[_LOOKS * 3 // 4 :]
        yield (
            f"Its own in the last quarter, {len(last)} looks: {mean(last):.2f} MB ({min(last):.1f} "
            f"to {max(last):.1f}); in the quarter before {mean(third):.2f} ({min(third):.1f} to "
            f"{max(third):.1f})."
        )
        if readers.failures:
            yield f"Failed, for example: {readers.failures[0]}"


def _seconds_to_ready(tool: RunningTool) -> float:
    """From the operator's command to an answer that all is ready."""
    began = time.perf_counter()
    tool.start(workers=2)  # returns as soon as it answers at all
    while True:
        try:
            with urllib.request.urlopen(f"{tool.url}/readyz", timeout=5):
                return time.perf_counter() - began
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)


def measure(requests: int) -> Iterator[Found]:
    """Memory along the way, then starts."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield from _grow(Path(folder), requests)
    yield Columns(
        ("Starts", "Middle, s", "Slowest, s"),
        "From `lti-tool serve` with two web processes to 200 at `/readyz`, on SQLite. Wanted: "
        "under 3 s.",
    )
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_tool(Path(folder)) as tool,
    ):
        took = []
        for _ in range(_STARTS):
            tool.stop()
            took.append(_seconds_to_ready(tool))
        yield _STARTS, f"{median(took):.1f}", f"{max(took):.1f}"


BENCH = Bench(
    "memory",
    "Memory of a web process, and the start",
    "One web process of four threads on SQLite, forked from one that made the application, as the "
    "operator’s command does, but for the limit of requests after which that begins a fresh one; "
    "its database holds 60,000 visits as it begins, since SQLite keeps up to 2 MB of pages for "
    "each connection; "
    "launches of tutors and participants and seven pages "
    "of each visit. MB resident; its share, where pages held by several processes are divided "
    "among them; and its own, which would be free if it ended. Wanted: under 120 MB after 100,000 "
    "requests, and no growth over the last half.",
    ("Requests", "Resident, MB", "Its share, MB", "Its own, MB", "Failed"),
    measure,
    {"requests": 100_000},
)
