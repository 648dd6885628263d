"""Outcomes: offered in the frame, signed off in the matrix, and taken away as a portfolio."""

import re

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _set_up(page: Page, demo: RunningDemo) -> FrameLocator:
    """Helen makes a programme with a cohort, and joins the course."""
    steps.sign_in(page, demo, "Amara")
    steps.open_activity(page, demo).locator("h1").wait_for()
    steps.name_a_leader(demo)
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.go_to(frame, "Programme")
    steps.begin_programme(frame)
    return frame


def test_evidence_is_offered_and_signed_off(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    _set_up(page, demo)
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="Outcomes", exact=True))
    frame.get_by_role("heading", name="Your outcomes").wait_for()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Offer evidence", exact=True))
    frame.get_by_label("What do you offer?").select_option("note")
    frame.get_by_label("Title").fill("Staff meeting on provision")
    frame.get_by_label("How does it show them?").fill("I led it and the staff plan together now.")
    boxes = frame.get_by_role("group", name="Which outcomes").get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    steps.fits(page)
    frame.get_by_role("button", name="Offer it").click()
    expect(frame.get_by_role("link", name="Staff meeting on provision")).to_have_count(2)
    steps.follow(frame.get_by_role("link", name="How sure you feel at the start"))
    frame.get_by_label("4, sure").first.check()
    steps.fits(page)
    frame.get_by_role("button", name="Keep your answers").click()
    expect(frame.get_by_text("Your answers are kept.")).to_be_visible()
    steps.follow(frame.get_by_role("link", name="Portfolio to print or take away"))
    frame.get_by_role("link", name="Take it away for Word").wait_for()
    steps.fits(page)

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.go_to(frame, "Outcomes")
    row = frame.get_by_role("row").filter(has_text="Amara Okafor")
    expect(row.get_by_role("link", name="offered")).to_have_count(2)
    steps.fits(page)
    steps.follow(row.get_by_role("link", name="offered").first)
    frame.get_by_label("Met", exact=True).check()
    frame.get_by_label("Reason or question").fill("Clear from the minutes.")
    steps.fits(page)
    frame.get_by_role("button", name="Record it").click()
    expect(frame.get_by_text("Your decision is recorded")).to_be_visible()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name=re.compile("^Outcomes of September")))
    steps.follow(frame.get_by_role("link", name="Gaps and coverage"))
    frame.get_by_role("heading", name="How far each area is").wait_for()
    steps.fits(page)
    assert "/coverage" in steps.inside(page).url
