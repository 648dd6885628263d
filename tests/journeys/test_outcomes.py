"""Outcomes: offered in the frame, signed off in the matrix, and taken away as a portfolio."""

import re

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.journeys import steps
from tests.journeys.test_programme import _inside, _is_fine
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
    frame.get_by_label("Title").fill("SENCo training")
    frame.get_by_label("Key").fill("npq")
    frame.get_by_label("NPQ for SENCOs").check()
    frame.get_by_label("Credits the award asks for").fill("0")
    frame.get_by_role("button", name="Make the programme").click()
    frame.get_by_label("Module code").fill("m1")
    frame.locator("#new-title").fill("Leading SEND")
    frame.locator("#new-credits").fill("0")
    frame.get_by_role("button", name="Add the module").click()
    frame.get_by_role("link", name="Begin a cohort").click()
    frame.get_by_label("Title").fill("September 2026")
    frame.get_by_label("First day").fill("2026-09-07")
    frame.get_by_label("Outcome set").select_option(index=1)
    frame.get_by_role("button", name="Begin the cohort").click()
    frame.get_by_label("Module").select_option(index=1)
    frame.get_by_label("Course on the course site").select_option(index=1)
    frame.get_by_role("button", name="Join the course").click()
    expect(frame.get_by_role("link", name="Amara Okafor")).to_be_visible()
    return frame


def test_evidence_is_offered_and_signed_off(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    _set_up(page, demo)
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("link", name="Outcomes", exact=True).click()
    frame.get_by_role("heading", name="Your outcomes").wait_for()
    _is_fine(page)
    frame.get_by_role("link", name="Offer evidence", exact=True).click()
    frame.get_by_label("What do you offer?").select_option("note")
    frame.get_by_label("Title").fill("Staff meeting on provision")
    frame.get_by_label("How does it show them?").fill("I led it and the staff plan together now.")
    boxes = frame.get_by_role("group", name="Which outcomes").get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    _is_fine(page)
    frame.get_by_role("button", name="Offer it").click()
    expect(frame.get_by_role("link", name="Staff meeting on provision")).to_have_count(2)
    frame.get_by_role("link", name="How sure you feel at the start").click()
    frame.get_by_label("4, sure").first.check()
    _is_fine(page)
    frame.get_by_role("button", name="Keep your answers").click()
    expect(frame.get_by_text("Your answers are kept.")).to_be_visible()
    frame.get_by_role("link", name="Portfolio to print or take away").click()
    frame.get_by_role("link", name="Take it away for Word").wait_for()
    _is_fine(page)

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.go_to(frame, "Outcomes")
    row = frame.get_by_role("row").filter(has_text="Amara Okafor")
    expect(row.get_by_role("link", name="offered")).to_have_count(2)
    _is_fine(page)
    row.get_by_role("link", name="offered").first.click()
    frame.get_by_label("Met", exact=True).check()
    frame.get_by_label("Reason or question").fill("Clear from the minutes.")
    _is_fine(page)
    frame.get_by_role("button", name="Record it").click()
    expect(frame.get_by_text("Your decision is recorded")).to_be_visible()
    _is_fine(page)
    frame.get_by_role("link", name=re.compile("^Outcomes of September")).click()
    frame.get_by_role("link", name="Gaps and coverage").click()
    frame.get_by_role("heading", name="How far each area is").wait_for()
    _is_fine(page)
    assert "/coverage" in _inside(page).url
