"""The main job, lived through: bring in, hand in, mark, release, and see it in the gradebook."""

import time

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def test_a_participants_audit_reaches_the_gradebook(
    demo: RunningDemo, context: BrowserContext
) -> None:
    """Across two sites in a frame, with third-party cookies blocked."""
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    expect(frame.get_by_text("Who can see this: you, your tutor, moderators.")).to_be_visible()
    steps.bring_in(frame)
    frame.get_by_role("link", name="Written parts").click()
    frame.locator("#evidence-context").fill("Forty pupils have SEN support this year.")
    expect(frame.locator("[data-save-status]")).to_contain_text("Saved")
    receipt = steps.hand_in(frame)

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.mark(frame, "Amara Okafor", ["60", "62", "58", "70", "65", "50"])
    expect(frame.get_by_text(receipt)).to_be_visible()

    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    expect(frame.get_by_role("heading", name="Handed in")).to_be_visible()
    expect(frame.get_by_role("heading", name="Your mark")).to_have_count(0)
    assert not demo.state()["scores"], "a mark left before it was released"

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    steps.open_work(frame, "Amara Okafor")
    began = time.monotonic()
    frame.get_by_role("button", name="Release this mark").click()
    expect(frame.get_by_text("In the gradebook", exact=True).first).to_be_visible()
    assert time.monotonic() - began < 10

    page.goto(demo.platform_url + "/gradebook")
    expect(page.get_by_role("main")).to_contain_text("62")
    scores = [one["body"] for one in demo.state()["scores"]]
    assert [(one["userId"], one["scoreGiven"], one["scoreMaximum"]) for one in scores] == [
        ("5", 62, 100)
    ]
    # 60*20 + 62*15 + 58*20 + 70*20 + 65*15 + 50*10 = 6165 hundredths: 61.65, a whole mark: 62

    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    expect(frame.get_by_role("heading", name="Your mark: 62 out of 100")).to_be_visible()
    expect(frame.get_by_text("It is in your course’s gradebook too.")).to_be_visible()


def test_no_page_of_the_main_job_is_found_wanting_by_axe(
    demo: RunningDemo, phone: BrowserContext
) -> None:
    """Every page a participant and a tutor meet, at a phone's width inside the frame."""
    page = phone.new_page()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.wait_for_timeout(200)
        findings = steps.axe_findings(page)
        if findings:
            found[name] = findings

    steps.sign_in(page, demo, "Ben")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("heading", level=1).wait_for()
    look("overview, empty")
    frame.get_by_role("link", name="Bring in a spreadsheet").first.click()
    look("bring in")
    frame.get_by_role("button", name="Read the file").click()
    frame.get_by_text("There is a problem").wait_for()
    look("bring in, with an error")
    frame.get_by_label("Your provision map").set_input_files(steps.MAPS / "08_pupils_named.xlsx")
    frame.get_by_role("button", name="Read the file").click()
    frame.get_by_role("heading", name="What we read").wait_for()
    look("preview")
    frame.get_by_role("button", name="Bring in", exact=False).click()
    frame.get_by_text("Your provision map is brought in").wait_for()
    look("map")
    frame.locator("tbody a").first.click()
    frame.get_by_label("Minutes of one session").fill("soon")
    frame.get_by_role("button", name="Save row").click()
    frame.get_by_text("There is a problem").wait_for()
    look("row, with an error")
    for name in ("Figures", "Written parts", "Action plan", "Hand in"):
        frame.get_by_role("link", name=name).first.click()
        frame.get_by_role("heading", level=1).wait_for()
        look(name)
    frame.get_by_role("button", name="Hand in").click()
    frame.get_by_text("There is a problem").wait_for()
    look("hand in, with errors")
    steps.hand_in(frame)
    look("receipt")

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("heading", name="Work to mark").wait_for()
    look("queue")
    steps.open_work(frame, "Ben Whitlock")
    frame.get_by_role("button", name="Save marks").wait_for()
    look("desk")
    frame.locator("#mark_impact").fill("101")
    frame.get_by_role("button", name="Save marks").click()
    frame.get_by_text("There is a problem").wait_for()
    look("desk, with an error")
    steps.go_to(frame, "Dates")
    frame.get_by_role("heading", name="Dates and rules").wait_for()
    look("dates")
    assert found == {}
