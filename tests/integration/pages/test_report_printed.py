"""The report in a real browser: axe, a phone's width, and A4 on which no table is cut off.

The browser is answered by the application in this process, so no server is started.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from lti_tool.activities.provision_map_audit.taking_out.example import load_example
from lti_tool.coursework.models import Submission
from tests.integration.pages import work
from tests.journeys.steps import axe_findings
from tests.support.chromium import driving, ensure_chromium, switches
from tests.support.visiting import Visitor, World

pytestmark = pytest.mark.browser
A4_WIDE, MARGIN = 210, 14
"""Millimetres; the margin of report.css at either side."""
PATHS = ("take-away", "take-away/report?chosen=yes&school=yes&rows=yes&written=yes",
         "take-away/request", "example")  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with driving() as playwright:
        one = playwright.chromium.launch(executable_path=ensure_chromium(), args=switches())
        yield one
        one.close()


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Somebody whose work is the finished example."""
    one = world.let_in("5", "participant")
    work.bring_in(one)
    example = load_example(world.settings.config_dir)
    with world.database.write() as session:
        held = session.query(Submission).one()
        held.document = example.document
    return one


def _open(browser: Browser, visitor: Visitor, path: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900})

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix("https://tool.example")
        found = visitor.client.get(
            address, headers={"Cookie": f"visit={visitor.secret}"}, base_url="https://tool.example"
        )
        headers = {"Content-Type": found.headers["Content-Type"]}
        route.fulfill(status=found.status_code, body=found.data, headers=headers)

    page.route("**/*", answer)
    page.goto("https://tool.example" + visitor.url(f"audit/{path}"))
    return page


@pytest.mark.parametrize("path", PATHS)
def test_pages_pass_axe_and_fit_a_phone(browser: Browser, visitor: Visitor, path: str) -> None:
    page = _open(browser, visitor, path, 374)
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 374
    page.close()


def test_the_report_prints_on_a4_with_every_table_whole(browser: Browser, visitor: Visitor) -> None:
    page = _open(browser, visitor, PATHS[1], 1300)
    page.emulate_media(media="print")
    inner = round((A4_WIDE - 2 * MARGIN) / 25.4 * 96)
    page.set_viewport_size({"width": inner, "height": 1000})
    wide = page.evaluate(
        "[...document.querySelectorAll('.report table')]"
        ".map(one => [one.caption.textContent, one.getBoundingClientRect().right])"
    )
    assert len(wide) >= 8
    assert [one for one in wide if one[1] > inner + 1] == [], inner
    hidden = page.evaluate(
        "[...document.querySelectorAll('form, nav, .back-link')]"
        ".filter(one => one.offsetParent !== null).length"
    )
    assert hidden == 0
    paper = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert boxes and {(round(float(w)), round(float(h))) for w, h in boxes} == {(595, 842)}
    assert 3 <= len(boxes) <= 16
    page.close()
