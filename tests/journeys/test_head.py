"""A participant asks their head, who answers on a phone; tutors and the office see what came."""

import re
import time
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def _link(demo: RunningDemo) -> str:
    """The address in the head's message."""
    for _ in range(150):
        for path in (demo.instance / "mail").glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=default)
            body = message.get_body(("plain",))
            if str(message["Subject"]).startswith("Your school’s agreement") and body:
                found = re.search(r"http\S+/g/open/\S+", str(body.get_content()))
                assert found is not None
                return found.group(0)
        time.sleep(0.1)
    raise AssertionError("the head got no message")


def _go(page: Page, path: str) -> Frame:
    """A page of the visit, in its frame."""
    frame = page.frames[-1]
    frame.wait_for_url(re.compile(r"/v/\w+/"))
    found = re.match(r"http://[^/]+/v/\w+/", frame.url)
    assert found is not None
    frame.goto(found.group(0) + path)
    return frame


def _ask(page: Page) -> None:
    frame = _go(page, "programme/")
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Say where you work"))
    frame.get_by_label("Name of the school").fill("Ashgrove Primary")
    frame.get_by_label("URN").fill("116123")
    frame.get_by_label("Phase").select_option("primary")
    frame.get_by_label("Working there since").fill("2020-09-01")
    steps.fits(page)
    steps.follow(frame.get_by_role("button", name="Keep this school"))
    steps.follow(frame.get_by_role("link", name="Ask your head"))
    frame.get_by_label("Head’s name").fill("Ruth Calder")
    frame.get_by_label("Head’s e-mail").fill("ruth.calder@gmail.com")
    steps.fits(page)
    frame.get_by_role("button", name="Send the link").click()
    expect(frame.get_by_text("Waiting for the head")).to_be_visible()


def _answer(head: Page) -> None:
    steps.follow(head.get_by_role("button", name="Read and answer"))
    head.get_by_label("Days of release").fill("5")
    head.get_by_role("button", name="Agree and send").click()
    head.get_by_role("heading", name="There is a problem").wait_for()
    steps.fits(head)
    expect(head.get_by_label("Days of release")).to_have_value("5")
    head.get_by_label("Mentor’s name").fill("Owen Blake")
    head.get_by_label("Mentor’s e-mail").fill("owen.blake@ashgrove.sch.uk")
    head.get_by_label("A member of the leadership team").check()
    head.get_by_label("Yes", exact=True).check()
    head.get_by_label("Level of the check").select_option("enhanced")
    head.get_by_label("Workforce").select_option("child")
    today = time.strftime("%Y-%m-%d")
    head.get_by_label("Issued on").fill(today)
    head.get_by_label("Checked by which office").select_option("School office")
    head.get_by_label("Checked by that office on").fill(today)
    head.get_by_label("I agree to this on behalf").check()
    head.get_by_role("button", name="Agree and send").click()
    expect(head.get_by_text("Your answer is kept. Thank you")).to_be_visible()
    steps.fits(head)


def test_a_head_answers_on_a_phone(
    demo: RunningDemo, context: BrowserContext, phone: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    steps.open_activity(page, demo).get_by_text("This page stays open until").wait_for()
    _ask(page)
    head = phone.new_page()
    head.set_viewport_size({"width": 374, "height": 800})
    head.goto(_link(demo))
    steps.fits(head)
    _answer(head)
    frame = _go(page, "programme/")
    expect(frame.get_by_text("Checked within our limit")).to_be_visible()
    expect(frame.get_by_text("Who can put it right")).to_have_count(1)
    steps.fits(page)

    steps.sign_in(page, demo, "Helen")
    steps.open_activity(page, demo).get_by_text("This page stays open until").wait_for()
    frame = _go(page, "programme/cohort/")
    expect(frame.get_by_text("is of a free mail service")).to_be_visible()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Amara"))
    expect(frame.get_by_text("Ruth Calder agreed")).to_be_visible()
    steps.fits(page)
    _go(page, "programme/file/")
    frame.get_by_label("Your file").set_input_files(
        {
            "name": "cohort.csv",
            "mimeType": "text/csv",
            "buffer": b"Participant,QTS,Induction\nAmara Okafor,yes,Completed\nNobody,yes,\n",
        }
    )
    frame.get_by_role("button", name="Read the file").click()
    page.set_viewport_size({"width": 390, "height": 800})
    expect(frame.get_by_text("Row 3, Participant: Nobody")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Keep 1 row").click()
    expect(frame.get_by_text("1 of", exact=False).first).to_be_visible()
    steps.fits(page)
