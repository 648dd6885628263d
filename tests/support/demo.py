"""The demo as a newcomer starts it: tool, worker and platform as processes on free ports."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

UP_WITHIN_S = 60
STATE = ("lti_tool.sqlite", "demo-platform/platform.sqlite3")
"""What the tool and the platform remember; the queue carries wake-ups only."""


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class RunningDemo:
    """Where the demo is, and what it prints."""

    tool_url: str
    platform_url: str
    log: Path
    seconds_to_start: float

    @property
    def instance(self) -> Path:
        """The folder of the tool's data."""
        return self.log.parent / "instance"

    def keep_first_day(self) -> None:
        """Remember the data as they are, for `begin_again`."""
        for name in STATE:
            _copy(self.instance / name, self._first_day(name))

    def begin_again(self) -> None:
        """The data as they were on the first day, below the running processes."""
        for name in STATE:
            _copy(self._first_day(name), self.instance / name)
        for path in (self.instance / "mail").glob("*.eml"):
            path.unlink()

    def _first_day(self, name: str) -> Path:
        return self.log.parent / Path(name).name

    def misbehave(self, **switches: object) -> None:
        """Tell the demo platform to misbehave."""
        requests.post(
            f"{self.platform_url}/misbehave", json=switches, timeout=10
        ).raise_for_status()

    def state(self) -> dict:
        """What the demo platform recorded."""
        return requests.get(f"{self.platform_url}/test/state.json", timeout=10).json()


def _copy(source: Path, target: Path) -> None:
    """Copy a database in one transaction, whoever has it open."""
    with (
        contextlib.closing(sqlite3.connect(source, timeout=30)) as one,
        contextlib.closing(sqlite3.connect(target, timeout=30)) as other,
    ):
        one.backup(other)


@contextlib.contextmanager
def running_demo(folder: Path) -> Iterator[RunningDemo]:
    """Start the demo with empty data below `folder`, and end it."""
    port, platform_port = free_port(), free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
    environment["LTI_TOOL_INSTANCE_DIR"] = str(folder / "instance")
    log = folder / "demo.log"
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "lti_tool.cli",
                "demo",
                "--port",
                str(port),
                "--platform-port",
                str(platform_port),
            ],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while b"Open http" not in log.read_bytes():
            if process.poll() is not None or time.monotonic() - began > UP_WITHIN_S:
                raise AssertionError("The demo did not start:\n" + log.read_text()[-3000:])
            time.sleep(0.1)
        yield RunningDemo(
            f"http://127.0.0.1:{port}",
            f"http://localhost:{platform_port}",
            log,
            time.monotonic() - began,
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
