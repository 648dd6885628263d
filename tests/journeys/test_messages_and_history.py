"""Messages and the history of marks in the browser: what is written to whom, what is kept."""

import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[BrowserContext]:
    """The narrowest frame that pages are made for."""
    one = chromium.new_context(viewport={"width": 374, "height": 800}, java_script_enabled=True)
    one.set_default_timeout(15_000)
    yield one
    one.close()


def _messages(demo: RunningDemo) -> dict[str, str]:
    """What the demo wrote to its folder: plain text by subject."""
    found = {}
    for path in (demo.instance / "mail").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=default)
        body = message.get_body(("plain",))
        assert body is not None
        found[str(message["Subject"])] = str(body.get_content())
    return found


def _wait_for(demo: RunningDemo, beginning: str) -> str:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for subject, text in _messages(demo).items():
            if subject.startswith(beginning):
                return text
        time.sleep(0.1)
    raise AssertionError(f"no message began with {beginning!r}: {list(_messages(demo))}")


def test_messages_are_written_and_the_history_tells_all(
    demo: RunningDemo, context: BrowserContext, narrow: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    steps.bring_in(frame)
    receipt = steps.hand_in(frame)
    assert receipt in _wait_for(demo, "Handed in: ")

    steps.follow(frame.get_by_role("link", name="Messages"))
    frame.get_by_role("heading", name="Messages", level=1).wait_for()
    frame.get_by_label("There is news about work I handed in").uncheck()
    steps.fits(page)
    frame.get_by_role("button", name="Save my choice").click()
    expect(frame.get_by_text("Your choice is kept")).to_be_visible()
    expect(frame.get_by_label("There is news about work I handed in")).not_to_be_checked()
    frame.get_by_label("There is news about work I handed in").check()
    frame.get_by_role("button", name="Save my choice").click()
    expect(frame.get_by_text("Your choice is kept")).to_be_visible()

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.mark(frame, "Amara", ["62"] * 6)
    frame.get_by_role("button", name="Release this mark").click()
    expect(frame.get_by_text("The mark is released. The participant")).to_be_visible()
    text = _wait_for(demo, "News about your work: ")
    assert "62" not in text and "Amara" not in text

    for one, width in ((page, 1300), (narrow.new_page(), 374)):
        if width == 374:
            steps.sign_in(one, demo, "Helen")
            frame = steps.open_activity(one, demo)
        steps.go_to(frame, "History")
        frame.get_by_role("heading", name="History", level=1).wait_for()
        for did in ("Handed the work in", "Saved marks", "Released the mark"):
            expect(frame.get_by_role("cell", name=did).first).to_be_visible()
        steps.fits(one)
        frame.get_by_label("What to show").select_option("Release")
        frame.get_by_role("button", name="Show", exact=True).click()
        expect(frame.get_by_role("cell", name="Saved marks")).to_have_count(0)
        frame.get_by_role("link", name="Amara", exact=False).first.click()
        frame.get_by_role("heading", name="History: ", level=1, exact=False).wait_for()
        steps.fits(one)
    with page.expect_download() as taken:
        page.frame_locator("iframe").get_by_role("link", name="Excel workbook").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    one = narrow.pages[0]
    steps.follow(one.frame_locator("iframe").get_by_role("link", name="Messages"))
    one.frame_locator("iframe").get_by_role("heading", name="Messages", level=1).wait_for()
    steps.fits(one)
