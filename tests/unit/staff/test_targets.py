"""Where somebody is led after signing in: to a page for staff and nowhere else."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.staff.access import page_of


@pytest.mark.parametrize("target", ["/staff/", "/staff/keys/", "/staff/registrations/12"])
def test_a_page_for_staff_is_kept(target: str) -> None:
    assert page_of(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/staff/",
        "/staff/../lti/login",
        "/staff/\\evil.example",
        "/v/abc/",
        "javascript:alert(1)",
        "/staff/\r\nX: y",
        "",
    ],
)
def test_no_address_leads_elsewhere_after_sign_in(target: str) -> None:
    assert page_of(target) == "/staff/"


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda rest: f"/staff/{rest}"))
def test_whatever_is_brought_along_stays_on_the_staff_pages(target: str) -> None:
    """As browsers read it: the same host, below /staff/."""
    led_to = urlsplit(urljoin("https://tool.example/staff/callback", page_of(target)))
    assert (led_to.scheme, led_to.netloc) == ("https", "tool.example")
    assert led_to.path.startswith("/staff/")
