"""Two do the same at the same moment: one is refused in words, and keeps what they typed."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lti_tool.core import clock
from lti_tool.coursework.models import RulesVersion, Submission
from lti_tool.coursework.operations import _keep_earlier
from lti_tool.coursework.own_work import Work
from lti_tool.coursework.versions import keep_version
from lti_tool.db import Database
from lti_tool.people import views
from lti_tool.people.models import UsedCode
from tests.integration.pages import work
from tests.support.databases import empty
from tests.support.visiting import Visitor, World, make_world


@pytest.fixture
def world(tmp_path: Path, database: Database) -> World:
    return make_world(tmp_path, database)


@pytest.fixture
def busy(tmp_path: Path, postgres_kept: str) -> Iterator[World]:
    """One on PostgreSQL, where two can write at the same moment."""
    empty(postgres_kept)
    database = Database(postgres_kept)
    yield make_world(tmp_path, database)
    database.engine.dispose()


def _code(name: str) -> dict[str, Any]:
    return {"code_digest": name, "lapses_at": clock.now()}


def _keep(database: Database, *names: str) -> None:
    with database.write() as session:
        session.execute(insert(UsedCode), [_code(name) for name in names])


def _hold(session: Session, name: str) -> None:
    session.execute(select(UsedCode.id).where(UsedCode.code_digest == name).with_for_update())


def _make(session: Session) -> None:
    session.execute(insert(UsedCode), [_code("made")])


def _add(session: Session) -> None:
    """As the session does it, when the request ends."""
    session.add(UsedCode(**_code("made")))


def _post(
    visitor: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Session], object],
    **headers: str,
) -> TestResponse:
    """Send a form whose act does this."""
    monkeypatch.setattr(views, "keep_display", lambda session, *_about: act(session))
    return visitor.post("display", {"size": "large", "a_note": "What I typed"}, headers=headers)


def _is_told(answer: TestResponse) -> None:
    page = answer.text
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "1"
    assert answer.headers["X-Reason-Code"] == "same_moment" and "What I typed" in page
    assert "Somebody else was faster" in page and "Copy what you typed" in page


@pytest.mark.parametrize("role", ["participant", "tutor"])
@pytest.mark.parametrize("act", [_make, _add])
def test_who_makes_the_same_is_told(
    busy: World, monkeypatch: pytest.MonkeyPatch, role: str, act: Callable[[Session], object]
) -> None:
    visitor = busy.let_in("5", role)
    _keep(busy.database, "made")
    _is_told(_post(visitor, monkeypatch, act))
    to_script = _post(visitor, monkeypatch, act, **{"X-Requested-With": "fetch"})
    assert to_script.status_code == 503, "which it sends again"
    assert "Copy" not in to_script.get_json()["sentence"]


@pytest.mark.parametrize("role", ["participant", "tutor"])
def test_a_mistake_of_ours_is_no_meeting(
    world: World, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    """SQLite lets one write at a time: what is there already was not made at that moment. And a
    row without what it must have is nobody's meeting."""
    visitor = world.let_in("5", role)

    def leave_out(session: Session) -> None:
        session.execute(insert(UsedCode), [{"lapses_at": clock.now()}])

    answer = _post(visitor, monkeypatch, leave_out)
    assert answer.status_code == 500 and "unexpected" in answer.text
    assert "tell your tutor the reference" in answer.text
    if world.database.is_sqlite:
        _keep(world.database, "made")
        assert _post(visitor, monkeypatch, _make).status_code == 500


@pytest.mark.parametrize("role", ["participant", "tutor"])
def test_who_waits_for_each_other_is_told(
    busy: World, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    visitor = busy.let_in("5", role)
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
    answer = _post(visitor, monkeypatch, act)
    thread.join(15)
    _is_told(answer)


def test_two_tabs_that_keep_the_same_earlier_draft_are_told_of_each_other(busy: World) -> None:
    """The second is not met by the draft that both keep, but by the work itself."""
    visitor = busy.let_in("5", "participant")
    work.bring_in(visitor)
    with busy.database.read() as session:
        row = session.execute(
            select(Submission.id, Submission.attempt, Submission.document, Submission.revision)
        ).one()
    begun = Work(*tuple(row), None, None, None, None)
    with busy.database.write() as session:
        _keep_earlier(session, begun, "bulk")
        done: list[int] = []

        def other() -> None:
            with busy.database.write() as theirs:
                _keep_earlier(theirs, begun, "bulk")
                done.append(1)

        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.3)
        assert done == []
    thread.join(15)
    assert done == [1]


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
