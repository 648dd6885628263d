"""Time, release and results in the browser: late work, a fail, a second attempt, a set time."""

import io
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

from lti_tool.core import clock
from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
NARROW = {"width": 374, "height": 800}


def _moment(**ahead: int) -> str:
    return f"{clock.in_london(clock.now() + timedelta(**ahead)):%Y-%m-%dT%H:%M}"


def _participant(page: Page, demo: RunningDemo) -> FrameLocator:
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("heading", name="Provision-map audit", level=1).wait_for()
    return frame


def _tutor(page: Page, demo: RunningDemo, place: str) -> FrameLocator:
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.go_to(frame, place)
    return frame


def _set_dates(page: Page, demo: RunningDemo) -> None:
    """Due an hour ago, and everyone reads what the rules say of it."""
    frame = _tutor(page, demo, "Dates")
    frame.get_by_label("Due date and time").fill(_moment(hours=-1))
    frame.get_by_role("button", name="Save dates and rules").click()
    frame.get_by_text("The dates and rules are saved").wait_for()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Give one person or everyone a later date"))
    frame.get_by_role("heading", name="Later dates", level=1).wait_for()
    steps.fits(page)


def _fails(page: Page, demo: RunningDemo) -> None:
    """The work comes late, is marked, and released with a worked example."""
    frame = _tutor(page, demo, "Work to mark")
    steps.mark(frame, "Amara Okafor", ["44"] * 6)
    steps.follow(frame.get_by_role("link", name="Release", exact=True))
    expect(frame.get_by_text("44 − 1 working day late × 5 = 39.")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Release what is ticked").click()
    expect(frame.get_by_text("1 released.")).to_be_visible()
    frame.get_by_label("Day and time").fill(_moment(days=2))
    frame.get_by_role("button", name="Set the time").click()
    expect(frame.get_by_text("What is ready then goes out by itself").first).to_be_visible()
    frame.get_by_role("button", name="Cancel it").click()
    expect(frame.get_by_text("Nothing goes out by itself")).to_be_visible()


def _again(page: Page, demo: RunningDemo) -> None:
    """The tutor opens a second attempt."""
    frame = _tutor(page, demo, "Work to mark")
    steps.open_work(frame, "Amara Okafor")
    steps.follow(frame.get_by_role("link", name="Decisions on this work"))
    frame.get_by_role("heading", name="Decisions on this work", level=1).wait_for()
    steps.fits(page)
    frame.get_by_label("After a fail").check()
    frame.get_by_label("New due date and time").fill(_moment(days=28))
    frame.get_by_role("button", name="Open a further attempt").click()
    expect(frame.get_by_role("link", name="What the participant should know")).to_be_visible()
    expect(frame.locator("#attempt-reason-error")).to_be_visible()
    steps.fits(page)
    frame.get_by_label("What the participant should know").fill("Rework the costs.")
    frame.get_by_role("button", name="Open a further attempt").click()
    expect(frame.get_by_text("The further attempt is open")).to_be_visible()


def test_late_work_fails_and_is_done_again(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    _set_dates(page, demo)
    frame = _participant(page, demo)
    expect(frame.get_by_text("counts as late by 1 working day")).to_be_visible()
    steps.bring_in(frame)
    steps.hand_in(frame)
    steps.fits(page)
    _fails(page, demo)
    frame = _participant(page, demo)
    expect(frame.get_by_role("heading", name="Your mark: 39 out of 100")).to_be_visible()
    expect(frame.get_by_role("heading", name="What to do now")).to_be_visible()
    steps.fits(page)
    _again(page, demo)
    frame = _participant(page, demo)
    expect(frame.get_by_text("This is attempt 2.")).to_be_visible()
    expect(frame.get_by_text("Rework the costs.")).to_be_visible()
    steps.fits(page)


def test_a_leader_records_the_board(demo: RunningDemo, context: BrowserContext) -> None:
    """After the journey above: one result is released, and the board makes it another."""
    steps.name_a_leader(demo)
    page = context.new_page()
    frame = _tutor(page, demo, "Release")
    steps.follow(frame.get_by_role("link", name="Record the board’s results"))
    frame.get_by_role("heading", name="Assessment board", level=1).wait_for()
    with page.expect_download() as download:
        frame.get_by_role("link", name="Take the sheet").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    code = book.worksheets[0].cell(2, 1).value
    text = f"Candidate code,Final mark\n{code},42\nZZZZZZ,50\n"
    given = {"name": "board.csv", "mimeType": "text/csv", "buffer": text.encode()}
    frame.get_by_label("The board’s list").set_input_files(given)
    frame.get_by_role("button", name="Look at it first").click()
    expect(frame.get_by_text("Nobody of this activity")).to_be_visible()
    steps.fits(page)
    frame.get_by_label("Which board, and when").fill("Board of 12 July")
    frame.get_by_role("button", name="Record the board’s results").click()
    expect(frame.get_by_text("or mend the rows").first).to_be_visible()
    frame.get_by_label("Leave out the rows with a problem").check()
    frame.get_by_role("button", name="Record the board’s results").click()
    expect(frame.get_by_text("The board’s results are recorded")).to_be_visible()
    frame = _participant(page, demo)
    expect(frame.get_by_role("heading", name="Your mark: 42 out of 100")).to_be_visible()
    expect(frame.get_by_text("Confirmed by the assessment board.")).to_be_visible()


def test_the_same_pages_in_a_narrow_frame(demo: RunningDemo, chromium: Browser) -> None:
    """After the journey above: 374 px, nothing to scroll sideways."""
    context = chromium.new_context(viewport=NARROW, has_touch=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    for place, heading in (("Release", "Release marks"), ("Dates", "Dates and rules")):
        frame = _tutor(page, demo, place)
        frame.get_by_role("heading", name=heading, level=1).wait_for()
        steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Give one person or everyone a later date"))
    frame.get_by_role("heading", name="Later dates", level=1).wait_for()
    steps.fits(page)
    frame = _tutor(page, demo, "Work to mark")
    steps.open_work(frame, "Amara Okafor")
    steps.follow(frame.get_by_role("link", name="Decisions on this work"))
    frame.get_by_role("heading", name="Decisions on this work", level=1).wait_for()
    steps.fits(page)
    frame = _participant(page, demo)
    expect(frame.get_by_text("This is attempt 2.")).to_be_visible()
    steps.fits(page)
    context.close()
