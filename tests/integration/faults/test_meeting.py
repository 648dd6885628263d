"""Two do the same at the same moment: one is refused in words, and keeps what they typed."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lti_tool.core import clock
from lti_tool.coursework.models import RulesVersion
from lti_tool.coursework.versions import keep_version
from lti_tool.db import Database
from lti_tool.people import views
from lti_tool.people.models import UsedCode
from tests.support.postgres import new_database
from tests.support.visiting import Visitor, World, make_world


@pytest.fixture
def world(tmp_path: Path, database: Database) -> World:
    return make_world(tmp_path, database)


@pytest.fixture
def busy(tmp_path: Path, postgres_url: str) -> Iterator[World]:
    """One on PostgreSQL, where two can write at the same moment."""
    database = Database(new_database(postgres_url))
    yield make_world(tmp_path, database)
    database.engine.dispose()


def _code(name: str) -> dict[str, Any]:
    return {"code_digest": name, "lapses_at": clock.now()}


def _keep(database: Database, *names: str) -> None:
    with database.write() as session:
        session.execute(insert(UsedCode), [_code(name) for name in names])


def _hold(session: Session, name: str) -> None:
    session.execute(select(UsedCode.id).where(UsedCode.code_digest == name).with_for_update())


def _post(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, act: Callable[[Session], object]
) -> tuple[int, str]:
    """Send a form whose act does this."""
    monkeypatch.setattr(views, "keep_display", lambda session, *_about: act(session))
    answer = visitor.post("display", {"size": "large", "a_note": "What I typed"})
    return answer.status_code, answer.text


def test_who_makes_the_same_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = world.let_in("5", "participant")
    _keep(world.database, "made")
    status, page = _post(
        visitor, monkeypatch, lambda session: session.execute(insert(UsedCode), [_code("made")])
    )
    assert status == 409 and "same_moment" in page and "What I typed" in page
    assert "Somebody else was faster" in page and "Copy what you typed" in page


def test_who_waits_for_each_other_is_told(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = busy.let_in("5", "participant")
    _keep(busy.database, "one", "two")
    has_one, has_two = threading.Event(), threading.Event()

    def other() -> None:
        with busy.database.write() as session:
            _hold(session, "two")
            has_two.set()
            assert has_one.wait(10)
            time.sleep(0.3)
            _hold(session, "one")

    def act(session: Session) -> None:
        assert has_two.wait(10)
        _hold(session, "one")
        has_one.set()
        _hold(session, "two")

    thread = threading.Thread(target=other)
    thread.start()
    status, page = _post(visitor, monkeypatch, act)
    thread.join(15)
    assert status == 409 and "same_moment" in page and "What I typed" in page


def test_two_who_set_the_first_work_of_a_kind_get_one_version(busy: World) -> None:
    numbers: list[int] = []
    document = {"rules": "of a new kind"}

    def set_work() -> None:
        with busy.database.write() as session:
            numbers.append(keep_version(session, RulesVersion, "new-kind", document))

    with busy.database.write() as session:
        first = keep_version(session, RulesVersion, "new-kind", document)
        thread = threading.Thread(target=set_work)
        thread.start()
        time.sleep(0.3)
        assert numbers == [], "it waits for the first"
    thread.join(15)
    assert numbers == [first] == [1]


def test_another_document_at_the_same_moment_is_the_next_version(busy: World) -> None:
    numbers: list[int] = []

    def set_work() -> None:
        with busy.database.write() as session:
            numbers.append(keep_version(session, RulesVersion, "new-kind", {"rules": "b"}))

    with busy.database.write() as session:
        keep_version(session, RulesVersion, "new-kind", {"rules": "a"})
        thread = threading.Thread(target=set_work)
        thread.start()
        time.sleep(0.3)
    thread.join(15)
    assert numbers == [2]
