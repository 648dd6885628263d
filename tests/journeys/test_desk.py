"""A marker's afternoon in the browser: filter, band, kept comment, next; a lid closed too early."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, Route, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
TITLE = "Provision-map audit"
KEEPS_MARKS = re.compile(r"/kept-marks\.js")


def _hand_in(page: Page, demo: RunningDemo, name: str, link: int = 1) -> None:
    steps.sign_in(page, demo, name)
    frame = steps.open_activity(page, demo, link)
    steps.bring_in(frame)
    steps.hand_in(frame)


def _choose_band(frame: FrameLocator, criterion: str, band: str) -> None:
    group = frame.locator(f"#mark_{criterion}")
    group.get_by_label(band, exact=False).check()


def test_marking_by_bands_with_kept_comments_from_one_piece_to_the_next(
    demo: RunningDemo, context: BrowserContext
) -> None:
    """The tutor chooses the rubric first; two participants hand in; both are marked in a row."""
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="Choose the rubric").first)
    frame.get_by_label("Provision-map audit (Level 7), by bands").check()
    frame.get_by_role("button", name="Choose this rubric").click()
    expect(frame.get_by_text("The rubric is chosen.")).to_be_visible()
    assert steps.axe_findings(page) == []
    _hand_in(page, demo, "Amara")
    _hand_in(page, demo, "Ben")

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="To mark (2)"))
    expect(frame.get_by_text("2 pieces to mark")).to_be_visible()
    steps.open_work(frame, "Amara Okafor", TITLE)
    expect(frame.get_by_text("Feedback is due by")).to_be_visible()
    for criterion in steps.CRITERIA:
        _choose_band(frame, criterion, "Merit, 62")
    comment = frame.locator("#comment_impact")
    comment.fill("Name a measure for each provision.")
    impact = frame.locator("fieldset.criterion").nth(2)
    impact.get_by_text("Comments to use again").click()
    impact.get_by_role("button", name="for me").click()
    expect(frame.get_by_text("The comment is kept for use again.")).to_be_visible()
    expect(comment).to_have_value("Name a measure for each provision.")
    expect(frame.locator("#mark_literature").get_by_label("Merit, 62")).to_be_checked()
    assert steps.axe_findings(page) == []
    beside = frame.locator("tr.beside-row").first
    beside.get_by_text("Add a remark").click()
    beside.get_by_role("textbox").fill("Who measured this?")
    beside.get_by_role("button", name="Save the remark").click()
    expect(frame.get_by_text("The remark is saved. The marks are not saved yet.")).to_be_visible()
    expect(beside.get_by_text("Who measured this?").first).to_be_in_viewport()
    expect(comment).to_have_value("Name a measure for each provision.")
    assert steps.axe_findings(page) == []
    frame.locator("#part-impact").get_by_text("Add a remark").click()
    frame.locator("#remark-part-impact").fill("Saved with the marks.")
    frame.get_by_role("button", name="Save and go to the next").click()

    expect(frame.get_by_role("heading", name="Ben Whitlock", level=1)).to_be_visible()
    steps.arrived(frame)
    impact = frame.locator("fieldset.criterion").nth(2)
    impact.get_by_text("Comments to use again (1)").click()
    impact.get_by_role("button", name="Put in").click()
    expect(impact.get_by_role("button", name="Stop offering")).to_be_visible()
    expect(frame.locator("#comment_impact")).to_have_value("Name a measure for each provision.")
    _choose_band(frame, "impact", "Distinction, 75")

    # In the frame the browser denies storage: the tab keeps what was typed through a reload.
    expect(frame.get_by_text("What you type is kept in this tab")).to_be_visible()
    frame.locator("html").evaluate("() => location.reload()")
    frame.get_by_role("button", name="Put them back").click()
    expect(frame.locator("#comment_impact")).to_have_value("Name a measure for each provision.")
    expect(frame.locator("#mark_impact").get_by_label("Distinction, 75")).to_be_checked()
    frame.get_by_role("button", name="Save marks").last.click()
    expect(frame.get_by_text("Your marks are saved")).to_be_visible()
    expect(frame.get_by_role("button", name="Put them back")).to_have_count(0)


def test_a_lid_closed_too_early_loses_nothing(demo: RunningDemo, context: BrowserContext) -> None:
    """In a window of one's own, where marking has its room and the browser allows storage.

    The first words are typed before the slow script that keeps them has come.
    """
    page = context.new_page()
    _hand_in(page, demo, "Cerys")
    steps.sign_in(page, demo, "Helen")
    late: list[Route] = []

    def hold(route: Route) -> None:
        is_framed = route.request.frame.parent_frame is not None
        route.fallback() if is_framed else late.append(route)

    context.route(KEEPS_MARKS, hold)
    window = _full_width(page, demo)
    window.locator("#comment_impact").fill("Half a sentence")
    context.unroute(KEEPS_MARKS)
    late[-1].fallback()
    expect(window.get_by_text("What you type is kept on this device")).to_be_visible()
    window.close()

    window = _full_width(page, demo)
    expect(window.locator("#comment_impact")).to_have_value("")
    assert steps.axe_findings(window) == []
    window.get_by_role("button", name="Put them back").click()
    expect(window.locator("#comment_impact")).to_have_value("Half a sentence")
    window.locator("#comment_impact").fill("A whole sentence.")
    window.get_by_role("button", name="Save marks").last.click()
    expect(window.get_by_text("Your marks are saved")).to_be_visible()
    window.close()
    window = _full_width(page, demo)
    expect(window.locator("#comment_impact")).to_have_value("A whole sentence.")
    expect(window.get_by_role("button", name="Put them back")).to_have_count(0)
    window.locator("#comment_impact").fill("Helen’s own words")
    expect(window.get_by_text("What you type is kept on this device")).to_be_visible()
    window.close()

    steps.sign_in(page, demo, "Imran")
    window = _full_width(page, demo)
    expect(window.locator("#comment_impact")).to_have_value("A whole sentence.")
    expect(window.get_by_role("button", name="Put them back")).to_have_count(0)


def _full_width(page: Page, demo: RunningDemo) -> Page:
    """Cerys's work in a window of its own."""
    frame = steps.open_activity(page, demo)
    steps.open_work(frame, "Cerys", TITLE)
    frame.get_by_role("heading", name="Marks", exact=True).wait_for()
    with page.context.expect_page() as opening:
        frame.get_by_role("button", name="Full width").click()
    window = opening.value
    window.get_by_role("link", name="Cerys", exact=False).first.click()
    window.get_by_role("heading", name="Marks", exact=True).wait_for()
    return window


def test_a_queue_is_taken_away_and_brought_back(
    demo: RunningDemo, context: BrowserContext, tmp_path: Path
) -> None:
    """In next year's course, which the test above does not use."""
    page = context.new_page()
    _hand_in(page, demo, "Cerys", 11)
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo, 11)
    with page.expect_download() as waiting:
        frame.get_by_role("button", name="Take this piece away").click()
    whole = tmp_path / "work.zip"
    waiting.value.save_as(whole)
    filled = _fill(whole, tmp_path)
    steps.follow(frame.get_by_role("link", name="Bring a worksheet back"))
    assert steps.axe_findings(page) == []
    frame.get_by_label("Your marking worksheet").set_input_files(filled)
    frame.get_by_role("button", name="Read the worksheet").click()
    expect(frame.get_by_text("1 row: 1 would change")).to_be_visible()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Save the marks of 1 row").click()
    expect(frame.get_by_text("The marks of the worksheet are saved")).to_be_visible()
    expect(frame.get_by_role("row", name="Cerys Hughes")).to_contain_text("64")


def _fill(whole: Path, folder: Path) -> Path:
    import zipfile

    with zipfile.ZipFile(whole) as archive:
        archive.extract("marking-worksheet.xlsx", folder)
    path = folder / "marking-worksheet.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.active
    for cell in sheet[1]:
        if str(cell.value).startswith("mark_"):
            sheet.cell(3, cell.column).value = 64
    book.save(path)
    return path


def test_the_desks_pages_fit_a_phone_and_axe_finds_nothing(
    demo: RunningDemo, phone: BrowserContext
) -> None:
    page = phone.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("heading", name="Work to mark").wait_for()
    found = {"queue": steps.axe_findings(page)}
    steps.go_to(frame, "Allocation")
    frame.get_by_role("heading", name="Share out evenly").wait_for()
    found["allocation"] = steps.axe_findings(page)
    frame.get_by_role("button", name="Share out those without a marker").click()
    frame.get_by_text("There is a problem").wait_for()
    found["allocation, with an error"] = steps.axe_findings(page)
    frame.get_by_label("Helen Marsh", exact=True).check()
    frame.get_by_role("button", name="Share out those without a marker").click()
    frame.get_by_text("The work is shared out").wait_for()
    steps.follow(frame.get_by_role("link", name="Work to mark"))
    frame.get_by_role("link", name="Mine", exact=False).wait_for()
    found["queue, shared out"] = steps.axe_findings(page)
    steps.follow(frame.get_by_role("link", name="Patterns in this group"))
    frame.get_by_text("Too few pieces to show patterns").wait_for()
    found["patterns"] = steps.axe_findings(page)
    steps.fits(page)
    assert {name: one for name, one in found.items() if one} == {}
