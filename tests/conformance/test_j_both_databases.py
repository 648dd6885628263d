"""Cases 180, 181 and 186 on SQLite and on PostgreSQL: registering, waiting, approving, updating."""

import threading
from collections.abc import Iterator

import pytest
import requests

from tests.conformance.cases import case
from tests.support.registering import Registering, is_refused
from tests.support.registering_platform import registering_platform


@pytest.fixture(params=["tool", "postgres_tool"])
def way(request: pytest.FixtureRequest) -> Iterator[Registering]:
    with registering_platform() as platform:
        yield Registering(request.getfixturevalue(request.param), platform)


@case(180, "happy path with registration_token; close message posted; waits for approval")
def test_case_180_pending_then_approved(way: Registering) -> None:
    assert "waiting for approval" in way.register()
    row = way.row()
    assert not row.is_approved and way.login().headers["X-Reason-Code"] == "registration_pending"
    assert "is approved" in way.tool.must("registration", "approve", str(row.id))
    assert way.row().is_approved and way.login().status_code == 302
    acts = way.tool.execute(
        "SELECT act, actor FROM audit_entry WHERE subject_kind = 'registration' "
        "AND subject_id = :id ORDER BY id",
        id=row.id,
    )
    assert [tuple(one) for one in acts] == [
        ("registration added", "platform"),
        ("registration approved", "operator"),
    ]


@case(186, "same issuer and client id again: no silent take-over")
def test_case_186_proposed_then_approved(way: Registering) -> None:
    way.register(way.invite())
    before = way.row()
    way.platform.configuration_changes = {"jwks_uri": f"{way.platform.url}/other-keys"}
    way.platform.deployment_id = "66"
    assert "stays as it was" in way.register()
    assert tuple(way.row()) == tuple(before)
    assert "proposed" in way.tool.must("registration", "approve", str(before.id))
    after = way.row()
    assert after.jwks_url.endswith("/other-keys") and after.id == before.id
    found = way.tool.execute(
        "SELECT deployment_id FROM deployment WHERE registration_id = :id ORDER BY id", id=after.id
    )
    assert [one.deployment_id for one in found] == ["1", "66"]


@case(186, "same issuer and client id again: no silent take-over")
def test_case_186_an_invited_update(way: Registering) -> None:
    way.register(way.invite())
    way.platform.configuration_changes = {"jwks_uri": f"{way.platform.url}/new-keys"}
    assert way.press(way.ask(way.invite(), "reg-update")).status_code == 200
    assert way.row().jwks_url.endswith("/new-keys") and way.login().status_code == 302


@case(181, "no token; expired or reused invitation")
def test_case_181_an_invitation_pressed_twice_at_once_counts_once(way: Registering) -> None:
    invitation = way.invite()
    pages = [way.ask(invitation) for _ in range(3)]
    start, answers = threading.Barrier(3), []

    def press(page: requests.Response) -> None:
        start.wait()
        answers.append(way.press(page))

    threads = [threading.Thread(target=press, args=(page,)) for page in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(answer.status_code for answer in answers) < 500
    used = way.tool.execute(
        "SELECT id FROM invitation WHERE registration_id = :id", id=way.row().id
    )
    assert way.row().is_approved and len(used) == 1
    is_refused(way.ask(invitation), "invitation_used")
