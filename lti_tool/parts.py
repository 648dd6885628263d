"""The database and the queue, joined: what the worker and the command line need without the pages.

Apart from `app.py` so that a command starts without loading the web application.
"""

import importlib
from collections.abc import Callable
from pathlib import Path

from lti_tool.db import Database
from lti_tool.jobs.queue import Queue, Work
from lti_tool.settings import Settings

_HERE = Path(__file__).parent


def _import_each(name: str) -> None:
    """Import the module of this name of every folder that has one."""
    for path in sorted(_HERE.glob(f"*/**/{name}.py")):
        importlib.import_module(
            ".".join(("lti_tool", *path.relative_to(_HERE).with_suffix("").parts))
        )


def load_tables() -> None:
    """Make every table known to the one metadata, so that keys between folders are found."""
    _import_each("models")


def load_measures() -> None:
    """Let every folder announce the live measures that its data give."""
    _import_each("measures")


def load_personal_data() -> None:
    """Let every folder tell what its tables hold of people."""
    _import_each("personal_data")


def make_parts(
    settings: Settings, work: Callable[[Database], Work] | None = None
) -> tuple[Database, Queue]:
    """The database and the queue, joined: a commit that promised work wakes a worker.

    :param work: makes what a worker does when woken; left out where there is no worker.
    """
    load_tables()
    settings.instance_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(settings.database_url)
    queue = Queue(settings.queue_url, work(db) if work else None)
    db.wake = queue.wake
    return db, queue
