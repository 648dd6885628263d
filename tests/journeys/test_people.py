"""People in the browser: who has not begun, a preview without a trace, a gradebook link."""

import time

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _open_people(page, demo: RunningDemo, link: int):  # type: ignore[no-untyped-def]
    """The list, once the worker has read it."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        frame = steps.open_activity(page, demo, link)
        steps.follow(frame.get_by_role("link", name="People", exact=True))
        frame.get_by_role("heading", name="People", level=1).wait_for()
        steps.arrived(frame)
        if frame.get_by_text("Last read").count():
            return frame
    raise AssertionError("the list was not read")


def test_a_tutor_sees_who_has_not_begun_and_looks_without_a_trace(
    demo: RunningDemo, context: BrowserContext
) -> None:
    """In next year's course, which no other journey uses."""
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = _open_people(page, demo, 11)
    row = frame.get_by_role("row", name="Cerys Hughes")
    expect(row).to_contain_text("Never opened it")
    expect(row.get_by_text("Not begun").first).to_be_visible()
    assert steps.axe_findings(page) == []
    steps.follow(frame.get_by_role("link", name="Work to mark"))
    expect(frame.get_by_role("link", name="1 not begun").first).to_be_visible()

    page.goto(f"{demo.platform_url}/course?id=9")
    page.get_by_role("button", name="student", exact=False).first.click()
    frame = steps.open_activity(page, demo, 11)
    expect(frame.get_by_text("You are looking at this as a participant would")).to_be_visible()
    steps.follow(frame.get_by_role("link", name="Type the first row yourself"))
    frame.locator("#name").fill("Precision teaching")
    frame.get_by_role("button", name="Save row").click()
    expect(frame.get_by_role("heading", name="Nothing was kept")).to_be_visible()
    assert steps.axe_findings(page) == []

    steps.sign_in(page, demo, "Helen")
    frame = _open_people(page, demo, 11)
    expect(frame.get_by_role("row", name="Helen Marsh")).to_have_count(0)
    steps.follow(frame.get_by_role("link", name="Work to mark"))
    expect(frame.get_by_role("link", name="1 not begun").first).to_be_visible()
    expect(frame.get_by_text("begun but not handed in")).to_have_count(0)


def test_a_link_in_the_gradebook_lands_on_the_work(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Cerys")
    frame = steps.open_activity(page, demo, 11)
    steps.bring_in(frame)
    steps.hand_in(frame)
    page.goto(f"{demo.platform_url}/mod/lti/view?id=11&action=gradeReport&user=3")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("somebody else’s work")).to_be_visible()
    page.goto(f"{demo.platform_url}/gradebook?course=9")
    page.get_by_role("link", name="Look at the work of Cerys Hughes").first.click()
    expect(page.frame_locator("iframe").get_by_role("heading", name="Handed in")).to_be_visible()

    steps.sign_in(page, demo, "Helen")
    page.goto(f"{demo.platform_url}/gradebook?course=9")
    page.get_by_role("link", name="Look at the work of Cerys Hughes").first.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name="Save marks")).to_be_visible()
    expect(frame.get_by_text("Cerys Hughes").first).to_be_visible()
    page.goto(f"{demo.platform_url}/gradebook?course=9")
    page.get_by_role("link", name="Provision-map audit", exact=True).first.click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Work to mark")).to_be_visible()
