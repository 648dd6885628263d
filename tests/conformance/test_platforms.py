"""Launches in the shapes of Canvas, Blackboard, Brightspace, Sakai and Open edX.

Each file of `tests/fixtures/platforms/` says what a platform sends and where that is stated.
Every launch in it must be let in, land where its role belongs, and may stand in that platform's
frames. None of them was tried on a live platform here.
"""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest
from pytest_httpserver import HTTPServer

from lti_tool.lti.tokens import request_token
from lti_tool.settings import load_settings
from tests.support.choosing import PICKER, Picker
from tests.support.door import NO_ROLE_VIEW, STAFF_VIEW, STUDENT_VIEW, Door
from tests.support.platform_shapes import ShapedPlatform, read_shapes, shaped_platform

SHAPES = read_shapes()
LANDS = {
    "tutor": STAFF_VIEW,
    "participant": STUDENT_VIEW,
    "nobody": NO_ROLE_VIEW,
    "picker": PICKER,
}
LAUNCHES = [
    pytest.param(name, launch, id=f"{name}: {launch['name']}")
    for name, shape in SHAPES.items()
    for launch in shape["launches"]
]
_AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"


@pytest.fixture(scope="module")
def platforms(door: Door) -> dict[str, ShapedPlatform]:
    """Every shape, registered with the one tool."""
    found = {}
    for name, shape in SHAPES.items():
        found[name] = shaped_platform(door.server, door.tool.url, shape)
        door.tool.register_quickly(found[name].registration())
    return found


def _land(door: Door, platform: ShapedPlatform, launch: dict[str, Any]) -> Picker:
    """Log in and post the message with the fields this platform's form has."""
    browser = door.browser()
    begun = door.login(browser, platform)
    token = platform.sign(platform.claims(begun.nonce, "", launch["claims"]))
    answer = browser.post_launch(begun.state, token, **platform.shape.get("form", {}))
    return Picker(door, browser, door.enters(browser, answer))


def _choosing() -> list[Any]:
    return [one for one in LAUNCHES if one.values[1]["lands"] == "picker"]


def test_every_shape_says_where_it_is_stated_and_has_both_roles() -> None:
    assert set(SHAPES) == {"blackboard", "brightspace", "canvas", "open_edx", "sakai"}
    for name, shape in SHAPES.items():
        assert shape["filled_in"], name
        assert all(one["where"] and one["states"] for one in shape["sources"]), name
        assert {"tutor", "participant"} <= {one["lands"] for one in shape["launches"]}, name


@pytest.mark.parametrize(("name", "launch"), LAUNCHES)
def test_a_launch_is_let_in_and_may_stand_in_the_platforms_frame(
    door: Door, platforms: dict[str, ShapedPlatform], name: str, launch: dict[str, Any]
) -> None:
    page = _land(door, platforms[name], launch).page
    assert LANDS[launch["lands"]] in page.text
    policy = page.headers["Content-Security-Policy"]
    allowed = policy.split("frame-ancestors ")[1].split(";")[0].split()
    assert set(SHAPES[name]["framed_by"]) | set(launch.get("framed_by", [])) <= set(allowed)
    assert "*" not in allowed


@pytest.mark.parametrize(("name", "launch"), [one for one in LAUNCHES if "column" in one.values[1]])
def test_the_column_is_known_by_the_address_the_platform_gave(
    door: Door, platforms: dict[str, ShapedPlatform], name: str, launch: dict[str, Any]
) -> None:
    _land(door, platforms[name], launch)
    found = door.tool.execute(
        "SELECT line_item.url, line_item.line_items_url FROM line_item "
        "JOIN registration ON registration.id = line_item.registration_id "
        "WHERE registration.client_id = :client",
        client=platforms[name].client_id,
    )
    claim = {**SHAPES[name]["claims"], **launch["claims"]}[_AGS]
    assert (launch["column"], claim["lineitems"]) in [tuple(one) for one in found]


@pytest.mark.parametrize(("name", "launch"), _choosing())
def test_the_answer_to_a_deep_link_is_as_the_platform_wants_it(
    door: Door, platforms: dict[str, ShapedPlatform], name: str, launch: dict[str, Any]
) -> None:
    asked = launch["claims"][_SETTINGS]
    answer = _land(door, platforms[name], launch).answer({"maximum": "50", "title": "Our audit"})
    platform = platforms[name]
    assert (answer["iss"], answer["aud"]) == (platform.client_id, platform.issuer)
    assert answer.get("https://purl.imsglobal.org/spec/lti-dl/claim/data") == asked.get("data")
    assert answer.get("sub") == (
        platform.client_id if SHAPES[name].get("answer_has_subject") else None
    )
    (item,) = answer["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
    assert item["type"] == "ltiResourceLink" and item["title"] == "Our audit"
    assert ("lineItem" in item) == bool(asked.get("accept_lineitem"))


@pytest.mark.parametrize("name", list(SHAPES))
def test_a_token_is_asked_for_in_the_name_of_the_audience_the_platform_wants(
    door: Door, platforms: dict[str, ShapedPlatform], name: str, httpserver: HTTPServer
) -> None:
    """Brightspace has one audience for all sites; elsewhere it is the token address itself."""
    httpserver.expect_request("/token").respond_with_json({"access_token": "a", "expires_in": 9})
    own = SHAPES[name]["registration"]
    (kept,) = door.tool.execute(
        "SELECT client_id, auth_audience FROM registration WHERE client_id = :client",
        client=platforms[name].client_id,
    )
    url = httpserver.url_for("/token")
    registration = SimpleNamespace(**kept._mapping, auth_token_url=url)
    settings = load_settings(door.tool.env)
    assert request_token(settings, registration, "a-scope").status == 200
    ((asked, _),) = httpserver.log
    (assertion,) = parse_qs(asked.get_data(as_text=True))["client_assertion"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == own.get("auth_audience", url)
    assert claims["iss"] == claims["sub"] == own["client_id"]
