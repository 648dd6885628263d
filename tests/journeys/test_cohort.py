"""A cohort of the demo hands in by itself, through the tool's own door."""

import pytest
from playwright.sync_api import BrowserContext, expect

from lti_tool.demo_platform.people import COHORT
from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def test_a_tutor_lets_a_whole_cohort_hand_in(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    page.goto(f"{demo.platform_url}/course?id=3")
    steps.follow(page.get_by_role("link", name="Let the participants of this course hand in"))
    page.get_by_role("button", name="Let them hand in").click()
    expect(page.get_by_role("status")).to_contain_text("12 of 12 have handed in", timeout=60_000)
    assert steps.axe_findings(page) == []
    frame = steps.open_activity(page, demo, 21)
    for person in COHORT:
        expect(frame.get_by_role("link", name=person.name).first).to_be_visible()


def test_a_participant_may_not_set_them_going(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    assert page.goto(f"{demo.platform_url}/cohort").status == 403


def test_a_cohort_keeps_its_placement_logs(demo: RunningDemo, context: BrowserContext) -> None:
    """Participants, their tutor and hosts without an account, through the tool's own doors."""
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    page.goto(f"{demo.platform_url}/course?id=3")
    steps.follow(page.get_by_role("link", name="Let them keep their placement logs"))
    page.get_by_role("button", name="Let them keep their logs").click()
    expect(page.locator(".note.good")).to_be_visible(timeout=120_000)
    frame = steps.open_activity(page, demo, 22)
    frame.get_by_role("heading", name="The cohort", level=1).wait_for()
    grid = frame.get_by_role("region", name="The cohort")
    for words in ("accepted", "confirmed", "awaiting host", "something is wrong", "approved"):
        expect(grid.get_by_text(f"1 {words}").first).to_be_visible()
    steps.follow(frame.get_by_role("link", name="Stuck"))
    expect(grid.get_by_text("has not been written up")).to_be_visible()
    assert steps.axe_findings(page) == []
