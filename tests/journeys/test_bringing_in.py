"""Pasting rows from Excel on a phone and on a desk, correcting a column, and being remembered."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
ROWS = (
    "Provision\tArea\tMins\tTimes a week\tWeeks\tStaff\tBlob\tReading age entry\n"
    "Lexia\tC&L\t½ hr\tdaily\tAutumn 1\tTA x2\t2\t7.06\n"
    "Talk Boost\tC&I\t20\t3\t12\tHLTA\t1\t\n"
    "Help for Oliver Smith\tSEMH\t20\t3\t12\tTA\t1\t\n"
)


def test_rows_are_pasted_corrected_and_remembered(demo: RunningDemo, phone: BrowserContext) -> None:
    page = phone.new_page()
    shots = os.environ.get("SHOTS")
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        if findings := steps.axe_findings(page):
            found[name] = findings
        if shots:
            frame.locator("main").screenshot(path=Path(shots) / f"{name}.png")

    steps.sign_in(page, demo, "Ben")
    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="Bring in a spreadsheet").first)
    frame.get_by_label("Or paste rows from Excel").fill(ROWS)
    look("bring in, pasted")
    frame.get_by_role("button", name="Read the file").click()
    frame.get_by_role("heading", name="What we read").wait_for()
    frame.get_by_text("“½ hr”: 30 minutes a session").wait_for()
    frame.get_by_label("Blob").select_option("groups")
    frame.get_by_role("button", name="Read again").click()
    frame.get_by_text("We recognised every column").wait_for()
    look("preview, pasted")
    frame.get_by_role("button", name="Bring in", exact=False).click()
    frame.get_by_text("Your provision map is brought in").wait_for()
    frame.get_by_role("link", name="Bring in a spreadsheet").first.click()
    frame.get_by_role("heading", name="What we remember").wait_for()
    look("bring in, remembered")
    frame.get_by_label("blob: Groups").check()
    frame.get_by_role("button", name="Forget what is ticked").click()
    frame.get_by_text("Forgotten.").wait_for()
    expect(frame.get_by_role("heading", name="What we remember")).to_have_count(0)
    assert found == {}
