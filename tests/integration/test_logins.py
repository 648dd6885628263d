"""Which logins are kept, on both databases: PostgreSQL is asked once, SQLite is read first."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from lti_tool.db import Database
from lti_tool.lti.models import Deployment, PendingLogin, Registration
from lti_tool.lti.registrations import RegistrationValues, add_registration
from tests.support.launching import Launching
from tests.support.platform import serve_platforms
from tests.support.statements import heard
from tests.support.visiting import make_world


@pytest.fixture
def launching(tmp_path: Path, database: Database) -> Iterator[Launching]:
    with serve_platforms() as server:
        world = make_world(
            tmp_path, database, LTI_TOOL_ALLOW_HTTP="1", LTI_TOOL_REFUSALS_PER_MINUTE="1000"
        )
        yield Launching.begin(world, server)


def _count(launching: Launching) -> int:
    with launching.world.database.read() as session:
        return session.scalar(select(func.count()).select_from(PendingLogin)) or 0


def _change(launching: Launching, table: type[Any], **values: Any) -> None:
    with launching.world.database.write() as session:
        session.execute(update(table).values(**values))


def _refusal(launching: Launching, **changes: Any) -> str:
    """The reason code of a login that is refused; it writes nothing about itself."""
    database = launching.world.database
    with heard(database) as seen:
        answer = launching.log_in(launching.browser(), **changes)
    assert answer.status_code >= 400 and _count(launching) == 0
    kept = [one for one in seen if one.startswith("INSERT INTO pending_login")]
    assert not (kept and database.is_sqlite), "a refusal holds up no writer"
    return answer.text.split("quote reason <code>")[1].split("</code>")[0]


def _another(launching: Launching) -> None:
    """The same issuer's second client."""
    values = {**launching.platform.registration(), "client_id": "another"}
    with launching.world.database.write() as session:
        add_registration(session, launching.world.settings, RegistrationValues(**values))


@pytest.mark.parametrize("left_out", ["", "client_id", "lti_deployment_id"])
def test_a_login_is_kept_with_what_it_means(launching: Launching, left_out: str) -> None:
    changes = {left_out: None} if left_out else {}
    answer = launching.log_in(launching.browser(), **changes)
    assert answer.status_code == 302
    assert answer.location.startswith(launching.platform.auth_login_url)
    assert f"client_id={launching.platform.client_id}" in answer.location
    with launching.world.database.read() as session:
        (row,) = session.execute(select(PendingLogin.registration_id, PendingLogin.deployment_hint))
        number = session.scalar(
            select(Registration.id).where(Registration.client_id == launching.platform.client_id)
        )
    hint = None if left_out == "lti_deployment_id" else launching.platform.deployment_ids[0]
    assert tuple(row) == (number, hint)


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
