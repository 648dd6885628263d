"""A terminal that closes, and a parent that is killed: nothing goes on that nobody sees."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.support.running_tool import RunningTool

_ROOT = Path(__file__).resolve().parents[3]
_WITHIN_S = 60


def _family(process: int) -> set[int]:
    """This process, those that it began, and those that they began."""
    found = {process}
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found |= _family(child)
    return found


def _is_there(process: int) -> bool:
    """Whether it runs; one that ended and was not yet read does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def _wait_for(is_so: Callable[[], object]) -> bool:
    deadline = time.monotonic() + _WITHIN_S
    while not is_so() and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(is_so())


def _as_from_a_shell() -> None:
    """Whoever runs the tests may have them outlive a terminal, which would be inherited."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Terminal:
    """A terminal in which a command of the tool runs."""

    def __init__(self, tool: RunningTool, log: Path, *command: str) -> None:
        self.log = log
        self._ours, theirs = os.openpty()
        with log.open("wb") as written:
            self.process = subprocess.Popen(
                ["setsid", "--ctty", *command],
                cwd=_ROOT,
                env=tool.env,
                stdin=theirs,
                stdout=written,
                stderr=written,
                preexec_fn=_as_from_a_shell,
            )
        os.close(theirs)
        self.begun: set[int] = set()

    def knows(self, how_many: int) -> set[int]:
        """All that runs in it, once there are so many."""
        assert _wait_for(lambda: len(_family(self.process.pid)) >= how_many), self.log.read_text()
        self.begun = _family(self.process.pid)
        return self.begun

    def close(self) -> None:
        """Take the terminal away."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def end(self) -> None:
        """End what is left, of what was begun here."""
        self.close()
        for one in filter(_is_there, self.begun or {self.process.pid}):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., tuple[RunningTool, Terminal]]]:
    """Begins a command of the tool in a terminal of its own."""
    tool = RunningTool(tmp_path)
    tool.must("db", "upgrade")
    made: list[Terminal] = []

    def in_a_terminal(arguments: str, *before: str) -> tuple[RunningTool, Terminal]:
        port = ["--port", str(tool.port)] if arguments.startswith("serve") else []
        tool_itself = [sys.executable, "-m", "lti_tool.cli", *arguments.split(), *port]
        made.append(Terminal(tool, tmp_path / "terminal.log", *before, *tool_itself))
        return tool, made[-1]

    yield in_a_terminal
    for one in made:
        one.end()


def _answers(tool: RunningTool) -> bool:
    try:
        return requests.get(f"{tool.url}/readyz", timeout=5).ok
    except requests.ConnectionError:
        return False


BOTH = "serve --workers 1 --with-worker"
Begin = Callable[..., tuple[RunningTool, Terminal]]


@pytest.mark.parametrize("how", ["the terminal closes", "the parent is killed"])
def test_web_and_worker_end_with_what_began_them(begin: Begin, how: str) -> None:
    tool, terminal = begin(BOTH)
    assert _wait_for(lambda: _answers(tool)), terminal.log.read_text()
    everything = terminal.knows(4)  # the parent, the web server and its process, the worker
    if how == "the terminal closes":
        terminal.close()
    else:
        terminal.process.kill()
    assert _wait_for(lambda: not any(map(_is_there, everything))), terminal.log.read_text()
    assert "Traceback" not in terminal.log.read_text()


@pytest.mark.parametrize("alone", ["worker", "serve --workers 1"])
def test_a_process_alone_ends_with_its_terminal(begin: Begin, alone: str) -> None:
    tool, terminal = begin(alone)
    if alone == "worker":
        threads = Path(f"/proc/{terminal.process.pid}/task")
        assert _wait_for(lambda: len(list(threads.iterdir())) > 3)
        time.sleep(0.5)  # its threads are there; then it takes signals
    else:
        assert _wait_for(lambda: _answers(tool))
    everything = terminal.knows(1)
    terminal.close()
    assert _wait_for(lambda: not any(map(_is_there, everything))), terminal.log.read_text()
    assert "Traceback" not in terminal.log.read_text()


def test_nohup_keeps_it_on(begin: Begin) -> None:
    tool, terminal = begin(BOTH, "nohup")
    assert _wait_for(lambda: _answers(tool)), terminal.log.read_text()
    everything = terminal.knows(4)
    terminal.close()
    time.sleep(1.5)
    assert all(map(_is_there, everything)) and _answers(tool)
