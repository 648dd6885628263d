"""Two versions of the tool beside each other: which needs less processor for a launch.

A machine's phases differ by a third from one minute to the next, so that two runs, one after the
other, tell nothing of a twentieth. Here each version's application lives in a process of its own,
both on one core, and they launch by turns; what is compared is what one turn costs beside the next.
Only the application is timed: no web server, no network, and none of the platform that launches.

    git worktree add /tmp/before HEAD~3
    python -m tests.bench.beside /tmp/before [--database postgresql] [--launches 500]
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import Client

from tests.support.door import STUDENT_VIEW
from tests.support.platform import Platform, serve_platforms
from tests.support.postgres import new_database, postgres_server
from tests.support.running_tool import running_tool

_ROOT = Path(__file__).resolve().parents[2]
_PEOPLE, _FIRST = 50, 150
_STEPS = ("login", "launch", "page")
_READY = "ready"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class _Timed:
    """A WSGI application, and what its last answers cost."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self.took_ms: list[float] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.thread_time()
        items = self._application(environ, start_response)
        body = list(items)
        if hasattr(items, "close"):
            items.close()
        self.took_ms.append((time.thread_time() - began) * 1000)
        return body


def _launch(application: _Timed, platform: Platform, number: int) -> list[float]:
    """One person's launch, and what each step cost."""
    application.took_ms = []
    browser = Client(application)
    login = browser.post("/lti/login", data=platform.login_parameters(), base_url=platform.tool_url)
    asked = parse_qs(urlsplit(login.location).query)
    who = {"sub": f"p{number % _PEOPLE}", "name": f"Person {number % _PEOPLE}"}
    token = platform.sign(platform.claims(asked["nonce"][0], "student", who))
    entered = browser.post(
        "/lti/launch",
        data={"state": asked["state"][0], "id_token": token},
        base_url=platform.tool_url,
    )
    page = browser.get(urlsplit(entered.location).path, base_url=platform.tool_url)
    assert STUDENT_VIEW in page.text, page.text
    return application.took_ms


def _take_turns(url: str) -> None:
    """One version: launches once for each line that comes, and says what it cost."""
    settings = {"DATABASE_URL": url} if url else {}
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        serve_platforms() as server,
        running_tool(Path(folder), **settings) as tool,
    ):
        platform = Platform(server, tool.url)
        tool.register_quickly(platform.registration())
        tool.stop()
        os.environ.update(tool.env)
        from lti_tool.wsgi import app

        application = _Timed(app)
        for number in range(_FIRST):
            _launch(application, platform, number)
        _say(_READY)
        for number, _ in enumerate(sys.stdin):
            _say(" ".join(map(str, _launch(application, platform, number))))


def _begin(tree: Path, url: str, said: IO[str]) -> "subprocess.Popen[str]":
    """A version's process: this file, and all else of that version.

    :param said: a file for what it says beside its answers.
    """
    run = f"import runpy; runpy.run_path({__file__!r}, run_name='turns')['_take_turns']({url!r})"
    return subprocess.Popen(
        [sys.executable, "-c", run],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {max(os.sched_getaffinity(0))}),
    )


def _ask(version: "subprocess.Popen[str]") -> list[float]:
    assert version.stdin is not None and version.stdout is not None
    version.stdin.write("\n")
    version.stdin.flush()
    return [float(one) for one in version.stdout.readline().split()]


def compare(trees: list[Path], database: str, launches: int) -> str:
    """Let two versions launch by turns.

    :param trees: checkouts, the one to compare with first.
    :param database: `sqlite` or `postgresql`.
    :return: a table: ms of each step in the middle, and the second's share of the first's.
    """
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgres_server()) if database == "postgresql" else None
        urls = [new_database(server) if server else "" for _ in trees]
        logs = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in trees]
        versions = [
            stack.enter_context(_begin(*about)) for about in zip(trees, urls, logs, strict=True)
        ]
        for tree, one, log in zip(trees, versions, logs, strict=True):
            if one.stdout is None or one.stdout.readline() != f"{_READY}\n":
                log.seek(0)
                raise SystemExit(f"{tree} did not start:\n{log.read()[-2000:]}")
        took: list[list[list[float]]] = [[], []]
        for _ in range(launches):
            for found, one in zip(took, versions, strict=True):
                found.append(_ask(one))
        for one in versions:
            assert one.stdin is not None
            one.stdin.close()
    rows = ["| Step | Before, ms | Now, ms | Now by before |", "| --- | --- | --- | --- |"]
    for place, step in enumerate((*_STEPS, "all")):
        before, now = (
            statistics.median(sum(one) if step == "all" else one[place] for one in found)
            for found in took
        )
        rows.append(f"| {step} | {before:.3f} | {now:.3f} | {now / before:.3f} |")
    return "\n".join(rows)


def main() -> None:
    """Read the command line, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("other", type=Path, help="a checkout of another version")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--launches", type=int, default=500)
    given = parser.parse_args()
    _say(compare([given.other.resolve(), _ROOT], given.database, given.launches))


if __name__ == "__main__":
    main()
