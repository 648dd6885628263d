"""A tool to be measured: its database, a course with marks to send, and its worker processes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select, update

from lti_tool.core import clock
from lti_tool.db import Database, migrate
from lti_tool.gradebook.models import Delivery
from lti_tool.gradebook.operations import record_score
from lti_tool.jobs.queue import Queue
from lti_tool.lti.keys import ensure_key
from lti_tool.lti.models import Registration
from lti_tool.settings import Settings, load_settings
from tests.support import builders

ROOT = Path(__file__).resolve().parents[2]
FEEDBACK = "Costs are sound. Say more about impact, and about who reviews the plan. " * 8


@contextmanager
def running_platform() -> Iterator[str]:
    """The platform as a process of its own, for as long as the block runs; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.platform"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


class Course:
    """One course with one column at the platform, in a fresh database."""

    def __init__(self, folder: Path, platform_url: str, database_url: str | None = None) -> None:
        self.platform_url = platform_url
        self.url = database_url or f"sqlite:///{folder}/tool.sqlite"
        queue_url = database_url or f"sqlite:///{folder}/queue.sqlite"
        values = {
            "DEMO": "1",
            "DATABASE_URL": self.url,
            "QUEUE_URL": queue_url,
            "INSTANCE_DIR": str(folder),
            "KEYS_DIR": str(folder / "keys"),
            "LOG_FORMAT": "json",
        }
        (folder / "keys").mkdir(exist_ok=True)
        self._env = {f"LTI_TOOL_{name}": value for name, value in values.items()}
        self._folder = folder
        self.settings: Settings = load_settings(self._env)
        ensure_key(self.settings.keys_dir)
        self.database = Database(self.url)
        migrate.upgrade(self.database)
        self._queue = Queue(queue_url)
        self.database.wake = self._queue.wake
        self._begun: list[subprocess.Popen[bytes]] = []
        self._set_up()

    def _set_up(self) -> None:
        values = {
            "name": "Bench",
            "issuer": "https://bench.example",
            "client_id": "bench",
            "deployment_ids": ["1"],
            "auth_login_url": f"{self.platform_url}/auth",
            "auth_token_url": f"{self.platform_url}/token",
            "jwks_url": f"{self.platform_url}/jwks",
        }
        with self.database.write() as session:
            self.course = builders.build_course(session, self.settings, values)
            self.assignment = builders.build_assignment(
                session,
                self.settings,
                self.course,
                line_items_url=f"{self.platform_url}/2/lineitems",
                line_item_url=f"{self.platform_url}/2/lineitems/1/lineitem?type_id=1",
            )

    def set_platform(self, **values: Any) -> None:
        """Change how the platform answers."""
        requests.post(f"{self.platform_url}/set", json.dumps(values), timeout=10)

    def report(self) -> dict[str, Any]:
        """What reached the platform."""
        found: dict[str, Any] = requests.get(f"{self.platform_url}/report", timeout=10).json()
        return found

    def allow(self, connections: int) -> None:
        """How many scores may be on their way at once."""
        with self.database.write() as session:
            session.execute(update(Registration).values(parallel_calls=connections))

    def release(self, count: int) -> dict[str, float]:
        """Promise so many marks, one for each person, in one transaction; mark by person."""
        wanted = {}
        with self.database.write() as session:
            for number in range(count):
                person = builders.build_person(session, self.course, f"p{number}")
                mark = 40 + number % 50
                record_score(
                    session,
                    assignment_id=self.assignment.id,
                    person_id=person,
                    mark=Decimal(mark),
                    maximum=Decimal(100),
                    comment=FEEDBACK,
                    submitted_at=clock.now(),
                )
                wanted[f"p{number}"] = float(mark)
        return wanted

    def begin_worker(self) -> "subprocess.Popen[bytes]":
        """Begin one more worker by the operator's command."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
        with (self._folder / f"worker-{len(self._begun)}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "lti_tool.cli", "worker"],
                cwd=ROOT,
                env=inherited | self._env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._begun.append(process)
        return process

    def count(self, state: str) -> int:
        """How many marks stand in a state."""
        with self.database.read() as session:
            query = select(func.count()).select_from(Delivery).where(Delivery.state == state)
            return session.scalar(query) or 0

    def logs(self) -> list[str]:
        """What each worker wrote, in the order they were begun."""
        return [
            (self._folder / f"worker-{number}.log").read_text()
            for number in range(len(self._begun))
        ]

    def move_clock(self, seconds: float) -> None:
        """Let time pass for what waits: every time that a delivery holds moves into the past."""
        gone = timedelta(seconds=seconds)
        with self.database.write() as session:
            rows = session.execute(
                select(
                    Delivery.id, Delivery.due_at, Delivery.leased_until, Delivery.first_tried_at
                ).where(Delivery.state == "waiting")
            ).all()
            for row in rows:
                session.execute(
                    update(Delivery)
                    .where(Delivery.id == row.id)
                    .values(
                        due_at=row.due_at - gone,
                        leased_until=row.leased_until and row.leased_until - gone,
                        first_tried_at=row.first_tried_at and row.first_tried_at - gone,
                    )
                )
        self._queue.wake()

    def end(self) -> None:
        """End what was begun here."""
        for process in self._begun:
            if process.poll() is None:
                process.kill()
            process.wait()
        self.database.engine.dispose()


@contextmanager
def course(database_url: str | None = None) -> Iterator[Course]:
    """A course and its platform for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, running_platform() as platform:
        made = Course(Path(folder), platform, database_url)
        try:
            yield made
        finally:
            made.end()


def wait_for(is_so: Callable[[], Any], within_s: float, every_s: float = 0.1) -> bool:
    """Wait until something is so; whether it came about in time."""
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(every_s)
    return True
