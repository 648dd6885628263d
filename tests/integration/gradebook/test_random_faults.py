"""Random misfortune against an in-memory platform: the last release wins, for everyone.

Releases, retries, deaths of workers, lost questions, lost answers, busy times, forgotten
tokens and a restless clock come in any order. The platform is a model of Moodle's rule: a score
counts if its second is later than that of the grade there, else 409.
"""

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, select
from urllib3 import HTTPHeaderDict

from lti_tool.db import Database
from lti_tool.gradebook import worker
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.outbox import enqueue, send_again
from lti_tool.lti import services, tokens
from lti_tool.lti.calls import Answer
from lti_tool.lti.errors import ServiceFailed
from lti_tool.people.models import Person
from lti_tool.settings import load_settings
from tests.integration.gradebook.bench import Killed
from tests.support import builders

_START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_ROOT = "http://127.0.0.1:9"
_VALUES = {
    "name": "A platform",
    "issuer": "https://p.example",
    "client_id": "c",
    "deployment_ids": ["1"],
    "auth_login_url": f"{_ROOT}/a",
    "auth_token_url": f"{_ROOT}/token",
    "jwks_url": f"{_ROOT}/k",
}
FAULTS = (
    "fine",
    "fine",
    "busy",
    "failing",
    "lost question",
    "lost answer",
    "dead before",
    "dead after",
    "token forgotten",
    "asked to wait",
)


@dataclass
class Model:
    """Moodle's gradebook in memory, and what is to go wrong next."""

    faults: list[str] = field(default_factory=list)
    grades: dict[str, tuple[float, datetime]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    refused_stale: int = 0

    def call(
        self, _settings: Any, _method: str, url: str, *, headers: Any = None, data: Any = None
    ) -> Answer:
        """Stands where `lti/calls.py` would call."""
        fault = self.faults.pop(0) if self.faults else "fine"
        if fault == "dead before":
            raise Killed
        if fault == "lost question":
            raise ServiceFailed("timeout")
        if fault in ("busy", "failing", "asked to wait"):
            return _answer(
                {"busy": 503, "failing": 500, "asked to wait": 429}[fault],
                **({"Retry-After": "3"} if fault == "asked to wait" else {}),
            )
        if fault == "token forgotten":
            self.tokens.clear()
        answer = self._answer(url, headers or {}, data)
        if fault == "lost answer":
            raise ServiceFailed("unreachable")
        if fault == "dead after":
            raise Killed
        return answer

    def _answer(self, url: str, headers: dict[str, str], data: Any) -> Answer:
        parts = urlsplit(url)
        if parts.path.endswith("/token"):
            token = f"token {len(self.tokens)} {id(data)}"
            self.tokens.add(token)
            return _answer(200, {"access_token": token, "expires_in": 3600})
        if headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
            return _answer(401)
        if parts.path.endswith("/scores"):
            return self._take(json.loads(data))
        (user,) = parse_qs(parts.query)["user_id"]
        given, at = self.grades.get(user, (0.0, _START))
        shown = {"resultScore": given, "resultMaximum": 100, "timestamp": at.isoformat()}
        return _answer(200, [{"userId": user, **(shown if given else {})}])

    def _take(self, body: dict[str, Any]) -> Answer:
        at = datetime.fromisoformat(body["timestamp"])
        there = self.grades.get(body["userId"])
        if there is not None and at <= there[1]:
            self.refused_stale += 1
            return _answer(409)
        self.grades[body["userId"]] = (body["scoreGiven"], at)
        return _answer(200)


def _answer(status: int, body: Any = None, **headers: str) -> Answer:
    raw = b"" if body is None else json.dumps(body).encode()
    return Answer(status, HTTPHeaderDict(headers), raw)


class Misfortune(RuleBasedStateMachine):
    """Three people, one column, and whatever comes."""

    template: Path
    folder: Path
    keys_dir: Path
    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.patch = pytest.MonkeyPatch()
        for module in (services, tokens):
            self.patch.setattr(module, "call", self.model.call)
        self.travel = time_machine.travel(_START, tick=False)
        self.clock = self.travel.start()
        path = self.folder / "tool.sqlite"
        for old in self.folder.glob("tool.sqlite*"):
            old.unlink()
        shutil.copy(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        event.listen(self.database.engine, "connect", _hurry)
        self.settings = load_settings(
            {
                "LTI_TOOL_DEMO": "1",
                "LTI_TOOL_INSTANCE_DIR": str(self.folder),
                "LTI_TOOL_KEYS_DIR": str(self.keys_dir),
            }
        )
        self.wanted: dict[str, float] = {}

    @initialize()
    def course(self) -> None:
        """A column and the people in it."""
        with self.database.write() as session:
            course = builders.build_course(session, self.settings, _VALUES)
            builders.build_assignment(
                session, self.settings, course, line_item_url=f"{_ROOT}/l?type_id=1"
            )
            self.person = {s: builders.build_person(session, course, s) for s in ("5", "6", "7")}
            self.column = session.scalars(select(LineItem.id)).one()

    @rule(sub=st.sampled_from(["5", "6", "7"]), mark=st.integers(0, 100))
    def release(self, sub: str, mark: int) -> None:
        """A marker releases a mark."""
        with self.database.write() as session:
            enqueue(session, self.column, self.person[sub], Decimal(mark), Decimal(100), "", None)
        self.wanted[sub] = mark

    @precondition(lambda self: self.wanted)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """A tutor sends a mark again."""
        sub = data.draw(st.sampled_from(sorted(self.wanted)))
        with self.database.write() as session:
            number = session.scalars(
                select(Delivery.id).where(Delivery.person_id == self.person[sub])
            ).one()
            send_again(session, number)

    @rule(faults=st.lists(st.sampled_from(FAULTS), max_size=6))
    def work(self, faults: list[str]) -> None:
        """A worker wakes and meets these faults."""
        self.model.faults = list(faults)
        self._step()

    @rule(
        faults=st.lists(st.sampled_from(FAULTS), max_size=4),
        mark=st.integers(0, 100),
        sub=st.sampled_from(["5", "6", "7"]),
    )
    def release_in_mid_send(self, faults: list[str], mark: int, sub: str) -> None:
        """Better marks are released while a worker is calling."""
        self.release(sub, mark)
        self.model.faults = list(faults)
        real = self.model.call
        left = [1]

        def call(*arguments: Any, **values: Any) -> Answer:
            try:
                return real(*arguments, **values)
            finally:
                if left[0]:
                    left[0] = 0
                    for number, other in enumerate(sorted(self.wanted), 1):
                        self.release(other, (mark + 7 * number) % 101)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(services, "call", call)
            self._step()

    @rule(seconds=st.sampled_from([0.3, 1.0, 5.0, 25.0, 90.0, 700.0, -2.0, -40.0]))
    def time_passes(self, seconds: float) -> None:
        """Or is put back."""
        self.clock.shift(timedelta(seconds=seconds))

    @invariant()
    def delivered_means_shown(self) -> None:
        """What we call delivered is the last release, and the gradebook shows it."""
        with self.database.read() as session:
            rows = session.execute(
                select(Person.sub, Delivery.score_given)
                .join(Person, Person.id == Delivery.person_id)
                .where(Delivery.state == "delivered")
            ).all()
        for sub, given in rows:
            assert self.model.grades[sub][0] == given == self.wanted[sub]

    def _step(self) -> None:
        with suppress(Killed):
            worker.drain(self.database, self.settings)

    def teardown(self) -> None:
        """The platform is well again, and all comes right by itself, or by one person's act."""
        try:
            self._come_right()
        finally:
            self.travel.stop()
            self.patch.undo()
            self.database.engine.dispose()

    def _come_right(self) -> None:
        self.model.faults = []
        for _ in range(40):
            self._step()
            self.clock.shift(timedelta(seconds=100))
        with self.database.read() as session:
            rows = session.execute(select(Delivery.person_id, Delivery.state, Delivery.reason))
            states = {person: (state, reason) for person, state, reason in rows}
        subs = {number: sub for sub, number in getattr(self, "person", {}).items()}
        for person, (state, reason) in states.items():
            assert state == "delivered", (subs[person], state, reason)
        shown = {sub: mark for sub, (mark, _) in self.model.grades.items()}
        assert shown == self.wanted


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def test_the_last_release_wins_whatever_happens(
    sqlite_template: Path, tmp_path: Path, keys_dir: Path
) -> None:
    machine = type(
        "OneMisfortune",
        (Misfortune,),
        {"template": sqlite_template, "folder": tmp_path, "keys_dir": keys_dir},
    )
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            phases=(Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
