"""The quality standards checklist in the browser: written, printed, reviewed by link."""

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
CHECKLIST = 4


def test_a_checklist_from_its_first_page_to_print(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo, CHECKLIST)
    expect(frame.get_by_text("for the programme team")).to_be_visible()
    steps.name_a_leader(demo)

    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo, CHECKLIST)
    expect(frame.get_by_role("heading", name="not part of a programme yet")).to_be_visible()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Go to programmes"))
    steps.begin_programme(frame)

    frame = steps.open_activity(page, demo, CHECKLIST)
    frame.get_by_role("button", name="Begin the checklist").click()
    expect(frame.get_by_text("Placeholder, not the official text")).to_be_visible()
    expect(frame.get_by_role("link", name="Work to mark")).to_have_count(0)
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name=re.compile("^Q1.1 ")))
    frame.get_by_label("In place", exact=True).check()
    frame.get_by_label("What you do, and how you know").fill("We sign each September.")
    steps.fits(page)
    frame.get_by_role("button", name="Save").click()
    expect(frame.get_by_text("The standard is saved.")).to_be_visible()
    steps.follow(frame.get_by_role("link", name="The checklist"))
    expect(frame.get_by_text("1 of ").first).to_be_visible()
    steps.follow(frame.get_by_role("link", name="To print"))
    expect(frame.get_by_text("We sign each September.")).to_be_visible()
    steps.fits(page)


_JUDGE_ALL = """async () => {
  for (const link of document.querySelectorAll('tbody a[href*="/standard/"]')) {
    const text = await (await fetch(link.href)).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const labels = [...page.querySelectorAll("label")];
    const label = labels.find(one => one.textContent.trim() === "In place");
    const choice = page.getElementById(label.htmlFor), form = choice.form;
    choice.checked = true;
    const kept = await fetch(new URL(form.getAttribute("action"), location),
      {method: "POST", body: new URLSearchParams(new FormData(form))});
    if (!kept.ok) throw new Error(`${kept.status} for ${link.href}`);
  }
}"""
"""What a leader does over weeks: every standard's own form, filled in and sent."""


def test_a_reviewer_follows_a_link_and_comments(demo: RunningDemo, context: BrowserContext) -> None:
    """Follows on from the test before."""
    page = context.new_page()
    steps.sign_in(page, demo, "Helen")
    frame = steps.open_activity(page, demo, CHECKLIST)
    expect(frame.get_by_text("1 of ").first).to_be_visible()
    steps.inside(page).evaluate(_JUDGE_ALL)
    frame = steps.open_activity(page, demo, CHECKLIST)
    frame.get_by_role("button", name="Submit the checklist").click()
    expect(frame.get_by_text("What was submitted is frozen")).to_be_visible()
    steps.fits(page)
    steps.follow(frame.get_by_role("link", name="Links for reviewers"))
    frame.get_by_label("name", exact=False).fill("Rita Reviewer")
    frame.get_by_label("mail", exact=False).fill("rita@example.ac.uk")
    frame.get_by_role("button", name="Make a link").click()
    address = frame.locator("[data-address]").inner_text().strip()
    steps.fits(page)

    outside = context.new_page()
    steps.open_link(outside, address, "Rita Reviewer", "Open")
    expect(outside.get_by_text("We sign each September.")).to_be_visible()
    expect(outside.get_by_text("Placeholder, not the official text").first).to_be_visible()
    steps.fits(outside)
    outside.get_by_role("link", name="Comments").click()
    expect(outside.get_by_role("heading", name="Comments")).to_be_in_viewport()
    outside.get_by_role("button", name="Send the comment").click()
    expect(outside.get_by_role("alert")).to_be_visible()
    steps.fits(outside)
    steps.follow(outside.get_by_role("link", name="Comment on Q1.1", exact=True))
    expect(outside.get_by_label("About")).to_have_value("Q1.1")
    expect(outside.get_by_label("About")).to_be_in_viewport()
    outside.locator("textarea").fill("Who signs when a head is away?")
    outside.get_by_role("button", name="Send the comment").click()
    expect(outside.get_by_text("Your comment is with the programme team.")).to_be_visible()

    frame = steps.open_activity(page, demo, CHECKLIST)
    expect(frame.get_by_text("In review", exact=True).first).to_be_visible()
    steps.follow(frame.get_by_role("link", name=re.compile("^Q1.1 ")))
    expect(frame.get_by_text("Who signs when a head is away?")).to_be_visible()
