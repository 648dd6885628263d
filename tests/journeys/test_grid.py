"""The grid, lived through with the keyboard alone: entry, paste, undo, two tabs, a lost line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page, Route, expect

from tests.bench.grid import PASTE
from tests.journeys import steps
from tests.support.demo import RunningDemo

pytestmark = pytest.mark.browser
SAVES = re.compile(r"/audit/map/changes$")


def _cell(grid: FrameLocator | Page, row: int, col: int):  # type: ignore[no-untyped-def]
    return grid.locator(".grid-table tbody tr[data-id]").nth(row).locator("th, td").nth(col)


def _saved(grid: FrameLocator | Page) -> None:
    expect(grid.locator("[data-save-status]")).to_contain_text("Saved")


@contextmanager
def _saves_held(tab: Page) -> Iterator[None]:
    """What this tab saves stays on its way until the end, and goes on then."""
    held: list[Route] = []
    tab.route(SAVES, lambda route: held.append(route))
    yield
    tab.unroute(SAVES)
    for one in held:
        one.fallback()


def _frame(page: Page) -> Frame:
    return next(one for one in page.frames if "/audit/map" in one.url)


def _type_row(page: Page, *texts: str) -> None:
    for place, text in enumerate(texts):
        page.keyboard.type(text)
        page.keyboard.press("Enter" if place == len(texts) - 1 else "Tab")


def test_a_map_is_typed_pasted_and_kept_with_the_keyboard_alone(
    demo: RunningDemo, context: BrowserContext
) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Amara")
    frame = steps.open_activity(page, demo)
    steps.follow(frame.get_by_role("link", name="Type the first row yourself"))
    steps.follow(frame.get_by_role("link", name="Your provision map"))
    frame.get_by_role("button", name="New row").press("Enter")
    expect(_cell(frame, 0, 1)).to_be_focused()
    _type_row(
        page, "Talk Boost", "Y1", "C&I", "wave 2", "1/2 hr", "x3", "12 wks", "4", "1", "TA", "40"
    )
    expect(_cell(frame, 0, 12)).to_have_text("£337.00")
    expect(_cell(frame, 0, 3)).to_have_text("Communication and interaction")
    expect(_cell(frame, 1, 1)).to_be_focused()

    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    _frame(page).evaluate(PASTE, 'Lego\tY3\tSEMH\n"Two\nlines"\tY4\tSEMH\nOrla Finch\tY5\tsoon')
    expect(frame.locator(".grid-table tbody tr[data-id]")).to_have_count(4)
    expect(_cell(frame, 1, 3)).to_have_text("Social, emotional and mental health")
    expect(_cell(frame, 3, 1)).to_have_attribute("aria-invalid", "true")
    expect(_cell(frame, 3, 3)).to_have_attribute("aria-invalid", "true")
    expect(frame.locator("[data-live]")).to_contain_text("a person's name")
    frame.locator("[data-doubts] summary").press("Enter")
    frame.get_by_role("button", name="This is not a child").press("Enter")
    expect(_cell(frame, 3, 1)).not_to_have_attribute("aria-invalid", "true")

    _cell(frame, 0, 1).focus()
    page.keyboard.press("Control+d")
    expect(frame.locator(".grid-table tbody tr[data-id]")).to_have_count(5)
    page.keyboard.press("Control+z")
    expect(frame.locator(".grid-table tbody tr[data-id]")).to_have_count(4)
    page.keyboard.press("Control+y")
    expect(_cell(frame, 1, 1)).to_have_text("Talk Boost")
    page.keyboard.press("Control+z")
    _cell(frame, 0, 7).focus()
    page.keyboard.press("Delete")
    expect(_cell(frame, 0, 12)).to_have_text("not known")
    page.keyboard.press("Control+z")
    expect(_cell(frame, 0, 12)).to_have_text("£337.00")
    _saved(frame)
    assert steps.axe_findings(page) == []


def test_two_tabs_and_a_lost_line_lose_nothing(demo: RunningDemo, context: BrowserContext) -> None:
    page = context.new_page()
    steps.sign_in(page, demo, "Ben")
    frame = steps.open_activity(page, demo)
    steps.bring_in(frame)
    frame.locator(".grid-table tbody th").first.wait_for()
    address = _frame(page).url
    other = context.new_page()
    steps.open_activity(other, demo)
    second = other.frame_locator("iframe")
    second.get_by_role("link", name="Your map").first.click()
    second.locator(".grid-table tbody th").first.wait_for()
    assert address

    def change(tab: Page, grid: FrameLocator, col: int, text: str) -> None:
        tab.bring_to_front()
        _cell(grid, 0, col).focus()
        tab.keyboard.type(text)
        tab.keyboard.press("Escape" if not text else "Enter")

    change(page, frame, 7, "7")
    _saved(frame)
    with _saves_held(other):
        with other.expect_request(SAVES):
            change(other, second, 2, "Y6")
        change(other, second, 7, "9")  # while what tells of the 7 is on its way
    expect(second.get_by_role("heading", name="Changed in two places")).to_be_visible()
    expect(second.locator("[data-clash-list]")).to_contain_text("here “9”, elsewhere “7”")
    assert steps.axe_findings(other) == []
    with other.expect_response(lambda one: one.request.method == "POST"):
        second.get_by_role("button", name="Keep mine").press("Enter")
    expect(second.get_by_role("heading", name="Changed in two places")).to_be_hidden()
    _saved(second)
    change(page, frame, 1, "Toe by Toe again")
    expect(_cell(frame, 0, 2)).to_have_text("Y6")
    expect(_cell(frame, 0, 7)).to_have_text("9")

    with _saves_held(page):
        with page.expect_request(SAVES):
            change(page, frame, 5, "50")
        page.keyboard.press("Control+z")  # what is on its way says 50
        expect(_cell(frame, 0, 5)).to_have_text("20")
    _saved(frame)
    expect(_cell(frame, 0, 5)).to_have_text("20")

    context.set_offline(True)
    change(page, frame, 5, "45")
    expect(frame.locator("[data-save-status]")).to_contain_text("no connection")
    expect(_cell(frame, 0, 5)).to_have_text("45")
    context.set_offline(False)
    _saved(frame)
    page.reload()
    frame.get_by_role("link", name="Your map").first.click()
    expect(_cell(frame, 0, 5)).to_have_text("45")


def test_on_a_phone_the_rows_stack_and_each_has_its_form(
    demo: RunningDemo, phone: BrowserContext, chromium: Browser
) -> None:
    page = phone.new_page()
    steps.sign_in(page, demo, "Cerys")
    frame = steps.open_activity(page, demo)
    steps.bring_in(frame)
    expect(frame.locator("[data-grid]")).to_be_hidden()
    assert steps.axe_findings(page) == []
    frame.get_by_role("button", name="Duplicate").first.click()
    frame.get_by_text("The row is duplicated").wait_for()
    frame.locator("tbody a").first.click()
    frame.get_by_role("button", name="Add a further measure").click()
    frame.get_by_text("Measure 2").wait_for()
    assert steps.axe_findings(page) == []
    steps.follow(frame.get_by_role("link", name="Your provision map"))
    frame.get_by_role("link", name="Earlier drafts").first.click()
    frame.get_by_role("heading", name="Earlier drafts").wait_for()
    assert steps.axe_findings(page) == []
    frame.locator("tbody a").first.click()
    frame.get_by_role("button", name="Bring back the map").wait_for()
    assert steps.axe_findings(page) == []
