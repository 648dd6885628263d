"""What a login means, and what of it is kept, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.lti import login_registration
from lti_tool.lti.models import Deployment, Registration, UsedLogin, WaitingLogin
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.lti.states import unseal
from lti_tool.people.sweep import sweep
from tests.support.door import STUDENT_VIEW
from tests.support.launching import Launching
from tests.support.platform import serve_platforms
from tests.support.statements import heard
from tests.support.visiting import make_world

IN_FRAME = {"Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def launching(tmp_path: Path, database: Database) -> Iterator[Launching]:
    with serve_platforms() as server:
        world = make_world(
            tmp_path, database, LTI_TOOL_ALLOW_HTTP="1", LTI_TOOL_REFUSALS_PER_MINUTE="1000"
        )
        yield Launching.begin(world, server)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock of what is near stands still, and goes on when it is told."""

    began = monotonic()

    def go_on(seconds: float) -> None:
        monkeypatch.setattr(login_registration, "monotonic", lambda: began + seconds)

    go_on(0)
    return go_on


def _count(launching: Launching, table: type[Any] = WaitingLogin) -> int:
    with launching.world.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _change(launching: Launching, table: type[Any], **values: Any) -> None:
    with launching.world.database.write() as session:
        session.execute(update(table).values(**values))


def _reason(answer: TestResponse) -> str:
    return answer.text.split("quote reason <code>")[1].split("</code>")[0]


def _refusal(launching: Launching, **changes: Any) -> str:
    """The reason code of a login that is refused, in a frame and out of it alike; it writes
    nothing about itself."""
    reasons = set()
    for headers in ({}, IN_FRAME):
        with heard(launching.world.database) as seen:
            answer = launching.log_in(launching.browser(), headers, **changes)
        assert answer.status_code >= 400 and _count(launching) == 0
        assert not [one for one in seen if one.startswith("INSERT INTO waiting_login")]
        reasons.add(_reason(answer))
    [reason] = reasons
    return reason


def _number(launching: Launching) -> int | None:
    with launching.world.database.read() as session:
        named = Registration.client_id == launching.platform.client_id
        return session.scalar(select(Registration.id).where(named))


def _another(launching: Launching) -> None:
    """The same issuer's second client."""
    values = {**launching.platform.registration(), "client_id": "another"}
    with launching.world.database.write() as session:
        add_registration(session, launching.world.settings, RegistrationValues(**values))


@pytest.mark.parametrize("left_out", ["", "client_id", "lti_deployment_id"])
def test_a_login_is_sent_on_with_what_it_means_and_is_kept_nowhere(
    launching: Launching, left_out: str
) -> None:
    changes = {left_out: None} if left_out else {}
    with heard(launching.world.database) as seen:
        answer = launching.log_in(launching.browser(), **changes)
    assert answer.status_code == 302
    assert answer.location.startswith(launching.platform.auth_login_url)
    assert f"client_id={launching.platform.client_id}" in answer.location
    sealed = parse_qs(urlsplit(answer.location).query)["state"][0]
    state = unseal(launching.world.settings.secret_key, sealed)
    assert state is not None and state.registration_id == _number(launching)
    assert state.fits_deployment(launching.platform.deployment_ids[0])
    assert state.fits_deployment("another") is (left_out == "lti_deployment_id")
    assert {one.split()[0] for one in seen} <= {"SELECT"} and not _count(launching)


@pytest.mark.parametrize("left_out", ["", "client_id", "lti_deployment_id"])
def test_in_a_frame_it_waits_with_what_it_means(launching: Launching, left_out: str) -> None:
    changes = {left_out: None} if left_out else {}
    answer = launching.log_in(launching.browser(), IN_FRAME, **changes)
    assert answer.status_code == 302 and answer.location.startswith("/lti/login/")
    with launching.world.database.read() as session:
        [row] = session.execute(select(WaitingLogin.registration_id, WaitingLogin.deployment_hint))
    hint = None if left_out == "lti_deployment_id" else launching.platform.deployment_ids[0]
    assert tuple(row) == (_number(launching), hint)


def test_an_unknown_platform_or_client_is_told(launching: Launching) -> None:
    assert _refusal(launching, iss="https://nobody.example") == "issuer_unknown"
    assert _refusal(launching, client_id="nobody") == "client_unknown"


def test_what_is_switched_off_is_told(launching: Launching) -> None:
    _change(launching, Deployment, is_enabled=False)
    assert _refusal(launching) == "deployment_disabled"
    _change(launching, Registration, is_approved=False)
    assert _refusal(launching) == "registration_pending"
    _change(launching, Registration, is_enabled=False)
    assert _refusal(launching) == "registration_disabled"


def test_a_deployment_nobody_knows_yet_is_left_to_the_message(launching: Launching) -> None:
    _change(launching, Deployment, is_enabled=False)
    assert launching.log_in(launching.browser(), lti_deployment_id="new").status_code == 302


def test_one_of_two_clients_must_be_named(launching: Launching) -> None:
    _another(launching)
    assert _refusal(launching, client_id=None) == "client_ambiguous"
    answer = launching.log_in(launching.browser(), client_id="another")
    assert answer.status_code == 302 and "client_id=another" in answer.location


def test_logins_of_the_same_moment_ask_for_their_registration_once(
    launching: Launching, later: Any
) -> None:
    asked = []
    for seconds in (0, 0.2, 0.3):
        later(seconds)
        with heard(launching.world.database) as seen:
            assert launching.log_in(launching.browser()).status_code == 302
        asked.append(len(seen))
    assert asked == [1, 0, 1]


def test_an_unknown_deployment_is_asked_for_each_time(launching: Launching) -> None:
    for _ in range(2):
        with heard(launching.world.database) as seen:
            answer = launching.log_in(launching.browser(), lti_deployment_id="unknown")
            assert answer.status_code == 302
        assert len(seen) == 1


@pytest.mark.parametrize(
    ("table", "switch", "reason"),
    [
        (Registration, "is_enabled", "registration_disabled"),
        (Registration, "is_approved", "registration_pending"),
        (Deployment, "is_enabled", "deployment_disabled"),
    ],
    ids=["registration", "approval", "deployment"],
)
def test_what_was_switched_off_a_moment_ago_lets_nobody_in(
    launching: Launching, later: Any, table: type[Any], switch: str, reason: str
) -> None:
    """A visit may still begin in the same moment; none of its pages opens."""
    assert STUDENT_VIEW in launching.enter("somebody").text
    _change(launching, table, **{switch: False})
    answer = launching.enter("somebody")
    assert answer.status_code == 401 and STUDENT_VIEW not in answer.text
    begun = launching.browser()
    asked = launching.ask(begun)
    later(0.3)
    assert _refusal(launching) == reason
    assert _reason(launching.answer(begun, asked)) == reason


@pytest.mark.parametrize("table", [Registration, Deployment], ids=["registration", "deployment"])
def test_what_was_switched_on_a_moment_ago_lets_everybody_in(
    launching: Launching, later: Any, table: type[Any]
) -> None:
    """What is shut is remembered by nobody."""
    begun = launching.browser()
    asked = launching.ask(begun)
    later(0.3)
    _change(launching, table, is_enabled=False)
    assert _reason(launching.answer(begun, asked)).endswith("_disabled")
    _change(launching, table, is_enabled=True)
    assert STUDENT_VIEW in launching.enter("somebody").text


def test_launches_of_the_same_moment_ask_for_their_registration_once(
    launching: Launching, later: Any
) -> None:
    assert STUDENT_VIEW in launching.enter("somebody").text
    asked = []
    for seconds in (0.3, 0.4):
        later(seconds)
        with heard(launching.world.database) as seen:
            assert STUDENT_VIEW in launching.enter("somebody").text
        asked.append(sum("jwks_url" in one for one in seen))
    assert asked == [2, 0], "where to log in, and whose message it is"


def test_what_was_moved_is_found_at_its_new_address_a_moment_later(
    launching: Launching, later: Any
) -> None:
    launching.log_in(launching.browser())
    _change(launching, Registration, auth_login_url="https://moved.example/auth")
    later(0.3)
    assert launching.log_in(launching.browser()).location.startswith("https://moved.example/auth?")


def test_a_used_login_is_noted_for_longer_than_its_state_is_believed(
    launching: Launching,
) -> None:
    assert STUDENT_VIEW in launching.enter("somebody").text
    for minutes, left in ((11, 1), (21, 0)):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            sweep(launching.world.database)
        assert _count(launching, UsedLogin) == left
