"""Cases 18 to 29: the certification's twelve known-bad payloads (guide, 6.1.1).

Each is signed with the platform's real key, so that only the fault itself can refuse it.
"""

from typing import Any

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.door import Door


@case(18, "no kid in the header")
@pytest.mark.parametrize("kid", [REMOVED, "", None, 7, ["x"]])
def test_case_018_no_kid(door: Door, kid: Any) -> None:
    door.refuses({}, "token_key_missing", header={"kid": kid})


@case(19, "incorrect kid in the header")
def test_case_019_incorrect_kid_costs_one_reading_of_the_keys(door: Door) -> None:
    platform = door.new_platform()
    door.enter(platform=platform)
    before = platform.jwks_hits
    door.refuses({}, "token_key_unknown", platform=platform, header={"kid": "imsglobal_unknown"})
    assert platform.jwks_hits - before == 1


@case(20, "wrong LTI version")
def test_case_020_wrong_version(door: Door) -> None:
    door.refuses({c.VERSION: "11.3"}, "claim_version")


@case(21, "no LTI version")
def test_case_021_no_version(door: Door) -> None:
    door.refuses({c.VERSION: REMOVED}, "claim_version")


@case(22, "the payload is no LTI launch")
def test_case_022_not_a_launch(door: Door) -> None:
    browser = door.browser()
    login = door.login(browser)
    token = door.platform.sign({"name": "somebody"})
    door.is_refusal(browser.post_launch(login.state, token), "claim_missing")


@case(22, "the payload is no LTI launch")
def test_case_022_a_login_of_another_kind(door: Door) -> None:
    claims = door.platform.claims("x", "student", {})
    removed = {name: REMOVED for name in claims if name.startswith("https://")}
    door.refuses(removed, "claim_missing", "claim_version")


@case(23, "required claims missing together")
def test_case_023_several_required_claims_missing(door: Door) -> None:
    names = ("aud", "iss", "sub", c.DEPLOYMENT_ID, c.ROLES)
    door.refuses(dict.fromkeys(names, REMOVED), "claim_missing")


@case(23, "required claims missing together")
@pytest.mark.parametrize("name", ["aud", "iss"])
def test_case_023_audience_or_issuer_missing(door: Door, name: str) -> None:
    door.refuses({name: REMOVED}, "claim_missing")


@case(24, "iat and exp invalid")
def test_case_024_times_long_past(door: Door) -> None:
    door.refuses({"iat": 11111, "exp": 22222}, "token_expired", "token_times")


@case(25, "message_type missing")
def test_case_025_no_message_type(door: Door) -> None:
    door.refuses({c.MESSAGE_TYPE: REMOVED}, "claim_missing")


@case(26, "roles missing")
def test_case_026_no_roles(door: Door) -> None:
    door.refuses({c.ROLES: REMOVED}, "claim_missing")


@case(27, "deployment_id missing")
def test_case_027_no_deployment(door: Door) -> None:
    door.refuses({c.DEPLOYMENT_ID: REMOVED}, "claim_missing")


@case(28, "resource_link or its id missing")
@pytest.mark.parametrize("link", [REMOVED, {}, {"title": "No id"}])
def test_case_028_no_resource_link(door: Door, link: Any) -> None:
    door.refuses({c.RESOURCE_LINK: link}, "claim_missing")


@case(29, "sub missing")
@pytest.mark.parametrize("role", ["student", "teacher"])
def test_case_029_no_sub(door: Door, role: str) -> None:
    page = door.refuses({"sub": REMOVED}, "subject_missing", role=role)
    assert "Ada" not in page.text and "Tess" not in page.text
