"""The demo as a newcomer starts it: tool, worker and platform as processes on free ports."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

UP_WITHIN_S = 60


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

    def misbehave(self, **switches: object) -> None:
        """Tell the demo platform to misbehave."""
        requests.post(
            f"{self.platform_url}/misbehave", json=switches, timeout=10
        ).raise_for_status()

    def state(self) -> dict:
        """What the demo platform recorded."""
        return requests.get(f"{self.platform_url}/test/state.json", timeout=10).json()


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
