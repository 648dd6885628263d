"""What the platform remembers over a restart, in one SQLite file.

Keys, sessions, launches, tokens, switches and a record of what was asked of
the platform. Columns and grades use the same file through gradebook.py. One
connection behind one lock: simple, and fast enough for a demo.
"""

import json
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session (
    token TEXT PRIMARY KEY, user_id TEXT NOT NULL, sesskey TEXT NOT NULL,
    switched INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS launch (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, link_id TEXT NOT NULL,
    container TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS tool (id INTEGER PRIMARY KEY, details TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS launch_tool (launch_id TEXT PRIMARY KEY, tool_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS assertion (jti TEXT PRIMARY KEY, seen_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS token (
    value TEXT PRIMARY KEY, scope TEXT NOT NULL, expires_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, at INTEGER NOT NULL,
    details TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS line_item (
    id INTEGER PRIMARY KEY AUTOINCREMENT, course_id TEXT NOT NULL, label TEXT NOT NULL,
    maximum REAL NOT NULL, resource_id TEXT NOT NULL DEFAULT '',
    tag TEXT NOT NULL DEFAULT '', resource_link_id TEXT, coupled_link_id TEXT,
    locked INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS grade (
    item_id INTEGER NOT NULL REFERENCES line_item(id) ON DELETE CASCADE,
    user_id TEXT NOT NULL, raw REAL, final REAL, feedback TEXT,
    modified_at INTEGER NOT NULL, overridden INTEGER NOT NULL DEFAULT 0,
    changed_by TEXT NOT NULL, PRIMARY KEY (item_id, user_id));
"""


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `sesskey` guards forms, as in Moodle."""

    token: str
    user_id: str
    sesskey: str
    switched: bool


@dataclass(frozen=True)
class Launch:
    """One click on a link, good for one authorisation request."""

    id: str
    user_id: str
    link_id: str
    container: str


class Store:
    """The state file. Every change is one transaction."""

    def __init__(self, state_dir: Path) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        path = state_dir / "platform.sqlite3"
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        path.chmod(0o600)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.executescript(SCHEMA)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One write transaction; other threads wait."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def get_setting(self, name: str) -> Any:
        row = self.row("SELECT value FROM setting WHERE name = ?", name)
        return None if row is None else json.loads(row["value"])

    def set_setting(self, name: str, value: Any) -> None:
        with self.change() as db:
            db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    # sessions

    def start_session(self, user_id: str) -> Session:
        session = Session(secrets.token_hex(13), user_id, secrets.token_hex(5), False)
        with self.change() as db:
            db.execute(
                "INSERT INTO session VALUES (?, ?, ?, 0)",
                (session.token, user_id, session.sesskey),
            )
        return session

    def find_session(self, token: str | None) -> Session | None:
        row = self.row("SELECT * FROM session WHERE token = ?", token or "")
        if row is None:
            return None
        return Session(row["token"], row["user_id"], row["sesskey"], bool(row["switched"]))

    def end_session(self, token: str) -> None:
        with self.change() as db:
            db.execute("DELETE FROM session WHERE token = ?", (token,))

    def switch_role(self, token: str, switched: bool) -> None:
        with self.change() as db:
            db.execute("UPDATE session SET switched = ? WHERE token = ?", (switched, token))

    # launches

    def start_launch(self, user_id: str, link_id: str, container: str) -> Launch:
        what = "_ContentItemSelectionRequest" if ":" in link_id else f"{link_id}_"
        number = secrets.randbelow(2**31)
        launch = Launch(f"ltilaunch{what}{number}", user_id, link_id, container)
        with self.change() as db:
            db.execute(
                "INSERT INTO launch VALUES (?, ?, ?, ?, 0)",
                (launch.id, user_id, link_id, container),
            )
        return launch

    def use_launch(self, launch_id: str, link_id: str | None) -> Launch | None:
        """Spends a launch id. The second try finds nothing. A deep linking launch has no link."""
        with self.change() as db:
            row = db.execute(
                "UPDATE launch SET used = 1 WHERE id = ? AND link_id = coalesce(?, link_id)"
                " AND used = 0 RETURNING *",
                (launch_id, link_id),
            ).fetchone()
        if row is None:
            return None
        return Launch(row["id"], row["user_id"], row["link_id"], row["container"])

    # tokens

    def is_new_assertion(self, jti: str, now: int) -> bool:
        """Notes an assertion's id; False when it was seen in the last day."""
        with self.change() as db:
            db.execute("DELETE FROM assertion WHERE seen_at < ?", (now - 86400,))
            done = db.execute("INSERT OR IGNORE INTO assertion VALUES (?, ?)", (jti, now))
            return done.rowcount == 1

    def save_token(self, value: str, scope: str, expires_at: int) -> None:
        with self.change() as db:
            db.execute("INSERT INTO token VALUES (?, ?, ?)", (value, scope, expires_at))

    def find_token_scopes(self, value: str, now: int) -> set[str]:
        """The scopes of a live token; the empty set for any other."""
        row = self.row("SELECT scope FROM token WHERE value = ? AND expires_at > ?", value, now)
        return set() if row is None else set(row["scope"].split())

    def forget_tokens(self) -> None:
        with self.change() as db:
            db.execute("DELETE FROM token")

    # records for tests

    def record(self, kind: str, at: int, **details: Any) -> None:
        with self.change() as db:
            db.execute(
                "INSERT INTO record (kind, at, details) VALUES (?, ?, ?)",
                (kind, at, json.dumps(details)),
            )

    def list_records(self, kind: str) -> list[dict[str, Any]]:
        rows = self.rows("SELECT at, details FROM record WHERE kind = ? ORDER BY id", kind)
        return [{"at": row["at"], **json.loads(row["details"])} for row in rows]
