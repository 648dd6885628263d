"""Staff sign in at the university's provider in a real browser, look round, switch a connection
off and on, and sign out: by keyboard where it matters, on a phone and a wide screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import axe_findings
from tests.support.identity_provider import running_provider
from tests.support.running_tool import RunningTool

pytestmark = pytest.mark.browser
NARROW, WIDE = {"width": 374, "height": 800}, {"width": 1300, "height": 900}
PLATFORM = {
    "name": "University of Example",
    "issuer": "https://moodle.example.ac.uk",
    "client_id": "aXbYcZ0123456789",
    "deployment_ids": ("1",),
    "auth_login_url": "http://127.0.0.1:9/mod/lti/auth.php",
    "auth_token_url": "http://127.0.0.1:9/mod/lti/token.php",
    "jwks_url": "http://127.0.0.1:9/mod/lti/certs.php",
}


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[RunningTool]:
    """The tool in its own process, beside a provider in another."""
    running = RunningTool(tmp_path)
    with running_provider(running.url) as provider:
        running.env |= provider.settings
        running.must("db", "upgrade")
        running.register_quickly(PLATFORM)
        added = running.must(
            "staff", "add", "--email", "ada@example.ac.uk", "--role", "administrator"
        )
        assert "Staff entry 1" in added
        running.start(workers=2)
        yield running
        running.stop()
    running.check_log()


def _look(page: Page) -> None:
    """Nothing wrong for anybody, at both widths."""
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert axe_findings(page) == [], page.url
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


def _press(page: Page, name: str) -> None:
    """Press a button by keyboard."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_staff_look_round_and_switch_a_connection(tool: RunningTool, chromium: Browser) -> None:
    page = chromium.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(15_000)
    page.goto(f"{tool.url}/staff/people/")
    expect(page.get_by_role("heading", name="Sign in first")).to_be_visible()
    _look(page)
    page.get_by_role("link", name="Sign in").click()
    _look(page)
    page.get_by_role("link", name="Sign in with your university account").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("sign_in_cancelled")).to_be_visible()
    page.goto(f"{tool.url}/staff/sign-in?next=/staff/people/")
    page.get_by_role("link", name="Sign in with your university account").click()
    page.get_by_role("button", name="ada", exact=True).click()
    expect(page.get_by_role("heading", name="People with a role given here")).to_be_visible()
    assert page.url == f"{tool.url}/staff/people/", "where they wanted to go"

    for place in ("Overview", "Connections", "People", "Deliveries", "Keys"):
        page.get_by_role("navigation").get_by_role("link", name=place, exact=True).click()
        expect(page.locator("[aria-current=page]")).to_have_text(place)
        _look(page)

    page.get_by_role("navigation").get_by_role("link", name="Connections").click()
    page.get_by_role("link", name="University of Example").click()
    _look(page)
    _press(page, "Switch this connection off")
    expect(page.get_by_role("status")).to_contain_text("Launches are refused")
    assert tool.execute("SELECT is_enabled FROM registration")[0][0] == 0
    _look(page)
    _press(page, "Switch this connection on")
    expect(page.get_by_role("status")).to_contain_text("Switched on.")
    _press(page, "Check the connection now")
    expect(page.get_by_role("heading", name="What the check found")).to_be_visible()
    _look(page)
    acts = tool.execute("SELECT act, actor, staff_id FROM audit_entry ORDER BY id DESC LIMIT 3")
    assert [tuple(row) for row in reversed(acts)] == [
        ("registration disabled", "staff", 1),
        ("registration enabled", "staff", 1),
        ("connection checked", "staff", 1),
    ]

    _press(page, "Sign out")
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    _look(page)
    page.goto(f"{tool.url}/staff/")
    expect(page.get_by_role("heading", name="Sign in first")).to_be_visible()
    page.context.close()
