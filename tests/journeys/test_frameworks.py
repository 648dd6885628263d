"""A programme leader brings in the official text from Word, on a phone and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo
from tests.unit.frameworks.made import word_file

pytestmark = pytest.mark.browser
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TABLE = [
    ["Number", "Standard", "Core"],
    ["1. Partnership"],
    ["1.1", "Agreements are written", "Yes"],
    ["Q1.2", "A steering group meets and acts", ""],
]


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[BrowserContext]:
    """As wide as a frame in Moodle on a phone."""
    one = chromium.new_context(viewport={"width": 374, "height": 800})
    one.set_default_timeout(15_000)
    yield one
    one.close()


def _choose(frame: FrameLocator, name: str, kind: str, data: bytes) -> None:
    given = {"name": name, "mimeType": kind, "buffer": data}
    frame.get_by_label("The file with the text").set_input_files(given)
    frame.get_by_role("button", name="Look at it first").click()


def test_the_official_text_is_brought_in_and_the_label_goes(
    demo: RunningDemo, narrow: BrowserContext
) -> None:
    steps.name_a_leader(demo)
    page = narrow.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("navigation", name="Pages").wait_for()
    narrow.route(f"{demo.tool_url}/**/*.js", lambda route: route.abort())
    steps.go_to(frame, "Frameworks")
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Provider quality standards"))
    label = frame.locator("[data-placeholder]")
    expect(label).to_contain_text("Placeholder, not the official text")
    steps.fits(page)
    _choose(frame, "list.csv", "text/csv", b"Id,Title,Parent\nA,One,Q99\n")
    expect(frame.get_by_text("Row 2, column “Parent”: there is no entry")).to_be_visible()
    steps.fits(page)
    _choose(frame, "standards.docx", WORD, word_file(TABLE))
    expect(frame.get_by_role("heading", name="Removed: 48")).to_be_visible()
    steps.fits(page)
    frame.get_by_label("Where the words come from").fill("The provider group, 2026")
    frame.get_by_label("The official text, word for word").check()
    frame.get_by_role("button", name="Put this text in force").click()
    expect(frame.get_by_text("This version is in force now.")).to_be_visible()
    expect(frame.get_by_text("Agreements are written")).to_be_visible()
    expect(label).to_have_count(0)
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Version 1", exact=True))
    expect(frame.get_by_role("heading", name="What would change")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Put this version in force").click()
    expect(label).to_be_visible()
