"""An administrator's connection page in the frame on a phone, by keyboard; and the pages around
registering, on a phone and a wide screen."""

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
NARROW, WIDE = {"width": 374, "height": 800}, {"width": 1300, "height": 900}
_IS_TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


def _check(frame: FrameLocator, page: Page) -> None:
    """Press the button by keyboard, and wait for what was found."""
    frame.get_by_role("button", name="Check the connection now").focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_role("heading", name="Check again")).to_be_visible()


def test_an_administrator_checks_the_connection(demo: RunningDemo, chromium: Browser) -> None:
    """Faults are found and named, and are gone once mended."""
    page = chromium.new_context(viewport=NARROW).new_page()
    page.set_default_timeout(15_000)
    steps.sign_in(page, demo, "Rania")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("link", name="Connection").focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_text("It has not been checked from this page yet")).to_be_visible()
    expect(frame.get_by_text("demo-client")).to_be_visible()
    assert steps.axe_findings(page) == []

    demo.misbehave(keyset_blocked=True, roster="403")
    _check(frame, page)
    found = frame.get_by_role("region", name="What the check found")
    expect(found.get_by_role("status")).to_contain_text("things to change")
    expect(found).to_contain_text("cURL blocked hosts list")
    expect(found).to_contain_text("IMS LTI Names and Role Provisioning")
    assert steps.axe_findings(page) == []
    steps.fits(page)

    demo.misbehave(keyset_blocked=False, roster="well")
    _check(frame, page)
    expect(found.get_by_role("status")).to_contain_text("Nothing to change")
    expect(found.get_by_text("Well", exact=True)).to_have_count(8)
    frame.get_by_text("Show the values").click()
    expect(frame.get_by_text(f"{demo.tool_url}/lti/jwks.json").first).to_be_visible()
    assert steps.axe_findings(page) == []
    page.context.close()


def test_a_tutor_is_not_led_there(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("link", name="Work to mark").wait_for()
    expect(frame.get_by_role("link", name="Connection")).to_have_count(0)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "wide"])
def test_the_pages_before_a_connection_read_well(
    demo: RunningDemo, chromium: Browser, size: dict[str, int]
) -> None:
    """The values to copy, and refusals, outside any frame."""
    page = chromium.new_context(viewport=size).new_page()  # type: ignore[arg-type]
    for path, heading in (
        ("/connect", "Connect Moodle by hand"),
        ("/lti/register", "The platform was not connected"),
        (
            "/lti/register?openid_configuration=http://127.0.0.1:1/c&registration_token=t",
            "The platform was not connected",
        ),
    ):
        page.goto(demo.tool_url + path)
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        assert steps.axe_findings(page) == [], path
        assert not page.evaluate(_IS_TOO_WIDE), path
    expect(page.get_by_text("able to call your site by https")).to_be_visible()
    page.context.close()


def test_a_registration_that_waits_stays_open_until_it_is_read(
    demo: RunningDemo, chromium: Browser
) -> None:
    """Without an invitation the operator has to be told a number: the page must not vanish."""
    page = chromium.new_context(viewport=NARROW).new_page()
    page.set_default_timeout(15_000)
    steps.sign_in(page, demo, "Helen")
    steps.follow(page.get_by_role("link", name="Manage tools"))
    page.get_by_label("Tool URL").fill(f"{demo.tool_url}/lti/register")
    page.get_by_role("button", name="Add LTI Advantage").click()
    frame = page.frame_locator("#registration")
    expect(frame.get_by_text("You have no invitation")).to_be_visible()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Register the tool").click()
    expect(frame.get_by_text("Tell the tool’s operator: registration")).to_be_visible()
    assert steps.axe_findings(page) == []
    steps.fits(page)
    frame.get_by_role("button", name="Close this window").click()
    expect(page.locator("#registration")).to_have_count(0)
    page.context.close()
