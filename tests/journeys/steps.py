"""What people do in the journeys, in their words."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, Frame, FrameLocator, Locator, Page, expect

from tests.support.axe import axe_findings
from tests.support.demo import RunningDemo

__all__ = ["axe_findings"]

MAPS = Path(__file__).parent.parent / "fixtures" / "provision_maps"
CRITERIA = (
    "need_and_fit",
    "cost_and_value",
    "impact",
    "literature",
    "leadership",
    "writing_and_ethics",
)
NARROW = {"width": 374, "height": 800}
_MOST_TRIES = 5


def sign_in(page: Page, demo: RunningDemo, name: str) -> None:
    """Become somebody on the demo platform."""
    page.goto(demo.platform_url + "/")
    page.get_by_role("button", name=name).first.click()


def name_a_leader(demo: RunningDemo) -> None:
    """What whoever runs the tool does: Helen leads everything on this platform."""
    instance = demo.instance
    settings = {
        "LTI_TOOL_INSTANCE_DIR": str(instance),
        "LTI_TOOL_KEYS_DIR": str(instance / "keys"),
        "LTI_TOOL_ALLOW_HTTP": "1",
        "LTI_TOOL_SECRET_KEY": "only for this one command, which signs nothing",
    }
    command = ["people", "grant", "--registration", "1", "--user", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "lti_tool.cli", *command, "--role", "programme-leader"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def open_activity(page: Page, demo: RunningDemo, link: int = 1) -> FrameLocator:
    """Open an activity in its course, in the frame."""
    page.goto(f"{demo.platform_url}/mod/lti/view?id={link}")
    return page.frame_locator("iframe")


def fits(page: Page) -> None:
    """Nothing on a page or in its frames is wider than a phone, whatever the window is now.

    What axe finds on a page as the server draws it is seen to by `tests/looks`; journeys ask it
    where scripts have changed the page.
    """
    wide = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    over = "document.documentElement.scrollWidth > innerWidth"
    assert not [frame.url for frame in page.frames if frame.evaluate(over)]
    if wide is not None:
        page.set_viewport_size(wide)


def inside(page: Page) -> Frame:
    """The tool's own frame."""
    return next(one for one in page.frames if "/v/" in one.url)


def open_link(page: Page, address: str, name: str, button: str) -> None:
    """Follow a link that was made for somebody outside: its page names them and asks first."""
    page.goto(address)
    page.get_by_role("heading", name=f"A link for {name}").wait_for()
    fits(page)
    page.get_by_role("button", name=button).click()


def _frame_of(place: Locator) -> Frame:
    """The frame a place stands in; asked again where its page went while it was asked."""
    tries = 1
    while True:
        try:
            inside = place.element_handle().owner_frame()
        except Error as error:
            if "context" not in str(error) or tries == _MOST_TRIES:
                raise
        else:
            if inside is not None:
                return inside
            assert tries < _MOST_TRIES, f"{place} stands in no frame"
        tries += 1


def arrived(frame: FrameLocator | Page) -> None:
    """Wait until the page is whole and its scripts have started: the browser waits no more."""
    _frame_of(frame.locator("html")).wait_for_load_state()


def follow(way: Locator) -> None:
    """Click what leads to another page, and wait for that page and its scripts: the one before it
    has the same labels often enough, and a click there is lost, as is a key no script hears."""
    with _frame_of(way).expect_navigation(wait_until="domcontentloaded"):
        way.click()


def go_to(frame: FrameLocator, place: str) -> None:
    """Follow a link at the top of the page; on a phone most of them are in a menu."""
    pages = frame.get_by_role("navigation", name="Pages")
    pages.wait_for()
    arrived(frame)
    menu = pages.locator("summary")
    if menu.is_visible():
        menu.click()
    follow(pages.get_by_role("link", name=place, exact=True))


def bring_in(frame: FrameLocator, name: str = "01_title_and_totals.xlsx") -> None:
    """Bring a spreadsheet in and agree to what was read."""
    follow(frame.get_by_role("link", name="Bring in a spreadsheet").first)
    frame.get_by_label("Your provision map").set_input_files(MAPS / name)
    follow(frame.get_by_role("button", name="Read the file"))
    frame.get_by_role("button", name="Bring in", exact=False).click()
    frame.get_by_text("Your provision map is brought in").wait_for()


def hand_in(frame: FrameLocator | Page) -> str:
    """Declare everything and hand in; the receipt's number."""
    if not frame.get_by_role("heading", name="Hand in", level=1).is_visible():
        follow(frame.get_by_role("link", name="Hand in").first)
    frame.get_by_role("heading", name="Hand in", level=1).wait_for()
    arrived(frame)
    for box in frame.get_by_role("checkbox").all():
        box.check()
    frame.get_by_role("button", name="Hand in").click()
    frame.get_by_text("Your work is handed in. Keep the receipt").wait_for()
    return frame.locator("dd").first.inner_text().strip()


def open_work(frame: FrameLocator, name: str, title: str = "Provision-map audit") -> None:
    """Open somebody's work from the tutor's queue."""
    queue = frame.get_by_role("region", name=f"Work handed in for {title}", exact=True)
    follow(queue.get_by_role("link", name=name))


def mark(
    frame: FrameLocator, name: str, marks: list[str], title: str = "Provision-map audit"
) -> None:
    """Mark somebody's work by the rubric and save."""
    open_work(frame, name, title)
    for criterion, given in zip(CRITERIA, marks, strict=True):
        frame.locator(f"#mark_{criterion}").fill(given)
    frame.get_by_label("Feedback for the participant").fill(
        "A careful audit.\nMeasure impact next."
    )
    frame.get_by_role("button", name="Save marks").click()
    frame.get_by_text("Your marks are saved").wait_for()


def begin_programme(frame: FrameLocator, look: Callable[[], None] = lambda: None) -> None:
    """From the page of no programme yet: a programme, a module, a cohort, and this course in it.

    :param look: called with each page that is new.
    """
    frame.get_by_label("Title").fill("SENCo training")
    frame.get_by_label("Key").fill("npq")
    frame.get_by_label("NPQ for SENCOs").check()
    frame.get_by_label("Credits the award asks for").fill("0")
    look()
    follow(frame.get_by_role("button", name="Make the programme"))
    frame.get_by_label("Module code").fill("m1")
    frame.locator("#new-title").fill("Leading SEND")
    frame.locator("#new-credits").fill("0")
    follow(frame.get_by_role("button", name="Add the module"))
    look()
    follow(frame.get_by_role("link", name="Begin a cohort"))
    frame.get_by_label("Title").fill("September 2026")
    frame.get_by_label("First day").fill("2026-09-07")
    frame.get_by_label("Outcome set").select_option(index=1)
    follow(frame.get_by_role("button", name="Begin the cohort"))
    frame.get_by_label("Module").select_option(index=1)
    frame.get_by_label("Course on the course site").select_option(index=1)
    follow(frame.get_by_role("button", name="Join the course"))
    expect(frame.get_by_role("link", name="Amara Okafor")).to_be_visible()
    look()
