"""Measuring where the time of a launch goes: which share of it each part of the tool takes.

The application runs in this process behind a server of one thread, so that its profile holds what
it did and nothing else. A profiler makes what calls much look dearer than it is: the shares are a
map of where to look, and the milliseconds are those of `launches`.
"""

import cProfile
import pstats
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from flask import Flask

from lti_tool.app import create_app
from lti_tool.db import migrate
from lti_tool.parts import make_parts
from lti_tool.settings import load_settings
from lti_tool.web.logs import set_up_logs
from tests.bench.bench import Bench, Found, on_both_databases
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import Platform, serve_platforms
from tests.support.running_tool import RunningTool

_PEOPLE, _LAUNCHES = 20, 200
_PARTS = (
    ("psycopg", "the database's driver"),
    ("sqlalchemy", "statements, units of work, connections: ours and SQLAlchemy"),
    ("lti_tool/db", "statements, units of work, connections: ours and SQLAlchemy"),
    ("jinja2", "page: Jinja, templates, escaping"),
    ("markupsafe", "page: Jinja, templates, escaping"),
    ("/templates/", "page: Jinja, templates, escaping"),
    ("werkzeug", "Flask and Werkzeug"),
    ("flask", "Flask and Werkzeug"),
    ("structlog", "logs and figures"),
    ("prometheus", "logs and figures"),
    ("lti_tool/web/meters", "logs and figures"),
    ("lti_tool/web/logs", "logs and figures"),
    ("jwt", "tokens: PyJWT, PyLTI1p3, cryptography"),
    ("pylti1p3", "tokens: PyJWT, PyLTI1p3, cryptography"),
    ("cryptography", "tokens: PyJWT, PyLTI1p3, cryptography"),
    ("lti_tool/lti", "our own: protocol"),
    ("lti_tool/launch", "our own: protocol"),
    ("lti_tool", "our own: pages, people, course work"),
)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        """Nothing: the figures are all that is wanted."""


@dataclass
class _Profiled:
    """The application, and a profile of what it does once it is switched on."""

    app: Flask
    profile: cProfile.Profile
    is_on: bool = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if not self.is_on:
            return list(self.app(environ, start_response))
        self.profile.enable()
        try:
            return list(self.app(environ, start_response))
        finally:
            self.profile.disable()


def _part(place: tuple[str, int, str], callers: dict[Any, Any]) -> str:
    """Whose work a function is; what is built into Python is its callers'."""
    name = place[0]
    if name == "~" and "sqlite3" in place[2]:
        return "the database's driver"
    for sign, part in _PARTS:
        if sign in name:
            return part
    if not callers:
        return "Python itself"
    return ""


def _shares(profile: cProfile.Profile) -> Counter[str]:
    """Seconds by part. A function of Python's own counts to whoever called it most."""
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    found: Counter[str] = Counter()
    for place, (_, _, own, _, callers) in stats.items():
        part = _part(place, callers)
        for caller, (_, _, theirs, _) in callers.items() if not part else ():
            found[_part(caller, {}) or "Python itself"] += theirs
        if part:
            found[part] += own
    return found


def _begin(tool: RunningTool) -> Flask:
    settings = load_settings(tool.env)
    set_up_logs(settings)
    database, _queue = make_parts(settings)
    migrate.upgrade(database)
    return create_app(settings, database)


def _profile(folder: Path, settings: dict[str, str]) -> Counter[str]:
    tool = RunningTool(folder, settings)
    (folder / "instance").mkdir()
    profiled = _Profiled(_begin(tool), cProfile.Profile(time.thread_time))
    with (
        serve_platforms() as server,
        make_server("127.0.0.1", tool.port, profiled, handler_class=_Quiet) as web,
    ):
        platform = Platform(server, tool.url)
        tool.register_quickly(platform.registration())
        door = Door(tool, server, platform)
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        for count in (2 * _PEOPLE, _LAUNCHES):
            for number in range(count):
                sub = f"p{number % _PEOPLE}"
                page = door.enter({"sub": sub, "name": f"Person {sub}"})
                assert STUDENT_VIEW in page.text
            profiled.is_on = True
        web.shutdown()
        thread.join()
    return _shares(profiled.profile)


def measure() -> Iterator[Found]:
    """Shares on SQLite and on PostgreSQL, the largest first."""
    columns: dict[str, Counter[str]] = {}
    for where, address in on_both_databases():
        more = {} if address is None else {"DATABASE_URL": address}
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            columns[where] = _profile(Path(folder), more)
    totals = {where: sum(shares.values()) for where, shares in columns.items()}
    for part, _ in columns["SQLite"].most_common():
        yield (
            part,
            *(f"{100 * shares[part] / totals[where]:.0f} %" for where, shares in columns.items()),
        )


BENCH = Bench(
    name="shares",
    title="Where the time of a launch goes",
    about=(
        f"{_LAUNCHES} launches of people who have been here before, to the participant's real "
        "first page, profiled in one process. The profiler makes Python that calls much look "
        "dearer than it is."
    ),
    columns=("Part", "SQLite", "PostgreSQL"),
    measure=measure,
)
