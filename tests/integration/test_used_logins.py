"""A login counts once: whatever else is wrong with what is posted again, and whenever it comes."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.lti.models import UsedLogin
from lti_tool.people import sweep
from lti_tool.people.models import Visit
from tests.support.launching import Launching
from tests.support.platform import serve_platforms
from tests.support.postgres import new_database
from tests.support.statements import heard
from tests.support.visiting import World, make_world


class Posting:
    """One person's login, and what they post to answer it, as often as they like."""

    def __init__(self, launching: Launching) -> None:
        self._launching, self._browser = launching, launching.browser()
        asked = launching.ask(self._browser)
        self._state, self._nonce = asked["state"], asked["nonce"]
        self._kept = dict(self._browser._cookies or {})

    def _post(self, **fields: str) -> TestResponse:
        # A launch takes the login's cookie away; who replays one has kept it.
        self._browser._cookies = dict(self._kept)
        return self._launching.post(self._browser, state=self._state, **fields)

    def forget_cookie(self) -> None:
        """The browser has not kept the login's."""
        self._kept = {}

    def launch(self, header: dict[str, str] | None = None) -> str:
        """`in`, or the reason why not."""
        platform = self._launching.platform
        said = {"sub": "somebody", "name": "Somebody"}
        token = platform.sign(platform.claims(self._nonce, "student", said), header or {})
        return _outcome(self._post(id_token=token))

    def stop(self) -> str:
        """The platform posts that it stopped the launch."""
        return _outcome(self._post(error="access_denied"))


def _outcome(answer: TestResponse) -> str:
    return "in" if answer.status_code == 303 else answer.headers["X-Reason-Code"]


def _launching(world: World) -> Iterator[Launching]:
    with serve_platforms() as server:
        yield Launching.begin(world, server)


@pytest.fixture
def launching(tmp_path: Path, database: Database) -> Iterator[Launching]:
    settings = {"LTI_TOOL_ALLOW_HTTP": "1", "LTI_TOOL_REFUSALS_PER_MINUTE": "1000"}
    yield from _launching(make_world(tmp_path, database, **settings))


def test_a_replay_is_told_of_as_such_whatever_else_is_wrong_with_it(launching: Launching) -> None:
    posting = Posting(launching)
    assert posting.launch() == "in"
    for number in range(8):
        assert posting.launch({"kid": f"nobody-{number}"}) == "state_unknown"
    assert posting.launch() == "state_unknown"
    posting.forget_cookie()
    assert posting.launch() == "state_unknown"
    assert posting.launch({"kid": "nobody"}) == "state_unknown"
    with launching.world.database.read() as session:
        assert len(session.scalars(select(Visit.id)).all()) == 1
    assert launching.platform.jwks_hits <= 1 + 5, "as many as any launches may ask for in a minute"


@pytest.mark.parametrize("ahead_s", [0, 3, 500])
def test_a_note_is_not_cleared_away_while_its_state_is_believed(
    launching: Launching, ahead_s: int
) -> None:
    """The worker's clock may be ahead of the web server's, and a launch may be slow."""
    with time_machine.travel(clock.now(), tick=False) as clock_of_web:
        posting = Posting(launching)
        clock_of_web.shift(500)
        assert posting.launch() == "in"
        clock_of_web.shift(98)
        clock_of_web.shift(ahead_s)
        sweep.sweep(launching.world.database)
        clock_of_web.shift(-ahead_s)
        assert posting.launch() == "state_unknown"


def test_after_a_restore_no_login_of_before_counts(launching: Launching) -> None:
    """Some of them were answered since the backup, which does not know it."""
    before = Posting(launching), Posting(launching)
    assert before[0].launch() == "in"
    with launching.world.database.write() as session:
        session.execute(text("DELETE FROM used_login"))
        sweep.end_all(session)
    assert [one.launch() for one in before] == ["state_unknown"] * 2
    with time_machine.travel(clock.now() + timedelta(seconds=2)):
        assert Posting(launching).launch() == "in"


def test_two_restores_after_one_another(launching: Launching) -> None:
    for _ in range(2):
        with launching.world.database.write() as session:
            sweep.end_all(session)
    with launching.world.database.read() as session:
        assert len(session.scalars(select(UsedLogin.id)).all()) == 1


def test_a_launch_that_the_platform_stopped_is_over(launching: Launching) -> None:
    posting = Posting(launching)
    assert posting.stop() == "platform_error"
    assert posting.launch() == "state_unknown"


def test_for_an_address_over_its_limit_nothing_is_written(
    tmp_path: Path, database: Database
) -> None:
    settings = {"LTI_TOOL_ALLOW_HTTP": "1", "LTI_TOOL_REFUSALS_PER_MINUTE": "2"}
    for launching in _launching(make_world(tmp_path, database, **settings)):
        assert {Posting(launching).stop() for _ in range(4)} == {"platform_error"}
        with heard(database) as seen:
            assert Posting(launching).stop() == "platform_error"
        assert {one.split()[0] for one in seen} <= {"SELECT", "BEGIN"}, seen
        with database.read() as session:
            assert len(session.scalars(select(UsedLogin.id)).all()) == 2


def _come(launching: Launching, answers: list[object]) -> None:
    framed = launching.log_in(launching.browser(), {"Sec-Fetch-Dest": "iframe"})
    answers.extend((framed.status_code, Posting(launching).launch()))


def test_a_login_waits_for_nobody_who_holds_the_registration(
    tmp_path: Path, postgres_url: str
) -> None:
    """Its row is shared by all logins of a campus, in a frame and out of it."""
    database = Database(new_database(postgres_url))
    for launching in _launching(make_world(tmp_path, database, LTI_TOOL_ALLOW_HTTP="1")):
        assert Posting(launching).launch() == "in"
        answers: list[object] = []
        coming = threading.Thread(target=_come, args=(launching, answers))
        with database.write() as session:
            session.execute(text("SELECT id FROM registration FOR UPDATE"))
            coming.start()
            coming.join(10)
            came = list(answers)
        coming.join()
        assert came == [302, "in"]
    database.engine.dispose()
