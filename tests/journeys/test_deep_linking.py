"""A tutor adds an activity by deep link; its mark lands in its own new column."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
TITLE = "Audit for the spring cohort"


def _add(page: Page, demo: RunningDemo, course: str = "2") -> None:
    page.goto(f"{demo.platform_url}/course?id={course}")
    steps.follow(page.get_by_role("link", name="Add activities to this course"))
    frame = page.frame_locator("iframe")
    frame.get_by_label("What to add").select_option(label="New: Provision-map audit")
    frame.get_by_label("Title").fill(TITLE)
    frame.get_by_label("Maximum mark").fill("50")
    frame.get_by_role("button", name="Add to the course").click()
    expect(frame.get_by_text("One activity was chosen.")).to_be_visible()
    expect(frame.get_by_text("Out of 50")).to_be_visible()
    frame.get_by_role("button", name="Save and return to course").click()
    page.get_by_role("link", name=TITLE, exact=True).first.wait_for()


def test_an_activity_added_by_deep_link_is_marked_into_its_own_column(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    _add(page, demo)

    steps.sign_in(page, demo, "Amara")
    page.goto(f"{demo.platform_url}/course")
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    activity = page.url
    frame = page.frame_locator("iframe")
    steps.bring_in(frame)
    steps.hand_in(frame)

    steps.sign_in(page, demo, "Helen")
    page.goto(activity)
    frame = page.frame_locator("iframe")
    steps.mark(frame, "Amara Okafor", ["60"] * 6, TITLE)
    frame.get_by_role("button", name="Release this mark").click()
    expect(frame.get_by_text("In the gradebook", exact=True).first).to_be_visible()

    page.goto(demo.platform_url + "/gradebook")
    column = page.get_by_role("columnheader", name=TITLE)
    expect(column).to_contain_text("out of 50")
    expect(column).to_have_count(1)
    scores = [one["body"] for one in demo.state()["scores"]]
    assert [(one["userId"], one["scoreGiven"], one["scoreMaximum"]) for one in scores] == [
        ("5", 30, 50)
    ]

    page.goto(f"{demo.platform_url}/course")
    steps.follow(page.get_by_role("button", name="Copy this course"))
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    frame = page.frame_locator("iframe")
    expect(
        frame.get_by_role("heading", name="This activity came with a copied course")
    ).to_be_visible()
    frame.get_by_role("button", name="Use the same set-up").click()
    expect(frame.get_by_text("The copied set-up is in use.")).to_be_visible()
    steps.follow(frame.get_by_role("link", name="Work to mark"))
    expect(frame.get_by_text("Amara Okafor")).to_have_count(0)


def test_the_picker_is_found_well_by_axe_at_a_phones_width(
    demo: RunningDemo, phone: BrowserContext
) -> None:
    page = phone.new_page()
    steps.sign_in(page, demo, "Helen")
    page.goto(f"{demo.platform_url}/mod/lti/add?course=2")
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Add activities").wait_for()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Choose one more activity").click()
    frame.get_by_role("heading", name="Activity 2").wait_for()
    frame.get_by_label("Maximum mark").first.fill("150")
    frame.get_by_role("button", name="Add to the course").click()
    frame.get_by_text("There is a problem").wait_for()
    assert steps.axe_findings(page) == []
    steps.fits(page)
    frame.get_by_role("button", name="Cancel").click()
    expect(frame.get_by_text("Nothing was added.")).to_be_visible()
