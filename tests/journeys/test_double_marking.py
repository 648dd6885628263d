"""Double marking in the browser, at a phone's width: name a second marker, mark, agree.

The application runs in this process on a real port, since the demo's activity has one marker.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import steps
from tests.support.cohorts import Cohort, make_cohort
from tests.support.serving import serving_app
from tests.support.visiting import Visitor, make_world

pytestmark = pytest.mark.browser


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    return make_cohort(make_world(tmp_path), ("44", "62"), rules="half-marks-double")


@pytest.fixture
def address(cohort: Cohort) -> Iterator[str]:
    """Where the application answers."""
    with serving_app(cohort.world.app) as where:
        yield where


def _enter(page: Page, address: str, visitor: Visitor) -> str:
    """Come in as somebody whose visit has begun; the address of their visit."""
    where = f"{address}/v/{visitor.handle}/"
    page.context.add_cookies([{"name": "visit", "value": visitor.secret, "url": where}])
    return where


def test_two_markers_agree_a_mark(cohort: Cohort, address: str, phone: BrowserContext) -> None:
    first, second = cohort.tutor, cohort.world.let_in("4", "tutor", name="Nora Ellis")
    assert first is not None
    page = phone.new_page()
    page.set_viewport_size({"width": 374, "height": 800})
    home = _enter(page, address, first)
    page.goto(f"{home}moderation/")
    steps.follow(page.get_by_role("link", name="Second markers and agreed marks"))
    page.get_by_label("Marker", exact=True).select_option(label="Nora Ellis")
    steps.fits(page)
    page.get_by_role("button", name="Name this marker").click()
    expect(page.get_by_text("The marker is named.")).to_be_visible()

    _enter(page, address, second)
    page.goto(f"{address}/v/{second.handle}/marking/{cohort.assignment.id}/double")
    steps.fits(page)
    low = cohort.works[0].candidate_code
    steps.follow(page.get_by_role("row", name=low).get_by_role("link", name="Mark as second"))
    expect(page.get_by_text("What others gave is hidden")).to_be_visible()
    expect(page.get_by_text("Clear.")).to_have_count(0)
    steps.fits(page)
    for box in page.locator("input[name^=mark_]").all():
        box.fill("101")
    page.get_by_role("button", name="Save marks").click()
    page.get_by_text("There is a problem").wait_for()
    steps.fits(page)
    for box in page.locator("input[name^=mark_]").all():
        box.fill("56")
    steps.follow(page.get_by_role("button", name="Save marks"))
    steps.follow(page.get_by_role("link", name="Both marks are in: agree a mark"))
    page.get_by_role("heading", name="First marker", exact=False).wait_for()
    steps.fits(page)
    page.get_by_role("textbox", name="Why this mark was agreed").fill("We met in the middle.")
    for box in page.locator("input[name^=mark_]").all():
        box.fill("50")
    page.get_by_role("button", name="Keep the agreed mark").click()
    expect(page.get_by_role("heading", name="Agreed: 50 out of 100")).to_be_visible()
    steps.fits(page)
