"""The real tool as a process of its own: database, key folder, web server, log.

Begun by the same commands an operator uses. Tests reach it by HTTP; its database may be read
and prepared directly, for states that take hours to come about by themselves.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, create_engine, text

from tests.support.claims import PERSONAL
from tests.support.command import run_command

_ROOT = Path(__file__).resolve().parents[2]
_START_S = 60
NEVER_LOGGED = (
    *PERSONAL,
    "eyJ",
    "id_token=",
    '"id_token":',
    "launchid",
    "sesskey",
    "login_hint=",
    "?",
)
"""Words that a log line may not hold: people, messages, hints, handles, queries."""


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class RunningTool:
    """One tool: its settings, its web server and what it wrote in its log."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        """:param settings: names without their prefix; they go over the defaults here."""
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        chosen = {
            "ALLOW_HTTP": "1",
            "ALLOW_PRIVATE_PLATFORMS": "1",
            "BASE_URL": self.url,
            "SECRET_KEY": "a secret of the tests, longer than thirty-two characters",
            "INSTANCE_DIR": str(folder / "instance"),
            "KEYS_DIR": str(folder / "keys"),
            "DATABASE_URL": f"sqlite:///{folder}/instance/tool.sqlite",
            "LOG_FORMAT": "json",
            "PLATFORM_TIMEOUT_S": "3",
            "REFUSALS_PER_MINUTE": "100000",  # the suites refuse more in a minute than anyone
            **(settings or {}),
        }
        self.settings = chosen
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("LTI_TOOL_")}
        self.env = inherited | {f"LTI_TOOL_{name}": value for name, value in chosen.items()}
        self.log_path = folder / "tool.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._engine: Engine | None = None
        self._log_lines: list[dict[str, Any]] = []
        self._log_read = 0

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `lti-tool` with these arguments to its end."""
        return run_command(self.env, *arguments)

    def must(self, *arguments: str) -> str:
        """Run a command that must succeed; what it printed."""
        done = self.command(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(
        self, workers: int = 1, threads: int = 4, command: Sequence[str] | None = None
    ) -> None:
        """Serve, and wait until the tool answers.

        :param command: another than the operator's.
        """
        arguments = f"serve --port {self.port} --workers {workers} --threads {threads}"
        operators = [sys.executable, "-m", "lti_tool.cli", *arguments.split()]
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                command or operators,
                cwd=_ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the tool did not start:\n{self.log_text()}")

    @property
    def process_group(self) -> int:
        """The number of the group that the process and its children are."""
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        """End the process that was begun, and no other."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def restart(self) -> None:
        """A new process with the same database, whose short memory is empty."""
        self.stop()
        self.start()

    def register(self, values: Mapping[str, Any]) -> int:
        """Register a platform by the operator's command; the registration's number."""
        options: list[str] = []
        for name, value in values.items():
            for one in value if isinstance(value, tuple) else (value,):
                options += [f"--{name.removesuffix('s') if value is not one else name}", one]
        options = [o.replace("_", "-") if o.startswith("--") else o for o in options]
        return int(self.must("registration", "add", *options).split()[1])

    def register_quickly(self, values: Mapping[str, Any]) -> int:
        """The same operation without a process of its own, which takes seconds to begin."""
        import lti_tool.app  # noqa: F401  every table, so that foreign keys find one another
        from lti_tool.db import Database
        from lti_tool.lti.registrations import RegistrationValues, add_registration
        from lti_tool.settings import load_settings

        database = Database(self.settings["DATABASE_URL"])
        try:
            with database.write() as session:
                number, _ = add_registration(
                    session, load_settings(self.env), RegistrationValues(**values)
                )
        finally:
            database.engine.dispose()
        return number

    def upgrade_quickly(self) -> None:
        """`lti-tool db upgrade` without a process of its own."""
        from lti_tool.db import Database, migrate

        database = Database(self.settings["DATABASE_URL"])
        if database.is_sqlite:
            Path(database.engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        try:
            migrate.upgrade(database)
        finally:
            database.engine.dispose()

    @property
    def engine(self) -> Engine:
        """The tool's database, read and prepared behind its back."""
        if self._engine is None:
            self._engine = create_engine(self.settings["DATABASE_URL"])
        return self._engine

    def execute(self, statement: str, **values: Any) -> list[Row[Any]]:
        """Run SQL in the tool's database; the rows, where it gives any."""
        with self.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return list(result.fetchall()) if result.returns_rows else []

    def log_text(self) -> str:
        """All that the process wrote."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def log_lines(self) -> list[dict[str, Any]]:
        """The structured lines of the log; only what is new is read."""
        if self.log_path.exists():
            with self.log_path.open("rb") as log:
                log.seek(self._log_read)
                new = log.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._log_read += len(whole)
            self._log_lines += [json.loads(x) for x in whole.splitlines() if x.startswith(b"{")]
        return self._log_lines

    def find_logged(self, **wanted: Any) -> dict[str, Any] | None:
        """The first line with these values; waits a moment for it to be written."""
        for _ in range(20):
            for line in reversed(self.log_lines()):
                if all(line.get(name) == value for name, value in wanted.items()):
                    return line
            time.sleep(0.05)
        return None

    def check_log(self) -> None:
        """Nothing unexpected happened, and nothing personal was written."""
        whole = self.log_text()
        assert "Traceback" not in whole and "unexpected error" not in whole, whole[-4000:]
        whole = whole.replace('"/v/<handle>/', "")
        for word in (*NEVER_LOGGED, "/v/"):
            lines = [line for line in whole.splitlines() if word in line]
            assert not lines, f"the log holds {word!r}: {lines[:3]}"


@contextmanager
def running_tool(folder: Path, **settings: str) -> Iterator[RunningTool]:
    """A tool with a fresh database, for as long as the block runs; its log is checked after."""
    folder.mkdir(parents=True, exist_ok=True)
    tool = RunningTool(folder, settings)
    tool.upgrade_quickly()
    try:
        tool.start()
        yield tool
    finally:
        tool.stop()
    tool.check_log()
