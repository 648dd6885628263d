"""Workers as real processes: woken, killed, ended, several at once. Nothing is faked here but
the waiting for a dead worker's lease, which the tests put into the past.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from lti_tool.core import clock
from lti_tool.gradebook.models import Delivery
from lti_tool.jobs.queue import Queue
from tests.integration.gradebook.bench import Bench
from tests.support.running_tool import free_port

_ROOT = Path(__file__).resolve().parents[3]


class Workers:
    """Worker processes of one tool, begun by the operator's command."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        settings = {
            "DEMO": "1",
            "DATABASE_URL": bench.settings.database_url,
            "QUEUE_URL": f"sqlite:///{folder}/queue.sqlite"
            if bench.database.is_sqlite
            else bench.settings.database_url,
            "INSTANCE_DIR": str(folder),
            "KEYS_DIR": str(bench.settings.keys_dir),
            "PLATFORM_TIMEOUT_S": "5",
            "LOG_FORMAT": "json",
        }
        self.queue_file = folder / "queue.sqlite"
        self._log = folder / "worker.log"
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
        self._env = inherited | {f"LTI_TOOL_{k}": v for k, v in settings.items()}
        self._begun: list[subprocess.Popen[bytes]] = []
        self.queue = Queue(settings["QUEUE_URL"])
        bench.database.wake = self.queue.wake

    def lose_the_queue(self) -> None:
        """Let those that begin from now on look for it where nothing answers."""
        self._env["LTI_TOOL_QUEUE_URL"] = f"postgresql://nobody@127.0.0.1:{free_port()}/queue"

    def begin(self) -> "subprocess.Popen[bytes]":
        """Begin one more."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "lti_tool.cli", "worker"],
                cwd=_ROOT,
                env=self._env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._begun.append(process)
        return process

    def log(self) -> str:
        """What all of them wrote."""
        return self._log.read_text()

    def end(self) -> None:
        """End those that were begun here."""
        for process in self._begun:
            if process.poll() is None:
                process.kill()
            process.wait()
        self.queue.huey.storage.close()


@pytest.fixture
def workers(bench: Bench, tmp_path: Path) -> Iterator[Workers]:
    """Workers, none begun yet."""
    made = Workers(bench, tmp_path)
    yield made
    made.end()


def _wait_for(is_so: Callable[[], Any], within_s: float = 25) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < within_s
        time.sleep(0.01)
    return time.monotonic() - began


def _all_delivered(bench: Bench) -> bool:
    return set(bench.states().values()) == {"delivered"}


def _let_leases_run_out(bench: Bench) -> None:
    with bench.database.write() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.leased_until.is_not(None))
            .values(leased_until=clock.now() - timedelta(seconds=1))
        )


def test_two_processes_send_each_mark_once(bench: Bench, workers: Workers) -> None:
    promised = bench.release_many(40)
    workers.begin()
    workers.begin()
    _wait_for(lambda: _all_delivered(bench))
    sent = Counter(
        (one["line_item_id"], one["body"]["userId"]) for one in bench.platform.asked("score")
    )
    assert len(sent) == 40
    assert set(sent.values()) == {1}
    for column, sub, mark in promised.values():
        assert bench.shown(sub, column) == mark
    assert "Traceback" not in workers.log(), workers.log()[-3000:]


def test_killed_in_mid_send_again_and_again(bench: Bench, workers: Workers) -> None:
    """The platform has taken a score, and its answer is still on the way, when kill -9 comes."""
    promised = bench.release_many(18)
    bench.platform.set(slow_score_s=0.4)
    for kill in range(3):
        process = workers.begin()
        _wait_for(lambda n=kill: len(bench.platform.asked("score")) >= 2 * (n + 1))  # type: ignore[misc]
        time.sleep(0.05)
        process.kill()
        process.wait()
        assert not _all_delivered(bench)
        _let_leases_run_out(bench)
    bench.platform.set(slow_score_s=0)
    workers.begin()
    _wait_for(lambda: _all_delivered(bench))
    stamps: dict[tuple[int, str], set[str]] = {}
    for one in bench.platform.asked("score"):
        key = (one["line_item_id"], one["body"]["userId"])
        stamps.setdefault(key, set()).add(one["body"]["timestamp"])
    assert len(stamps) == 18, "none lost"
    assert {len(seen) for seen in stamps.values()} == {1}, "a repeat is the same score"
    assert len(bench.platform.taken()) == 18, "none doubled"
    assert any(one["status"] == 409 for one in bench.platform.asked("score"))
    for column, sub, mark in promised.values():
        assert bench.shown(sub, column) == mark


def test_an_idle_worker_is_soon_awake(
    bench: Bench, workers: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    workers.begin()
    bench.release(40)
    _wait_for(lambda: _all_delivered(bench))
    time.sleep(10)
    seconds = []
    for mark in (62, 70):
        bench.release(mark)
        seconds.append(_wait_for(lambda m=mark: bench.shown() == m))  # type: ignore[misc]
        time.sleep(1)
    with capsys.disabled():
        sys.stdout.write(f"\n  release to gradebook: {seconds[0]:.2f} s, {seconds[1]:.2f} s\n")
    assert max(seconds) < 3


def test_term_lets_the_send_in_hand_finish_and_begins_no_other(
    bench: Bench, workers: Workers
) -> None:
    bench.release_many(12)
    bench.platform.set(slow_score_s=0.5)
    process = workers.begin()
    _wait_for(lambda: bench.platform.asked("score"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    sent = len(bench.platform.asked("score"))
    assert sent < 12, "the rest is left for the next worker"
    assert Counter(bench.states().values())["delivered"] == sent, "what was sent was settled"
    bench.platform.set(slow_score_s=0)
    workers.begin()
    _wait_for(lambda: _all_delivered(bench))
    assert len(bench.platform.asked("score")) == 12


def test_the_queue_is_lost_while_marks_wait(bench: Bench, workers: Workers) -> None:
    """Neither the wake-up nor the file is there; a worker that begins finds what is due."""
    bench.release(62)
    workers.queue.huey.storage.flush_queue()
    for path in workers.queue_file.parent.glob("queue.sqlite*"):
        path.unlink()
    workers.begin()
    _wait_for(lambda: _all_delivered(bench))
    assert bench.shown() == 62


def test_the_sweep_finds_what_no_wake_up_told_of(bench: Bench, tmp_path: Path) -> None:
    bench.release(62)
    queue = Queue(f"sqlite:///{tmp_path}/sweep.sqlite", lambda *_: bench.drain())
    queue.sweep()
    queue.huey.execute(queue.huey.dequeue())
    assert bench.shown() == 62


def test_a_worker_works_where_its_queue_was_never_there(bench: Bench, workers: Workers) -> None:
    """Marks go by the sweep of each minute, the first of which is done as it begins."""
    workers.lose_the_queue()
    bench.release(62)
    workers.begin()
    _wait_for(lambda: _all_delivered(bench))
    assert bench.shown() == 62
    assert "Traceback" not in workers.log()
