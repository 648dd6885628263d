"""Running several processes as one: all begin together, and end together.

What one-machine use and the demo need, and no more; servers with an init system use that.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import click

from lti_tool.core.hanging_up import is_kept_on

_GRACE_S = 25
_SIGNAL_OF_PARENTS_END = 1
"""What `prctl` (Linux) calls the signal that a process gets when its parent is gone."""
_SAID_WHY = (1, 2)
"""A command of ours that ends with one of these has printed its sentence."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process of the set."""

    name: str
    command: list[str]
    restart: bool = False
    """Begin it again if it ends by itself; else the whole set ends with it."""


def serve_command(host: str, port: int, workers: int, threads: int) -> list[str]:
    """The web server alone, as a process of its own."""
    command = [sys.executable, "-m", "lti_tool.cli", "serve", "--host", host, "--port", str(port)]
    return [*command, "--workers", str(workers), "--threads", str(threads)]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "lti_tool.cli", "worker"]


class _Told(Exception):
    """We were told to end."""


def _raise(_signal: int, _frame: FrameType | None) -> None:
    raise _Told


def _tie_to(parent: int) -> Callable[[], None] | None:
    """What a process of the set does first, so that it ends when we are killed and can no longer
    end it: nobody would see it go on. None where the system has no such thing."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is None:
        return None

    def tie() -> None:
        prctl(_SIGNAL_OF_PARENTS_END, signal.SIGTERM)
        if os.getppid() != parent:  # killed before it could be tied
            os._exit(1)

    return tie


def _begin(process: Process) -> subprocess.Popen[bytes]:
    """Begin it in a session of its own, so that Ctrl-C reaches us alone and we end it well."""
    return subprocess.Popen(
        process.command, start_new_session=True, preexec_fn=_tie_to(os.getpid())
    )


def _watch(running: dict[str, subprocess.Popen[bytes]], processes: list[Process]) -> int:
    while True:
        for process in processes:
            code = running[process.name].poll()
            if code is None:
                continue
            if not process.restart:
                if code not in _SAID_WHY:
                    click.echo(f"The {process.name} process ended with code {code}.", err=True)
                return 1
            time.sleep(1)
            running[process.name] = _begin(process)
        time.sleep(0.2)


def _end(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for one in running.values():
        if one.poll() is None:
            one.terminate()
    deadline = time.monotonic() + _GRACE_S
    for one in running.values():
        try:
            one.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()


def run_together(processes: list[Process], once_up: Callable[[], None] | None = None) -> None:
    """Run processes until one ends or we are told to.

    :param once_up: called when all have begun.
    :raises SystemExit: with code 1 where a process that must stay ended by itself.
    """
    told_by = [signal.SIGTERM, signal.SIGINT, *([] if is_kept_on() else [signal.SIGHUP])]
    for one in told_by:
        signal.signal(one, _raise)
    running: dict[str, subprocess.Popen[bytes]] = {}
    code = 0
    try:
        for process in processes:
            running[process.name] = _begin(process)
        if once_up is not None:
            once_up()
        code = _watch(running, processes)
    except _Told:
        pass
    finally:
        for one in told_by:
            signal.signal(one, signal.SIG_IGN)
        _end(running)
    raise SystemExit(code)
