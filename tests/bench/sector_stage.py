"""What the sector's load runs on: the tool, its workers, its platforms, and who is in them."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import create_engine, text

from lti_tool.db import Database
from lti_tool.jobs.queue import Queue
from lti_tool.settings import load_settings
from tests.bench.course import ROOT, running_platform
from tests.bench.processes import cpu_s, family_cpu_s, group_cpu_s, postgres_pid
from tests.bench.sector_world import Sector, make_sector, registration, table_bytes
from tests.bench.sending import settle_down
from tests.support.postgres import new_database, postgres_server
from tests.support.running_tool import RunningTool, running_tool
from tests.support.signing import jwk, rsa_key

_UNIVERSITIES, _COURSES, _PEOPLE = 30, 150, 10_000
_WORKERS = 2
_DELAY_S = 0.05
MOST_PER_S = 20
"""Scores that each platform takes in a second."""


class Connections:
    """Looks twice a second how many connections the database has, and keeps the most."""

    def __init__(self, url: str) -> None:
        self.most = 0
        self._engine = create_engine(url)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        query = text(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with self._engine.connect() as connection:
            while not self._is_over.wait(0.5):
                self.most = max(self.most, int(connection.scalar(query) or 0))
                connection.rollback()

    def __enter__(self) -> "Connections":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._engine.dispose()


@dataclass
class Stage:
    """What is measured: the tool, its workers, its platforms, and what it holds."""

    tool: RunningTool
    database: Database
    platform_url: str
    workers: list["subprocess.Popen[bytes]"]
    postgres: int
    sector: Sector
    empty: dict[str, int]
    """Bytes of each table before there was anything in it."""

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds so far, by part."""
        return {
            "web": group_cpu_s(self.tool.process_group),
            "workers": sum(cpu_s(one.pid) for one in self.workers),
            "database": family_cpu_s(self.postgres),
        }

    def platform(self) -> dict[str, Any]:
        """What reached the platforms."""
        found: dict[str, Any] = requests.get(f"{self.platform_url}/report", timeout=60).json()
        return found


def _begin_worker(tool: RunningTool, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "lti_tool.cli", "worker"],
            cwd=ROOT,
            env=tool.env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )


@contextmanager
def staged(folder: Path, scale: float) -> Iterator[Stage]:
    """Everything, for as long as the block runs.

    :param scale: 1 for the whole sector.
    """
    with postgres_server() as server_url, running_platform() as platform_url:
        url = new_database(server_url)
        with running_tool(folder, DATABASE_URL=url, QUEUE_URL=url) as tool:
            tool.stop()
            key = {"jwks": {"keys": [jwk(rsa_key("sector"), "sector")]}}
            knobs = {**key, "delay_s": _DELAY_S, "most_per_s": MOST_PER_S}
            requests.post(f"{platform_url}/set", json=knobs, timeout=10)
            universities = max(2, round(_UNIVERSITIES * scale))
            for number in range(universities):
                tool.register_quickly(
                    {**registration(platform_url, number), "deployment_ids": ("1",)}
                )
            database = Database(url)
            database.wake = Queue(url).wake
            empty = table_bytes(database.engine)
            sector = make_sector(
                database,
                load_settings(tool.env),
                platform_url,
                universities=universities,
                courses=max(4, round(_COURSES * scale)),
                people=round(_PEOPLE * scale),
            )
            tool.start(workers=2, threads=4)
            logs = [folder / f"worker-{number}.log" for number in range(_WORKERS)]
            workers = [_begin_worker(tool, log) for log in logs]
            try:
                settle_down([one.pid for one in workers])
                postgres = postgres_pid(url)
                yield Stage(tool, database, platform_url, workers, postgres, sector, empty)
            finally:
                for one in workers:
                    one.terminate()
                for one in workers:
                    one.wait()
                database.engine.dispose()
            for log in logs:
                assert "Traceback" not in log.read_text(), log.read_text()[-3000:]
