"""Words typed about a visit without a connection: kept on the device, locked, sent, never lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from tests.journeys import steps
from tests.support.chromium import ensure_chromium, switches
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
SEEN = "Teaching assistants meet each morning for ten minutes."


@pytest.fixture(scope="module")
def log_url(demo: RunningDemo, chromium: Browser) -> Iterator[str]:
    """The address of a placement log in the demo's course, added as a tutor adds it."""
    context = chromium.new_context()
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    page.goto(f"{demo.platform_url}/mod/lti/add?course=2")
    frame = page.frame_locator("iframe")
    frame.get_by_label("What to add").select_option(label="New: Placement log")
    frame.get_by_label("Title").fill("Partner schools")
    steps.follow(frame.get_by_role("button", name="Add to the course"))
    frame.get_by_role("button", name="Save and return to course").click()
    page.get_by_role("link", name="Partner schools", exact=True).first.click()
    page.frame_locator("iframe").get_by_role("heading", level=1).wait_for()
    yield page.url
    context.close()


def _open(page: Page, demo: RunningDemo, log_url: str, name: str) -> FrameLocator:
    steps.sign_in(page, demo, name)
    page.goto(log_url)
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Visits", exact=True).first.click()
    frame.get_by_role("heading", name="Partner-school visits", level=1).wait_for()
    return frame


def _plan(frame: FrameLocator, day: str) -> None:
    steps.follow(frame.get_by_role("link", name="Plan a visit"))
    frame.get_by_label("Host school").fill("Hillside Primary")
    frame.get_by_label("Contact at the school").fill("Ann Lee")
    frame.get_by_label("Their e-mail address").fill("a.lee@hillside.example")
    frame.locator("#visit_on").fill(day)
    frame.get_by_label("You arrive at").fill("08:45")
    frame.get_by_label("You leave at").fill("15:30")
    frame.get_by_label("Agreed focus").fill("How provision is mapped")
    frame.get_by_role("button", name="Save the plan").click()
    expect(frame.get_by_text("Your visit is saved.")).to_be_visible()


def _write(frame: FrameLocator | Page) -> None:
    frame.get_by_role("link", name="Write it up").first.click()
    frame.get_by_role("heading", name="Write up visit").wait_for()


def _kept(page: Page) -> dict[str, str]:
    """What the browser's own store of the tool holds for this page."""
    frame = next(one for one in page.frames if "/placement/" in one.url)
    return frame.evaluate("Object.assign({}, window.localStorage)")


@pytest.fixture
def ordinary(chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A phone whose browser gives frames a store of their own, as browsers do unless they are
    private windows or told not to: Debian's is."""
    (tmp_path / "Default").mkdir()
    preferences = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences))
    context = chromium.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=ensure_chromium(),
        args=switches(),
        viewport={"width": 374, "height": 800},
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


def _full_width(page: Page, frame: FrameLocator) -> Page:
    with page.context.expect_page() as opened:
        frame.get_by_role("button", name="Full width").click()
    return opened.value


def _saved(frame: FrameLocator) -> None:
    expect(frame.locator("[data-save-status]")).to_contain_text("Saved", timeout=20_000)


def test_words_typed_without_a_connection_are_kept_and_sent(
    demo: RunningDemo, ordinary: BrowserContext, log_url: str
) -> None:
    """In a frame, on a phone: a page closed without a connection, and somebody else in between."""
    page = ordinary.new_page()
    frame = _open(page, demo, log_url, "Amara")
    _plan(frame, "2027-03-02")
    assert steps.axe_findings(page) == []
    _write(frame)
    assert steps.axe_findings(page) == []
    steps.fits(page)
    shared = frame.get_by_label("What I saw", exact=True)
    shared.fill("Before the corridor.")
    _saved(frame)
    assert not _kept(page), "what was saved does not stay on the device"

    ordinary.set_offline(True)
    shared.fill(SEEN)
    expect(frame.locator("[data-device-status]")).to_contain_text("is kept on this device")
    kept = _kept(page)
    assert len(kept) == 1 and SEEN not in str(kept) and "Teaching" not in str(kept)
    page.close()
    ordinary.set_offline(False)

    other = ordinary.new_page()
    stranger = _open(other, demo, log_url, "Cerys")
    _plan(stranger, "2027-03-03")
    _write(stranger)
    expect(stranger.get_by_label("What I saw", exact=True)).to_have_value("")
    assert stranger.get_by_text("What you typed is back").count() == 0
    still = _kept(other)
    assert still.keys() == kept.keys() and SEEN not in str(still), "there, and still locked"
    other.close()

    page = ordinary.new_page()
    frame = _open(page, demo, log_url, "Amara")
    steps.follow(frame.get_by_role("link", name="Visit 1"))
    expect(frame.get_by_text("Not sent yet")).to_be_visible()
    steps.follow(frame.get_by_role("link", name="Open it"))
    expect(frame.get_by_text("What you typed is back")).to_be_visible()
    expect(frame.get_by_label("What I saw", exact=True)).to_have_value(SEEN)
    _saved(frame)
    frame.get_by_role("button", name="Save and close").click()
    expect(frame.get_by_text(SEEN)).to_be_visible()
    assert not _kept(page)


def test_a_second_device_that_saved_meanwhile_is_never_overwritten(
    demo: RunningDemo, chromium: Browser, phone: BrowserContext, log_url: str
) -> None:
    """Where frames get no store, the page says so, and a tab of its own keeps the text."""
    outer = phone.new_page()
    framed = _open(outer, demo, log_url, "Ben")
    _plan(framed, "2027-03-16")
    _write(framed)
    expect(framed.locator("[data-device-status]")).to_contain_text("does not let this page keep")
    frame = page = _full_width(outer, framed)
    steps.follow(frame.get_by_role("link", name="Visits", exact=True).first)
    steps.follow(frame.get_by_role("link", name="Visit 1"))
    _write(frame)
    expect(frame.locator("[data-device-status]")).to_be_empty()
    phone.set_offline(True)
    frame.get_by_label("What I saw", exact=True).fill("Typed on the phone.")
    frame.get_by_label("What I would change at my school").fill("A shorter meeting.")
    expect(frame.locator("[data-device-status]")).to_contain_text("is kept on this device")

    laptop = chromium.new_context()
    second = laptop.new_page()
    there = _open(second, demo, log_url, "Ben")
    steps.follow(there.get_by_role("link", name="Visit 1"))
    _write(there)
    there.get_by_label("What I saw", exact=True).fill("Typed on the laptop.")
    _saved(there)

    phone.set_offline(False)
    frame.get_by_role("button", name="Show both texts").click(timeout=30_000)
    both = frame.get_by_role("region", name="Two versions of what you wrote")
    expect(both).to_contain_text("Typed on the phone.")
    expect(both).to_contain_text("Typed on the laptop.")
    assert steps.axe_findings(page) == []
    expect(frame.get_by_label("What I saw", exact=True)).to_have_value("Typed on the laptop.")
    both.get_by_role("button", name="Keep what is saved for “What I saw”").click()
    both.get_by_role("button", name="Use what I typed here for “What I would change").click()
    expect(both).to_have_count(0)
    _saved(frame)
    frame.get_by_role("button", name="Save and close").click()
    expect(frame.get_by_text("Typed on the laptop.")).to_be_visible()
    expect(frame.get_by_text("A shorter meeting.")).to_be_visible()
    assert not _kept(page)
    laptop.close()
