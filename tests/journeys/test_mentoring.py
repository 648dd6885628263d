"""A mentor on a phone: opens the link, records a meeting, and the participant confirms it in
Moodle's frame."""

import re
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from lti_tool.core import clock
from lti_tool.db import Database
from lti_tool.people.guest_links import keep_guest
from lti_tool.people.models import Person
from lti_tool.programme.models import Mentorship, School
from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
TITLE = "Log for this journey"


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[BrowserContext]:
    """The narrowest screen that pages are made for."""
    one = chromium.new_context(viewport={"width": 374, "height": 800}, has_touch=True)
    one.set_default_timeout(15_000)
    yield one
    one.close()


def _add_log(page: Page, demo: RunningDemo) -> str:
    """A tutor adds the log to the course; its address on the platform."""
    steps.sign_in(page, demo, "Helen")
    page.goto(f"{demo.platform_url}/course?id=2")
    steps.follow(page.get_by_role("link", name="Add activities to this course"))
    frame = page.frame_locator("iframe")
    frame.get_by_label("What to add").select_option(label="New: Placement log")
    frame.get_by_label("Title").fill(TITLE)
    steps.follow(frame.get_by_role("button", name="Add to the course"))
    frame.get_by_role("button", name="Save and return to course").click()
    page.get_by_role("link", name=TITLE, exact=True).first.click()
    page.frame_locator("iframe").locator("h1").wait_for()
    return page.url


def _name_mentor(demo: RunningDemo, given_name: str) -> None:
    """What a head's answer does, written down directly."""
    database = Database(f"sqlite:///{demo.log.parent}/instance/lti_tool.sqlite")
    with database.write() as session:
        person_id = session.scalars(select(Person.id).where(Person.given_name == given_name)).one()
        school = School(registration_id=1, name="Ashgrove Primary", created_at=clock.now())
        session.add(school)
        session.flush()
        session.add(
            Mentorship(
                person_id=person_id,
                school_id=school.id,
                guest_id=keep_guest(session, 1, "Grace Bell", "grace@ashgrove.example"),
                role="leadership",
                started_on=clock.in_london(clock.now()).date(),
                created_at=clock.now(),
            )
        )
    database.engine.dispose()


def _link_in_mail(demo: RunningDemo) -> str:
    for _ in range(100):
        for path in (demo.instance / "mail").glob("*.eml"):
            message = message_from_bytes(path.read_bytes(), policy=default)
            if message["To"] == "grace@ashgrove.example":
                body = message.get_body(("plain",))
                assert body is not None
                return re.search(r"http\S+/g/open/\S+", str(body.get_content()))[0]
        time.sleep(0.1)
    raise AssertionError("no message to the mentor")


def test_a_mentor_records_a_meeting_on_a_phone(
    demo: RunningDemo, context: BrowserContext, narrow: BrowserContext
) -> None:
    page, phone = context.new_page(), narrow.new_page()
    activity = _add_log(page, demo)
    steps.sign_in(page, demo, "Amara")
    page.goto(activity)
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Placement log", level=1).wait_for()
    _name_mentor(demo, "Amara")
    inside = page.frames[-1]
    inside.goto(inside.url.split("/placement/")[0] + "/placement/meetings/")
    frame.get_by_role("button", name="Send my mentor their link again").click()
    frame.get_by_text("A link is on its way").wait_for()

    phone.goto(_link_in_mail(demo))
    steps.fits(phone)
    phone.get_by_role("button", name="Open the page").click()
    phone.get_by_role("heading", name="What you cannot see").wait_for()
    steps.fits(phone)
    steps.follow(phone.get_by_role("link", name="Write down a meeting"))
    phone.get_by_label("Date of the meeting").fill(f"{clock.in_london(clock.now()):%Y-%m-%d}")
    phone.get_by_label("Length in minutes").fill("45")
    phone.get_by_label("By phone").check()
    phone.get_by_label("What did you talk about?").fill("The costs of the provision map.")
    phone.get_by_label("What was agreed").first.fill("Bring the costs to the governors")
    phone.get_by_role("button", name="Keep this meeting").click()
    expect(phone.get_by_text("Enter the day by which").first).to_be_visible()
    steps.fits(phone)
    phone.get_by_label("By when").first.fill("2027-01-15")
    phone.get_by_role("button", name="Keep this meeting").click()
    phone.get_by_text("The meeting is kept.").wait_for()
    steps.fits(phone)

    inside = page.frames[-1]
    inside.goto(inside.url.split("?")[0])
    steps.follow(frame.get_by_role("link", name="Meeting with Grace Bell"))
    expect(frame.get_by_text("Bring the costs to the governors")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Yes, confirm this meeting").click()
    expect(frame.get_by_text("Confirmed. The meeting counts now.")).to_be_visible()
    steps.follow(phone.get_by_role("link", name="Ask the tutor"))
    phone.get_by_label("Your question").fill("May she leave one lesson early?")
    phone.get_by_role("button", name="Send to the tutors").click()
    phone.get_by_text("No reply yet").wait_for()
    steps.fits(phone)

    steps.sign_in(page, demo, "Helen")
    page.goto(activity)
    steps.go_to(frame, "Mentoring")
    expect(frame.get_by_text("May she leave one lesson early?")).to_be_visible()
    expect(frame.get_by_role("row", name="Amara Okafor")).to_contain_text("1 of 3")
    steps.fits(page)
    frame.get_by_label("Your reply").fill("Yes, once a term.")
    frame.get_by_role("button", name="Reply to").click()
    frame.get_by_text("Your reply is kept").wait_for()
    phone.reload()
    expect(phone.get_by_text("Yes, once a term.")).to_be_visible()
    phone.goto(f"{demo.tool_url}/mentor/link")
    steps.fits(phone)
