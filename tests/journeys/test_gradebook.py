"""The page Gradebook in a real browser: a grade typed over ours is found, and decided about."""

import time

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def test_a_tutor_compares_and_keeps_the_gradebooks_mark(
    demo: RunningDemo, phone: BrowserContext
) -> None:
    """At a phone's width; every page on the way fits its frame."""
    page = phone.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    steps.bring_in(frame)
    steps.hand_in(frame)
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.mark(frame, "Amara Okafor", ["60", "62", "58", "70", "65", "50"])
    frame.get_by_role("button", name="Release this mark").click()
    expect(frame.get_by_text("In the gradebook", exact=True).first).to_be_visible()

    page.goto(demo.platform_url + "/gradebook")
    page.get_by_label("Grade, or empty for no mark").fill("58")
    page.get_by_label("Participant", exact=True).select_option(label="Amara Okafor")
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="Override").click()

    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="1 mark in the gradebook"))
    frame.get_by_role("heading", name="Gradebook", level=1).wait_for()
    steps.fits(page)
    frame.get_by_role("link", name="Provision-map audit").first.click()
    expect(frame.get_by_text("Not compared yet")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Compare with the course site").click()
    frame.get_by_text("Reload this page in a moment").wait_for()
    until = time.monotonic() + 20
    while not frame.get_by_text("58 out of 100, which").is_visible():
        assert time.monotonic() < until, "the difference was not found"
        steps.follow(frame.get_by_role("link", name="All gradebook columns"))
        frame.get_by_role("link", name="Provision-map audit").first.click()
        frame.get_by_role("button", name="Compare with the course site").wait_for()
        steps.arrived(frame)
    steps.fits(page)
    row = frame.get_by_role("row", name="Amara Okafor")
    expect(row.get_by_text("Needs you")).to_be_visible()
    steps.follow(row.get_by_role("link", name="All tries"))
    expect(frame.get_by_text("The gradebook took it.")).to_be_visible()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Gradebook: Provision-map audit"))
    frame.get_by_role("button", name="Keep the gradebook’s").click()
    expect(frame.get_by_text("You decided to keep the gradebook’s mark.")).to_be_visible()
    steps.fits(page)
