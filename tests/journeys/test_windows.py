"""The frame and beyond: a window of one's own, full width, no script, keyboard alone."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import steps
from tests.support.chromium import ensure_chromium, switches
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _block_cookies_in_frames(profile: Path, demo: RunningDemo) -> None:
    """Set a browser so that the tool may keep no cookie at all inside the platform's pages."""
    rule = {f"{demo.tool_url},{demo.platform_url}": {"setting": 2}}
    preferences = {"profile": {"content_settings": {"exceptions": {"cookies": rule}}}}
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(preferences))


@pytest.fixture
def cookieless(demo: RunningDemo, chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose owner forbids cookies in frames, partitioned ones too."""
    _block_cookies_in_frames(tmp_path, demo)
    context = chromium.browser_type.launch_persistent_context(
        tmp_path, executable_path=ensure_chromium(), args=switches()
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


def test_a_frame_that_keeps_no_cookie_is_offered_a_window(
    demo: RunningDemo, cookieless: BrowserContext
) -> None:
    """The platform's single-use hint is not spent by the attempt in the frame."""
    page = cookieless.new_page()
    steps.sign_in(page, demo, "Cerys")
    launches, pages = len(demo.state()["launches"]), len(cookieless.pages)
    frame = steps.open_activity(page, demo)
    expect(frame.get_by_role("heading", name="Open in a new window")).to_be_visible()
    assert steps.axe_findings(page) == []
    with cookieless.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new window").dblclick()
    window = opened.value
    expect(frame.get_by_role("status")).to_contain_text("It has opened in a window of its own")
    assert steps.axe_findings(page) == []
    expect(window.get_by_role("heading", name="Begin with your provision map")).to_be_visible()
    assert window.url.startswith(f"{demo.tool_url}/v/")
    assert len(demo.state()["launches"]) == launches + 1, "one launch, finished without a new one"
    assert len(cookieless.pages) == pages + 1, "and one window, though it was clicked twice"


def test_full_width_opens_the_same_work_in_a_tab_of_its_own(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Cerys")
    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="Type the first row yourself"))
    frame.locator("#name").fill("Precision teaching")
    frame.get_by_role("button", name="Save row").click()
    frame.get_by_text("The row is saved.").wait_for()
    for _ in range(2):  # closed, and opened once more from the same page
        with context.expect_page() as opened:
            frame.get_by_role("button", name=re.compile("Full width")).click()
        tab = opened.value
        expect(tab.get_by_role("link", name="Your map")).to_be_visible()
    steps.follow(tab.get_by_role("link", name="Your map"))
    expect(tab.get_by_role("rowheader", name="Precision teaching")).to_be_visible()
    address = tab.url
    tab.context.clear_cookies()
    tab.goto(address)
    expect(tab.get_by_role("heading", name="This page has closed")).to_be_visible()


def test_back_and_refresh_give_the_page(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Cerys")
    page.goto(f"{demo.platform_url}/mod/lti/launch?id=1&container=window")
    heading = page.get_by_role("heading", name="Provision-map audit", level=1)
    heading.wait_for()
    address = page.url
    page.reload()
    expect(heading).to_be_visible()
    page.get_by_role("link", name=re.compile("Bring in a spreadsheet|Your map")).first.click()
    page.get_by_role("heading", name=re.compile("spreadsheet|provision map"), level=1).wait_for()
    page.go_back()
    expect(page).to_have_url(address)


def test_a_participant_manages_without_script(demo: RunningDemo, chromium: Browser) -> None:
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 374, "height": 800}
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    steps.sign_in(page, demo, "Cerys")
    page.goto(f"{demo.platform_url}/mod/lti/launch?id=2&container=window")
    while page.url.startswith(demo.platform_url):
        with page.expect_navigation():
            page.locator("form button, form input[type=submit]").last.click()
    steps.follow(page.get_by_role("link", name="Bring in a spreadsheet"))
    page.get_by_label("Your provision map").set_input_files(steps.MAPS / "01_title_and_totals.xlsx")
    steps.follow(page.get_by_role("button", name="Read the file"))
    page.get_by_role("button", name="Bring in", exact=False).click()
    expect(page.get_by_text("Your provision map is brought in")).to_be_visible()
    steps.follow(page.get_by_role("link", name="Written parts").first)
    page.locator("#evidence-context").fill("Forty pupils have SEN support.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert steps.hand_in(page)
    context.close()


def _tab_to(page: Page, wanted: str) -> None:
    """Press Tab until the element with this id has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.id") == wanted:
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_a_row_is_added_and_put_right_by_keyboard_alone(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Ben")
    page.goto(f"{demo.platform_url}/mod/lti/launch?id=2&container=window")
    page.get_by_role("link", name="Type the first row yourself").press("Enter")
    page.get_by_role("heading", name="Add a row").wait_for()
    for field, typed in (
        ("name", "Toe by Toe"),
        ("minutes_per_session", "soon"),
        ("sessions_per_week", "3"),
        ("weeks", "12"),
        ("group_size", "4"),
        ("staff", "TA"),
        ("hourly_rate", "16.50"),
        ("other_cost", "40"),
    ):
        _tab_to(page, field)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.get_by_text("There is a problem").wait_for()
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#minutes_per_session")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The row is saved.")).to_be_visible()
    expect(page.get_by_role("gridcell", name="£337.00")).to_be_visible()
