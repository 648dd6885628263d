"""The administrator's page of the connection: who sees it, what it shows, what a check says."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from lti_tool.launch.registering_words import manual_values
from lti_tool.lti import limits
from lti_tool.lti.keys import published_keys
from lti_tool.lti.messages import AgsEndpoint
from lti_tool.lti.models import Deployment, Registration
from lti_tool.lti.registering import SCOPES
from lti_tool.lti.registrations import RegistrationValues, add_registration
from tests.support.registering_platform import RegisteringPlatform, Said, registering_platform
from tests.support.signing import jwk, rsa_key
from tests.support.visiting import ISSUER, Visitor, World, make_world

ADMIN = "admin tutor"
CERTS, TOKEN = "/mod/lti/certs.php", "/mod/lti/token.php"


@pytest.fixture
def platform() -> Iterator[RegisteringPlatform]:
    """A platform where all is well; it serves the tool's key set too."""
    with registering_platform() as one:
        token = {"access_token": "t", "expires_in": 3600, "scope": " ".join(SCOPES)}
        keys = {"keys": [jwk(rsa_key("first"), "k1")]}
        one.said[CERTS] = Said(body=json.dumps(keys).encode())
        one.said[TOKEN] = Said(body=json.dumps(token).encode(), content_type="text/html")
        one.said["/roster"] = Said(body=b'{"members": [{"user_id": "5", "roles": ["Learner"]}]}')
        one.said["/columns"] = Said(body=b"[]")
        yield one


@pytest.fixture
def here(tmp_path: Path, platform: RegisteringPlatform) -> World:
    """A tool with two registrations: one elsewhere, and one whose platform answers over HTTP."""
    world = make_world(tmp_path, LTI_TOOL_ALLOW_HTTP="1", LTI_TOOL_BASE_URL=platform.url)
    ours = published_keys(world.settings.keys_dir, world.settings.secret_key)
    platform.said["/lti/jwks.json"] = Said(body=json.dumps(ours).encode())
    return world


def _launch_fields(world: World, url: str) -> dict[str, Any]:
    """Fields of a launch from the platform at `url`, which is registered here."""
    values = RegistrationValues(
        name="Answering",
        issuer=url,
        client_id="answering-client",
        deployment_ids=("77",),
        auth_login_url=f"{url}/mod/lti/auth.php",
        auth_token_url=url + TOKEN,
        jwks_url=url + CERTS,
    )
    with world.database.write() as session:
        number, _ = add_registration(session, world.settings, values)
        row = session.get_one(Registration, number)
        row.scopes = " ".join(SCOPES[:-1])
        deployment = session.scalars(
            select(Deployment.id).where(Deployment.registration_id == number)
        ).one()
        return {
            "registration_id": number,
            "platform_id": row.platform_id,
            "deployment_id": deployment,
            "memberships_url": f"{url}/roster",
            "ags": AgsEndpoint(f"{url}/columns", f"{url}/columns/1", SCOPES[:4]),
        }


def _admin(world: World, platform: RegisteringPlatform) -> Visitor:
    return world.let_in("2", ADMIN, **_launch_fields(world, platform.url))


def _acts(world: World) -> list[Any]:
    with world.database.read() as session:
        query = "SELECT subject_id, actor_id, became FROM audit_entry WHERE act = :act"
        return list(session.execute(text(query), {"act": "connection checked"}))


@pytest.mark.parametrize(
    ("role", "sees"),
    [(ADMIN, True), ("admin", True), ("tutor", False), ("participant", False), ("", False)],
)
def test_only_an_administrator_sees_it(world: World, role: str, sees: bool) -> None:
    visitor = world.let_in("2", role)
    assert (visitor.get("connection/").status_code == 200) is sees
    landing = visitor.get("")
    if landing.status_code == 303:
        landing = visitor.get(landing.headers["Location"].removeprefix(visitor.url("")))
    assert ('/connection/">Connection</a>' in landing.get_data(as_text=True)) is sees
    if not sees:
        for answer in (visitor.get("connection/"), visitor.post("connection/")):
            assert answer.status_code == 403
            assert "administrators of your course site" in answer.get_data(as_text=True)
        assert _acts(world) == []


def test_an_administrator_who_looks_as_a_participant_does_not_see_it(world: World) -> None:
    world.let_in("2", ADMIN)
    assert world.let_in("2", "admin participant").get("connection/").status_code == 403


def test_an_unnamed_administrator_reaches_the_connection_and_no_work(world: World) -> None:
    """Where markers must be named, administering a site names nobody."""
    admin = world.let_in("2", ADMIN)
    with world.database.write() as session:
        session.execute(text("UPDATE context SET requires_grant = true"))
    assert admin.get("connection/").status_code == 200
    assert admin.get("marking/").status_code == 403


def test_it_shows_its_own_connection_and_no_other(
    here: World, platform: RegisteringPlatform
) -> None:
    here.let_in("2", ADMIN)
    page = _admin(here, platform).get("connection/").get_data(as_text=True)
    for words in (
        platform.url, "answering-client", "77", platform.url + CERTS, platform.url + TOKEN,
        "Send marks and feedback", "Asked for, and not granted", "It has not been checked",
        "/lti/launch", "Redirection URI(s)", "context_history=$Context.id.history",
    ):  # fmt: skip
        assert words in page, words
    assert ISSUER not in page
    assert "Person" not in page and "sesskey" not in page


def test_a_check_where_all_is_well(here: World, platform: RegisteringPlatform) -> None:
    admin = _admin(here, platform)
    answer = admin.post("connection/")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Nothing to change." in page and "To change" not in page
    assert page.count(">Well<") == 8, "registration, keys, clocks, ours, pass, services, both"
    assert "could not be told" not in page
    ((subject, actor, became),) = _acts(here)
    assert subject != here.registration_id and actor is not None
    assert json.loads(became) == {"problems": [], "not_told": []}
    assert "Last checked" in admin.get("connection/").get_data(as_text=True)
    other = here.let_in("2", ADMIN)
    assert "It has not been checked" in other.get("connection/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "said", "words"),
    [
        (TOKEN, Said(404, b"<!DOCTYPE html>\n<html>", "text/html"), "cURL blocked hosts list"),
        (
            TOKEN,
            Said(body=json.dumps({"access_token": "t", "scope": " ".join(SCOPES[:-1])}).encode()),
            "IMS LTI Names and Role Provisioning",
        ),
        (CERTS, Said(404, b"<html>", "text/html"), "Public keyset URL"),
        ("/columns", Said(401), "Use this service for grade sync and column management"),
        (TOKEN, Said(400, b'{"error": "<script>alert(1)</script>"}'), "Public key type"),
    ],
)
def test_a_check_names_the_setting_to_change(
    here: World, platform: RegisteringPlatform, path: str, said: Said, words: str
) -> None:
    admin = _admin(here, platform)
    platform.said[path] = said
    page = admin.post("connection/").get_data(as_text=True)
    found = page[page.index("What the check found") : page.index("Check again")]
    assert words in found and "thing" in found and "Nothing to change" not in found
    assert "<script>alert" not in page
    first = re.findall(r"chip-(\w+)", found)[0]
    assert first == "danger", "what is to be changed comes first"
    ((_, _, became),) = _acts(here)
    assert json.loads(became)["problems"]
    assert "thing" in admin.get("connection/").get_data(as_text=True).split("Last checked")[1]


def test_a_check_of_a_silent_platform_ends(here: World, platform: RegisteringPlatform) -> None:
    admin = _admin(here, platform)
    for path in (CERTS, TOKEN, "/columns", "/roster"):
        platform.said[path] = Said(wait_s=60)
    here.app.extensions["lti_tool.settings"] = replace(here.settings, platform_timeout_s=1.0)
    answer = admin.post("connection/")
    assert answer.status_code == 200
    assert "No answer in time" in answer.get_data(as_text=True)


def test_nobody_is_held_up_while_a_platform_is_asked(
    here: World, platform: RegisteringPlatform
) -> None:
    """No transaction is open during a call: on SQLite another writer would wait for it."""
    admin = _admin(here, platform)
    platform.said[CERTS] = Said(404, b"", wait_s=3)
    checking = threading.Thread(target=admin.post, args=("connection/",))
    checking.start()
    deadline = time.monotonic() + 10
    while not any(asked.path == CERTS for asked in platform.asked):
        assert time.monotonic() < deadline, "the platform was not asked"
        time.sleep(0.01)
    with here.database.write() as session:
        session.execute(text("UPDATE context SET label = 'M1b'"))
    assert checking.is_alive(), "the write did not wait for the call to end"
    checking.join(20)
    assert len(_acts(here)) == 1


def test_a_platform_is_not_asked_without_end(here: World, platform: RegisteringPlatform) -> None:
    admin = _admin(here, platform)
    statuses = [admin.post("connection/").status_code for _ in range(limits.CHECKS_PER_MINUTE)]
    assert statuses == [200] * limits.CHECKS_PER_MINUTE
    calls = len(platform.asked)
    refused = admin.post("connection/")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) <= 61
    assert len(platform.asked) == calls
    assert len(_acts(here)) == limits.CHECKS_PER_MINUTE
    assert admin.get("connection/").status_code == 200, "looking is not limited"


def test_moodle_is_told_to_share_addresses_where_the_tool_can_write(tmp_path: Path) -> None:
    settings = make_world(tmp_path).settings
    for url, value in (("", "Never"), ("smtp://mail.example.ac.uk", "Always")):
        groups = dict(manual_values(replace(settings, mail_url=url)))
        (row,) = [one for one in groups["Privacy"] if "email" in one.label]
        assert row.value == value and "never a mark" in row.why, row
