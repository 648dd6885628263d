"""Pages at which people come in, without a visit or at its beginning."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from lti_tool.core import clock
from tests.integration.pages import work
from tests.support.registering_platform import RegisteringPlatform, registering_platform, token
from tests.support.visiting import ISSUER, World, make_world

TOOL = "https://tool.example"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return world.app.test_client()


@pytest.fixture
def platform() -> Iterator[RegisteringPlatform]:
    with registering_platform() as running:
        yield running


def _page(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, base_url=TOOL, headers=headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_front_leads_everybody_on(client: FlaskClient) -> None:
    page = _page(client, "/")
    for way in ("/confirm", "/mentor/link", "/connect", "/privacy"):
        assert f'href="{way}"' in page, way


def test_a_host_is_asked_for_the_code_alone(client: FlaskClient) -> None:
    page = _page(client, "/confirm")
    assert page.count("<input") == 1 and 'name="code"' in page


def test_every_address_that_moodle_asks_for_can_be_copied(client: FlaskClient) -> None:
    page = _page(client, "/connect")
    for path in ("/lti/login", "/lti/launch", "/lti/jwks.json"):
        assert f"{TOOL}{path}" in page, path
    keys = client.get("/lti/jwks.json", base_url=TOOL).get_json()
    assert [one["kty"] for one in keys["keys"]] == ["RSA"] and "d" not in keys["keys"][0]


def test_an_administrator_reads_what_is_asked_before_anything_is_sent(
    tmp_path: Path, platform: RegisteringPlatform
) -> None:
    client = make_world(tmp_path, LTI_TOOL_ALLOW_HTTP="1").app.test_client()
    query = f"openid_configuration={platform.configuration_url}&registration_token={token()}"
    page = _page(client, f"/lti/register?{query}")
    assert platform.url in page and "registration_token" not in page
    assert not platform.applications(), "nothing is sent by looking"


def test_without_the_cookie_in_a_frame_a_window_is_offered(client: FlaskClient) -> None:
    begun = client.get(
        f"/lti/login?iss={ISSUER}&login_hint=5&target_link_uri={TOOL}/lti/launch&client_id=client",
        base_url=TOOL,
        headers={"Sec-Fetch-Dest": "iframe"},
    )
    assert begun.status_code == 302
    without = client.application.test_client(use_cookies=False)
    page = _page(without, begun.headers["Location"], **{"Sec-Fetch-Dest": "iframe"})
    assert 'target="_blank"' in page


def test_a_tutor_chooses_among_every_activity(world: World) -> None:
    tutor = world.let_in("3", "tutor", **work.CHOOSING)
    answer = tutor.get("choose")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for title in ("Provision-map audit", "Placement log", "Quality standards checklist"):
        assert title in page, title


def test_work_that_was_prepared_and_not_added_is_offered_as_that_and_once(world: World) -> None:
    for _ in range(3):
        last = work.choose(world, "Tried")
    added = work.choose(world, "Added")
    place = {"resource_link_id": "8", "custom": {"resource_id": added}}
    world.let_in("3", "tutor", **place)
    page = world.let_in("3", "tutor", **work.CHOOSING).get("choose").get_data(as_text=True)
    assert "Already in this course: Added (out of 100)" in page
    assert "Already in this course: Tried" not in page
    today = clock.day(clock.now())
    assert (
        page.count(f"Prepared on {today}, not opened from the course yet: Tried (out of 100)") == 1
    )
    assert f'value="old:{last}"' in page, "the newest of those that look alike"


def test_who_finds_a_weakness_reads_whom_to_tell(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "config"
    config = shutil.copytree(shipped, tmp_path / "config")
    (config / "contacts.yaml").write_text(
        "security: mailto:security@example.ac.uk\nsecurity_expires: 2999-08-31\n", "utf-8"
    )
    named = make_world(tmp_path, LTI_TOOL_CONFIG_DIR=str(config)).app.test_client()
    answer = named.get("/.well-known/security.txt", base_url=TOOL)
    assert answer.mimetype == "text/plain"
    assert "Contact: mailto:security@example.ac.uk\n" in answer.get_data(as_text=True)
