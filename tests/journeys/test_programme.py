"""A leader in the browser: asked for, agreed, a programme, a cohort, a status; on a narrow page."""

import re

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _own_page(page: Page, demo: RunningDemo, name: str, path: str) -> FrameLocator:
    """A page of the visit that begins at the activity, by its address, in the frame."""
    steps.sign_in(page, demo, name)
    frame = steps.open_activity(page, demo)
    frame.get_by_role("navigation", name="Pages").wait_for()
    visit = re.match(r".*/v/[^/]+/", steps.inside(page).url)
    assert visit
    steps.inside(page).goto(visit[0] + path)
    return frame


def test_a_leader_is_named_and_sets_a_programme_up(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    steps.open_activity(page, demo).locator("h1").wait_for()
    frame = _own_page(page, demo, "Helen", "programme/cohorts/")
    expect(frame.get_by_role("heading", name="For programme leaders")).to_be_visible()
    steps.follow(frame.get_by_role("link", name="Ask to lead this programme"))
    frame.get_by_role("button", name="Ask to lead").click()
    expect(frame.get_by_text("You asked on")).to_be_visible()
    steps.fits(page)

    steps.sign_in(page, demo, "Rania")
    frame = steps.open_activity(page, demo)
    steps.go_to(frame, "Who leads")
    expect(frame.get_by_role("heading", name="Helen Marsh")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Agree").click()
    expect(frame.get_by_text("Answered. They get a message.")).to_be_visible()

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.go_to(frame, "Programme")
    steps.begin_programme(frame, lambda: steps.fits(page))
    steps.go_to(frame, "Programme")
    frame.get_by_role("heading", name="September 2026 at a glance").wait_for()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="people: taking part"))
    expect(frame.get_by_role("link", name="Amara Okafor")).to_be_visible()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Amara Okafor"))
    steps.fits(page)
    frame.get_by_label("Intermitting").check()
    frame.get_by_role("textbox", name="Reason").fill("Agreed for a year.")
    frame.get_by_role("button", name="Record the status").click()
    expect(frame.get_by_text("The status is recorded.")).to_be_visible()
    frame.get_by_role("link", name="September 2026").first.click()
    for name in (
        "Results and student numbers",
        "Board sheet",
        "List for the lead provider",
        "Record a decision on awards",
    ):
        steps.follow(frame.get_by_role("link", name=name))
        frame.get_by_role("heading", name=name, level=1).wait_for()
        steps.fits(page)
        steps.follow(frame.get_by_role("link", name="September 2026").first)
    steps.follow(frame.get_by_role("link", name="Start the next cohort"))
    frame.get_by_label("Title").fill("September 2027")
    frame.get_by_role("button", name="Start the cohort").click()
    expect(frame.get_by_text("Amara Okafor: intermitting since")).to_be_visible()
    steps.fits(page)
    steps.go_to(frame, "Markers")
    frame.get_by_role("button", name="Name for the whole programme").first.wait_for()
    steps.fits(page)
    steps.go_to(frame, "Programme")
    steps.follow(frame.get_by_role("link", name="people: intermitting"))
    expect(frame.get_by_role("link", name="Amara Okafor")).to_be_visible()
