"""Moderation in the browser: draw, look, confirm; then an external examiner follows a link."""

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _follow(frame: FrameLocator, what: str) -> None:
    """From the overview of moderation to a page of the first activity."""
    steps.go_to(frame, "Moderation")
    frame.get_by_role("heading", name="Moderation", level=1, exact=True).wait_for()
    frame.get_by_role("link", name=what).first.click()


def test_a_sample_is_drawn_moderated_and_confirmed_and_an_examiner_reads_it(
    demo: RunningDemo, phone: BrowserContext, context: BrowserContext
) -> None:
    page = phone.new_page()
    for name in ("Amara", "Ben"):
        steps.sign_in(page, demo, name)
        frame = steps.open_activity(page, demo)
        steps.bring_in(frame)
        steps.hand_in(frame)
    steps.sign_in(page, demo, "Imran")
    steps.open_activity(page, demo).get_by_role("heading", level=1).wait_for()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.mark(frame, "Amara Okafor", ["60", "62", "58", "70", "65", "50"])
    frame = steps.open_activity(page, demo)
    steps.mark(frame, "Ben Whitlock", ["45", "48", "49", "47", "44", "50"])

    frame = steps.open_activity(page, demo)
    steps.go_to(frame, "Moderation")
    frame.get_by_role("heading", name="Moderation", level=1).wait_for()
    steps.fits(page)
    frame.get_by_role("link", name="Sample and moderation").first.click()
    expect(frame.get_by_text("2 marked and not moderated yet")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Draw the sample and start").click()
    frame.get_by_text("There is a problem").wait_for()
    steps.fits(page)
    frame.get_by_label("Moderator", exact=True).select_option(label="Imran Siddiqui")
    frame.get_by_label("Hide the first marks").check()
    frame.get_by_role("button", name="Draw the sample and start").click()
    expect(frame.get_by_text("The sample is drawn")).to_be_visible()
    expect(frame.get_by_text("Drawn again just now: the same sample")).to_be_visible()

    steps.sign_in(page, demo, "Imran")
    frame = steps.open_activity(page, demo)
    _follow(frame, "Sample and moderation")
    steps.follow(frame.get_by_role("link", name="Moderation 1"))
    frame.get_by_role("heading", name="The sample: 2 of 2").wait_for()
    steps.fits(page)
    for _ in range(2):
        steps.follow(frame.get_by_role("link", name="Look at the next piece"))
        expect(frame.get_by_text("Hidden until you have given your own mark.")).to_be_visible()
        steps.fits(page)
        frame.get_by_label("The mark you would give").fill("61")
        steps.follow(frame.get_by_role("button", name="Keep my mark and show the first"))
        frame.get_by_label("I agree with the first mark").check()
        steps.fits(page)
        frame.get_by_label("Note").fill("A fair mark.")
        steps.follow(frame.get_by_role("button", name="Keep and go on"))
        frame.get_by_role("link", name="The sample").or_(
            frame.get_by_role("heading", name="The sample", exact=False)
        ).first.click()
        frame.get_by_role("heading", name="The sample: 2 of 2").wait_for()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="See what a scaling would do"))
    frame.get_by_label("adding or taking marks").check()
    frame.get_by_label("How much").fill("3")
    frame.get_by_role("button", name="Show every mark before and after").click()
    frame.get_by_role("heading", name="3 marks added to every mark").wait_for()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="The moderation"))
    frame.get_by_label("Confirm the marks").check()
    frame.get_by_role("button", name="Decide").click()
    expect(frame.get_by_role("heading", name="Confirmed")).to_be_visible()
    steps.fits(page)

    _follow(frame, "External examiner")
    frame.get_by_label("Examiner’s name").fill("Prof. Ada Quill")
    frame.get_by_label("Examiner’s e-mail address").fill("ada@other.example")
    frame.get_by_role("button", name="Make a link and send it").click()
    address = frame.locator("code").inner_text().strip()
    steps.fits(page)

    outside = context.new_page()
    steps.open_link(outside, address, "Prof. Ada Quill", "Open the pages")
    outside.get_by_role("heading", name="Record of moderation").wait_for()
    steps.fits(outside)
    assert "Amara" not in outside.content() and "Imran" not in outside.content()
    with outside.expect_download() as got:
        outside.get_by_role("link", name="Take it away as a zip file").click()
    assert got.value.suggested_filename == "examiner-pack.zip"
    outside.locator("tbody a").first.click()
    outside.get_by_role("heading", name="First marker").wait_for()
    steps.fits(outside)
    steps.follow(outside.get_by_role("link", name="Rubric and rules"))
    outside.get_by_role("heading", name="Rubric", exact=True).wait_for()
    steps.fits(outside)
    steps.follow(outside.get_by_role("link", name="The marking", exact=True))
    outside.get_by_role("heading", name="Record of moderation").wait_for()
    outside.set_viewport_size({"width": 374, "height": 800})
    steps.fits(outside)
    outside.locator("tbody a").first.click()
    outside.get_by_role("heading", name="First marker").wait_for()
    steps.fits(outside)
    steps.follow(outside.get_by_role("link", name="The marking", exact=True).first)
    outside.get_by_role("textbox", name="Your comment").fill("Marks are fair and well explained.")
    outside.get_by_role("button", name="Keep this comment").click()
    expect(outside.get_by_text("Your comment is kept.")).to_be_visible()

    frame = steps.open_activity(page, demo)
    _follow(frame, "External examiner")
    frame.get_by_role("textbox", name="Reply").fill("Thank you.")
    steps.fits(page)
    frame.get_by_role("button", name="Reply").click()
    expect(frame.get_by_text("Your reply is kept.")).to_be_visible()
    outside.reload()
    expect(outside.get_by_text("Thank you.")).to_be_visible()
    frame.get_by_role("button", name="Take this link back").click()
    expect(frame.get_by_text("The link is taken back.")).to_be_visible()
    outside.reload()
    expect(outside.get_by_text("was taken back by those who gave it")).to_be_visible()
