"""A placement log from the launch to the gradebook, complete or not, in a real browser."""

import re

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
LOG = 3


def _set_up_a_session(frame: FrameLocator) -> None:
    steps.go_to(frame, "Sessions")
    steps.follow(frame.get_by_role("link", name="Set up a session or a day"))
    frame.get_by_label("Online session").check()
    frame.get_by_label("What it is called").fill("Reading research")
    frame.get_by_label("Day", exact=True).fill("2026-11-05")
    frame.get_by_role("button", name="Set it up").click()
    frame.get_by_text("It is set up.").wait_for()


def _take_attendance_by_keyboard(page: Page, frame: FrameLocator) -> None:
    steps.follow(frame.get_by_role("link", name=re.compile("^Take attendance")))
    expect(frame.locator("[data-keys]")).to_be_visible()
    line = frame.get_by_role("row", name=re.compile("Amara Okafor"))
    line.get_by_role("radio").first.focus()
    page.keyboard.press("m")
    expect(line.get_by_role("radio", name="Made up")).to_be_checked()
    frame.get_by_role("button", name="Mark everybody else present").click()
    expect(frame.get_by_text("Everybody is marked.")).to_be_visible()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Save attendance").click()
    frame.get_by_text("Attendance is kept.").wait_for()


def _hand_in(page: Page, frame: FrameLocator) -> None:
    expect(frame.locator("strong", has_text="1 of 2")).to_be_visible()
    assert steps.axe_findings(page) == []
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Hand in", exact=True))
    frame.get_by_text("Your tutor is told of it too.").wait_for()
    steps.hand_in(frame)


def test_from_launch_to_gradebook(
    demo: RunningDemo, context: BrowserContext, phone: BrowserContext
) -> None:
    own = phone.new_page()
    steps.sign_in(own, demo, "Amara")
    steps.open_activity(own, demo, LOG).get_by_role("heading", name="So far").wait_for()
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo, LOG)
    frame.get_by_role("link", name="Amara Okafor", exact=True).wait_for()
    _set_up_a_session(frame)
    _take_attendance_by_keyboard(page, frame)

    _hand_in(own, steps.open_activity(own, demo, LOG))

    frame = steps.open_activity(page, demo, LOG)
    steps.follow(frame.get_by_role("link", name=re.compile("^Handed in ?: see the log of Amara")))
    frame.get_by_text("Not all that is asked for is here").wait_for()
    frame.get_by_label("Complete", exact=True).check()
    frame.get_by_label("Feedback for the participant").fill("A fine beginning.")
    steps.follow(frame.get_by_role("button", name="Save marks"))
    frame.get_by_role("button", name="Release").click()
    frame.get_by_text("In the gradebook").first.wait_for()
    result = steps.open_activity(own, demo, LOG)
    expect(result.get_by_role("heading", name="Your result: complete")).to_be_visible()
