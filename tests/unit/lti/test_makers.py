"""Whose frames and answers a maker's shared issuer stands for."""

from typing import Any

import pytest

from lti_tool.lti.makers import frame_origins, is_customers_site
from lti_tool.lti.vocabulary import AGS_ENDPOINT, LAUNCH_PRESENTATION, NRPS, TOOL_PLATFORM

_CANVAS = "https://sso.canvaslms.com/api/lti/authorize_redirect"
_OWN = "https://learn.example.ac.uk"


def test_a_platform_of_its_own_is_framed_by_itself_alone() -> None:
    login = "https://moodle.example.ac.uk/mod/lti/auth.php"
    assert frame_origins(login) == ("https://moodle.example.ac.uk",)
    back = "https://moodle.example.ac.uk/mod/lti/return.php?course=2&sesskey=abc"
    assert frame_origins(login, back, None) == ("https://moodle.example.ac.uk",)


def test_a_makers_customers_frame_us_and_the_site_that_was_signed_does() -> None:
    assert frame_origins(_CANVAS, f"{_OWN}/courses/3?x=1") == (
        "https://sso.canvaslms.com",
        "https://*.instructure.com",
        _OWN,
    )


@pytest.mark.parametrize(
    "signed",
    [
        "https://a;b.example/x",
        "https://*/x",
        "https://*.example/x",
        "https://a b.example",
        "javascript:alert(1)",
        "https://[::1/x",
        "https://a.example:99999/x",
        "https:///x",
        "data:text/html,x",
        "",
    ],
)
def test_nothing_odd_gets_into_the_policy(signed: str) -> None:
    assert frame_origins(_CANVAS, signed) == frame_origins(_CANVAS)


def test_a_login_address_elsewhere_brings_no_maker_along() -> None:
    login = "https://sso.canvaslms.com.evil.example/api/lti/authorize_redirect"
    assert frame_origins(login) == ("https://sso.canvaslms.com.evil.example",)


@pytest.mark.parametrize(
    "claims",
    [
        {TOOL_PLATFORM: {"url": f"{_OWN}/"}},
        {AGS_ENDPOINT: {"lineitems": f"{_OWN}/learn/api/v1/lti/courses/_1_1/lineItems"}},
        {NRPS: {"context_memberships_url": f"{_OWN}/learn/x?placement_id=_5_1"}},
        {LAUNCH_PRESENTATION: {"return_url": f"{_OWN}/back"}},
    ],
)
def test_a_customers_own_domain_is_known_by_what_the_same_message_names(claims: Any) -> None:
    url = f"{_OWN}/webapps/blackboard/controller/lti/v2/deeplinking"
    assert is_customers_site(url, "https://blackboard.com", claims)
    assert not is_customers_site(url, "https://moodle.example.ac.uk", claims)
    assert not is_customers_site("https://else.example/x", "https://blackboard.com", claims)
    assert not is_customers_site(url.replace("https", "http"), "https://blackboard.com", claims)


@pytest.mark.parametrize("odd", [None, 7, [], "x", {"url": 7}, {"url": None}, {"url": "https://["}])
def test_odd_claims_name_no_site(odd: Any) -> None:
    url = f"{_OWN}/deeplinking"
    assert not is_customers_site(url, "https://blackboard.com", {TOOL_PLATFORM: odd, NRPS: odd})
