"""The school, the figures and a what-if in a browser: by keyboard, on a phone."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser


def test_a_school_its_figures_and_a_what_if(demo: RunningDemo, phone: BrowserContext) -> None:
    page = phone.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    steps.bring_in(frame)

    steps.follow(frame.get_by_role("link", name="Your school"))
    frame.get_by_label("Notional SEN budget").fill("84,000")
    frame.get_by_label("Speech, language and communication needs (SLCN), SEN support").fill("9")
    steps.fits(page)
    frame.get_by_role("button", name="Save and go to your map").click()
    expect(frame.get_by_text("Every figure is worked out with what you gave.")).to_be_visible()

    steps.follow(frame.get_by_role("link", name="Figures"))
    expect(frame.get_by_text("of the notional SEN budget of £84,000.00")).to_be_visible()
    mark = frame.locator("#chart-area a").first
    mark.focus()
    mark.press("Enter")
    expect(frame.locator("#area-1:target")).to_be_in_viewport()
    for name in ("Coverage", "Impact", "Reviews", "Completeness"):
        steps.follow(frame.get_by_role("navigation", name="Figures").get_by_role("link", name=name))
        expect(frame.get_by_role("heading", level=1)).to_have_text(f"Figures: {name.lower()}")
        steps.fits(page)

    steps.follow(frame.get_by_role("link", name="What if"))
    frame.get_by_label("Weeks").fill("1")
    frame.get_by_label("All rows of a tier").select_option(label="Targeted")
    frame.get_by_role("button", name="See the cost").click()
    expect(frame.get_by_role("heading", name="Now and then")).to_be_visible()
    steps.fits(page)
    frame.get_by_role("button", name="Put this into my map").click()
    expect(frame.get_by_text("The map as it was is kept.")).to_be_visible()
