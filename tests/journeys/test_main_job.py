"""The main job, lived through: bring in, hand in, mark, release, and see it in the gradebook."""

import re
import time

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo
from tests.unit.provision_map_audit.test_commentary import make_docx
from tests.unit.provision_map_audit.test_prose import COUNTED, WORD

pytestmark = pytest.mark.browser
PASTE = """(area, html) => {
  const board = new DataTransfer();
  board.setData("text/html", html);
  board.setData("text/plain", "plain");
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  const options = {clipboardData: board, cancelable: true, bubbles: true};
  area.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def test_a_participants_audit_reaches_the_gradebook(
    demo: RunningDemo, context: BrowserContext
) -> None:
    """Across two sites in a frame, with third-party cookies blocked."""
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    expect(frame.get_by_text("Who can see this: you, your tutor, moderators.")).to_be_visible()
    steps.bring_in(frame)
    steps.follow(frame.get_by_role("link", name="Written parts").first)
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


def test_long_writing_keeps_its_shape_and_holds_a_name(
    demo: RunningDemo, context: BrowserContext
) -> None:
    """Pasted from Word with undo, counted as the server counts, a name held, a plan in order."""
    page = context.new_page()
    steps.sign_in(page, demo, "Cerys")
    frame = steps.open_activity(page, demo)
    steps.bring_in(frame)
    frame.get_by_role("link", name="Written parts").first.click()
    frame.get_by_role("button", name="How it will look").first.wait_for()
    area = frame.locator("#evidence-map")
    area.fill("Before.")
    area.evaluate(PASTE, WORD)
    expect(area).to_have_value(re.compile(r"^Before\.# Findings\n\nSome \*italic\* and"))
    area.press("Control+z")
    expect(area).to_have_value("Before.")
    for text, words in COUNTED:
        assert area.evaluate("(area, text) => window.countWords(text)", text) == words, text
    area.fill("bold")
    area.select_text()
    area.press("Control+b")
    expect(area).to_have_value("**bold**")
    expect(frame.locator("#evidence-map-words")).to_have_text("1 word")
    frame.get_by_role("button", name="How it will look").nth(1).click()
    expect(frame.locator(".preview-of-text strong")).to_have_text("bold")
    first = frame.locator("#evidence-context")
    first.fill("Jack Carter in Year 4 finds reading hard.")
    notice = frame.locator("#evidence-context-held")
    expect(notice).to_contain_text("Jack Carter")
    expect(frame.locator("[data-save-status]")).to_contain_text("is not saved yet")
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Leave it out Jack Carter").click()
    expect(first).to_have_value("[name removed] in Year 4 finds reading hard.")
    first.fill("A pupil in Year 4 finds reading hard.")
    expect(frame.locator("[data-save-status]")).to_contain_text("Saved")
    steps.follow(frame.get_by_role("button", name="Add evidence to Cost and value"))
    frame.get_by_label("Total cost of the full plan").check()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Put with my text").click()
    expect(frame.get_by_text("Total cost of the full plan: £")).to_be_visible()
    frame.get_by_role("button", name="Bring in a Word document").click()
    name = {"name": "essay.docx", "mimeType": "", "buffer": make_docx()}
    frame.get_by_label("Your commentary").set_input_files(name)
    frame.get_by_role("button", name="Bring it in").click()
    expect(frame.get_by_text("Your commentary is brought in")).to_be_visible()
    assert steps.axe_findings(page) == []


def test_no_page_of_the_main_job_is_found_wanting_by_axe(
    demo: RunningDemo, phone: BrowserContext
) -> None:
    """Every page a participant and a tutor meet, at a phone's width inside the frame."""
    page = phone.new_page()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        findings = steps.axe_findings(page)
        if findings:
            found[name] = findings

    steps.sign_in(page, demo, "Ben")
    frame = steps.open_activity(page, demo)
    frame.get_by_role("heading", level=1).wait_for()
    look("overview, empty")
    steps.follow(frame.get_by_role("link", name="Bring in a spreadsheet").first)
    look("bring in")
    steps.follow(frame.get_by_role("button", name="Read the file"))
    frame.get_by_text("There is a problem").wait_for()
    look("bring in, with an error")
    frame.get_by_label("Your provision map").set_input_files(steps.MAPS / "08_pupils_named.xlsx")
    steps.follow(frame.get_by_role("button", name="Read the file"))
    frame.get_by_role("heading", name="What we read").wait_for()
    look("preview")
    steps.follow(frame.get_by_role("button", name="Bring in", exact=False))
    frame.get_by_text("Your provision map is brought in").wait_for()
    look("map")
    steps.follow(frame.locator("tbody a").first)
    frame.get_by_label("Minutes of one session").fill("soon")
    steps.follow(frame.get_by_role("button", name="Save row"))
    frame.get_by_text("There is a problem").wait_for()
    look("row, with an error")
    for name in ("Figures", "Written parts", "Action plan", "Hand in"):
        steps.follow(frame.get_by_role("link", name=name).first)
        look(name)
    steps.follow(frame.get_by_role("button", name="Hand in"))
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
    steps.follow(frame.get_by_role("button", name="Save marks"))
    frame.get_by_text("There is a problem").wait_for()
    look("desk, with an error")
    steps.go_to(frame, "Dates")
    frame.get_by_role("heading", name="Dates and rules").wait_for()
    look("dates")
    assert found == {}
