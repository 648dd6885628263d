"""A host confirms a visit in the browser: the participant's phone shows a code, the host types it
on a phone of their own, and the participant sees the answer. Beside it the tutor's pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import steps
from tests.support.demo import free_port
from tests.support.partner_visits import REFLECTION, SHARED, begin_visiting
from tests.support.serving import serving_app
from tests.support.visiting import Visitor, World, make_world

pytestmark = pytest.mark.browser


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[World, str]]:
    """The application alone, at an address of this machine."""
    port = free_port()
    world = make_world(
        folder,
        LTI_TOOL_BASE_URL=f"http://127.0.0.1:{port}",
        LTI_TOOL_ALLOW_HTTP="1",
        LTI_TOOL_MAIL_URL=(folder / "mail").as_uri(),
        LTI_TOOL_MAIL_FROM="senco@example.ac.uk",
    )
    with serving_app(world.app, port) as address:
        yield world, address


def _come_in(context: BrowserContext, address: str, visitor: Visitor) -> Page:
    """A browser that holds a visit, as after a launch."""
    context.add_cookies(
        [{"name": "visit", "value": visitor.secret, "url": f"{address}/v/{visitor.handle}/"}]
    )
    return context.new_page()


def test_a_host_confirms_on_a_phone(
    chromium: Browser, phone: BrowserContext, context: BrowserContext, tmp_path: Path
) -> None:
    with _serving(tmp_path) as (world, address):
        visiting = begin_visiting(world)
        mine = _come_in(phone, address, visiting.visitor)
        mine.goto(f"{address}/v/{visiting.visitor.handle}/placement/visits/1/confirm")
        steps.fits(mine)
        mine.get_by_role("button", name="Show a code").click()
        mine.get_by_role("img", name="QR code that opens the page for the host").wait_for()
        code = mine.locator(".code-shown").inner_text().partition(":")[2].strip()
        steps.fits(mine)

        theirs = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
        host = theirs.new_page()
        host.goto(f"{address}/confirm")
        steps.fits(host)
        host.get_by_label("Code").fill("ABCD-EFGH")
        host.get_by_role("button", name="Show the visit").click()
        expect(host.get_by_text("There is a problem")).to_be_visible()
        steps.fits(host)
        host.get_by_label("Code").fill(code.lower())
        host.get_by_role("button", name="Show the visit").click()
        host.get_by_role("heading", name="Did this visit happen?").wait_for()
        steps.fits(host)
        assert SHARED in host.content() and REFLECTION not in host.content()
        host.locator("summary", has_text="Something is wrong").click()
        host.locator("summary", has_text="Pass to the colleague").click()
        steps.fits(host)
        host.get_by_role("button", name="Yes, this happened").click()
        expect(host.get_by_role("alert")).to_contain_text("Your name")
        steps.fits(host)
        host.locator("#yes-name").fill("Jo Field")
        host.locator("#yes-role").fill("SENCO")
        host.get_by_role("button", name="Yes, this happened").click()
        host.get_by_role("heading", name="Thank you: your receipt").wait_for()
        steps.fits(host)
        theirs.close()

        mine.reload()
        expect(mine.get_by_text("Jo Field, SENCO")).to_be_visible()
        expect(mine.get_by_text("nothing has changed since")).to_be_visible()
        steps.fits(mine)

        tutor = world.let_in(
            "3", "tutor", custom={"activity": "placement-log"}, resource_link_id="9"
        )
        desk = _come_in(context, address, tutor)
        desk.goto(f"{address}/v/{tutor.handle}/placement/confirmations")
        steps.fits(desk)
        steps.follow(desk.get_by_role("link", name="Amara Okafor"))
        expect(desk.get_by_text("no address shows who it was")).to_be_visible()
        steps.fits(desk)
