"""What this process counts for `/metrics`: launches, errors of tokens and key sets, request times.

Counts of all processes of a machine lie in one folder, so that whichever answers tells the same; a
process that takes the place of one that has ended goes on with its counts (`places.py`).
What the database knows is not counted here but asked when somebody looks (`monitoring/`).
Labels are our own words, route rules and row numbers of registrations: nothing about a person.
"""

import os
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Flask, Response, g
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    values,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool

from lti_tool.db import Database
from lti_tool.web import places
from lti_tool.web.logs import route

disable_created_metrics()
_OWN = CollectorRegistry()
_KEPT_FOR_S = 7 * 86400.0
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# Each has a label, so that nothing is counted before `share` has said where.
launches = Counter(
    "lti_tool_launches",
    "Launches, by what came of them and the reason code.",
    ("outcome", "reason"),
    registry=_OWN,
)
token_errors = Counter(
    "lti_tool_token_errors",
    "Service tokens that a platform did not give, by registration and reason.",
    ("registration", "reason"),
    registry=_OWN,
)
key_set_errors = Counter(
    "lti_tool_key_set_errors",
    "Readings of a platform's key set that gave none, by registration and reason.",
    ("registration", "reason"),
    registry=_OWN,
)
_requests = Histogram(
    "lti_tool_request_seconds",
    "How long requests took, by route rule and class of status.",
    ("route", "status"),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_OWN,
)
_connections = Gauge(
    "lti_tool_database_connections",
    "Database connections of the web processes: in use as a request ended, and the most.",
    ("kind",),
    multiprocess_mode="livesum",
    registry=_OWN,
)
# Made as a process counts for the first time: the one that only forks is to have no counts.
_request_child = cache(_requests.labels)
_connection_child = cache(_connections.labels)


@cache
def _place() -> str:
    """Where this process counts; asked at each count."""
    return places.take(Path(os.environ[_FOLDER]))


os.register_at_fork(after_in_child=_place.cache_clear)


def _place_of(path: Path) -> str:
    """At which place a file was counted."""
    return path.stem.rpartition("_")[2]


def _is_dead(path: Path) -> bool:
    """Whether nobody counts in a file any more; of other machines nothing is known."""
    with places.holding(path.parent, _place_of(path)) as is_free:
        return is_free


def clear(folder: Path) -> None:
    """Forget the counts of processes that have ended, as the web server starts: not later, since
    a sum that goes down while it runs would look as if everything happened again."""
    for path in folder.glob("*.db"):
        with places.holding(folder, _place_of(path)) as is_free:
            if is_free or time.time() - path.stat().st_mtime > _KEPT_FOR_S:
                path.unlink(missing_ok=True)


def share(folder: Path) -> None:
    """Count in files of this folder from now on, one set for each process."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[_FOLDER] = str(folder)  # where the library looks for each new count
    _place.cache_clear()
    values.ValueClass = values.MultiProcessValue(_place)


class _Shared(Collector):
    """What all processes of this machine have counted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterator[Metric]:
        """The sums; a gauge of a process that has ended counts no more."""
        files = [
            str(path)
            for path in self.folder.glob("*.db")
            if not (path.name.startswith("gauge_live") and _is_dead(path))
        ]
        yield from MultiProcessCollector.merge(files)


def counted() -> Collector:
    """What was counted: by all processes where they share a folder, else by this one."""
    folder = os.environ.get(_FOLDER)
    return _Shared(Path(folder)) if folder else _OWN


def init_app(app: Flask, db: Database) -> None:
    """Time every request, and note at its end how many connections the others hold. Comes after
    `logs.init_app`, which says when a request began."""

    noted: tuple[int, int] | None = None

    @app.after_request
    def end(response: Response) -> Response:
        nonlocal noted
        took = time.perf_counter() - g.began
        _request_child(route(), f"{response.status_code // 100}xx").observe(took)
        pool = db.engine.pool  # asked for now: a process of the server has one of its own
        if isinstance(pool, QueuePool):
            in_use = pool.checkedout() - len(db.resting)
            now = (in_use, pool.size() + max(pool._max_overflow, 0))
            if now != noted:
                noted = now
                _connection_child("in_use").set(now[0])
                _connection_child("most").set(now[1])
        return response
