"""Case 189 in Firefox: a launch in a frame of another site, as Firefox comes and at its strictest.

The tool is 127.0.0.1 and the platform localhost: two sites to a browser. Firefox keeps a frame's
cookies apart by the site around it, by its own settings; which they were is printed.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.firefox.marionette import Firefox, running_firefox
from tests.support.demo import RunningDemo, running_demo

PARTITIONED, REFUSED = 5, 1
"""Firefox's numbers in `network.cookie.cookieBehavior`: a jar of their own for other sites'
cookies (Total Cookie Protection), and none at all."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.fixture(params=["standard", "strict"])
def firefox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Firefox]:
    """Firefox as it comes, and with its strict protection."""
    chosen = {} if request.param == "standard" else {"browser__contentblocking__category": "strict"}
    with running_firefox(tmp_path, **chosen) as one:
        category = one.preference("browser.contentblocking.category")
        behaviour = one.preference("network.cookie.cookieBehavior")
        assert (category, behaviour) == (request.param, PARTITIONED)
        print(f"Firefox {one.version}, {category} protection, cookieBehavior {behaviour}")
        yield one


def _become(firefox: Firefox, demo: RunningDemo, name: str) -> None:
    firefox.go(demo.platform_url + "/")
    firefox.click(f"//button[contains(., '{name}')]")


def _open(firefox: Firefox, demo: RunningDemo, link: int) -> None:
    firefox.go(f"{demo.platform_url}/mod/lti/view?id={link}")


def _add_row(firefox: Firefox, name: str) -> None:
    """Add a row, from the very first page or from the page with the rows."""
    first = "//main//a[contains(., 'the first row')]"
    if firefox.run("return [...document.links].some(one => one.text.includes('Your map'))"):
        firefox.click("//a[contains(., 'Your map')]")
        firefox.sees("Add a row")
    firefox.click(f"{first} | //main//a[contains(., 'Add a row')]")
    firefox.sees("Save row")
    firefox.fill("//input[@id='name']", name)
    firefox.click("//button[contains(., 'Save row')]")
    firefox.sees("The row is saved.")


def _is_in_a_frame_of_another_site(firefox: Firefox, demo: RunningDemo) -> None:
    assert firefox.run("return window.top !== window")
    assert firefox.run("return location.origin") == demo.tool_url
    firefox.leave_frame()
    assert firefox.run("return location.origin") == demo.platform_url
    firefox.enter_frame()


def test_work_in_a_frame_is_kept_and_courses_do_not_mix(
    demo: RunningDemo, firefox: Firefox, request: pytest.FixtureRequest
) -> None:
    """Land, save a form, refresh frame and page; another course in a second tab."""
    row = f"Precision teaching {request.node.callspec.id}"
    _become(firefox, demo, "Cerys")
    _open(firefox, demo, 1)
    firefox.sees("Provision-map audit")
    _is_in_a_frame_of_another_site(firefox, demo)
    _add_row(firefox, row)

    firefox.run("location.reload()")
    firefox.sees(row)
    firefox.reload()
    firefox.sees("Provision-map audit")
    firefox.click("//a[contains(., 'Your map')]")
    firefox.sees(row)

    first = firefox.tab()
    firefox.new_tab()
    _open(firefox, demo, 11)
    firefox.sees("Provision-map audit")
    other = firefox.run("return location.pathname.split('/')[2]")
    assert row not in firefox.text()
    firefox.go_to_tab(first)
    firefox.enter_frame()
    assert firefox.run("return location.pathname.split('/')[2]") != other
    _add_row(firefox, f"Paired reading {request.node.callspec.id}")
    firefox.sees(row)


def test_a_frame_that_keeps_no_cookie_offers_a_window(demo: RunningDemo, tmp_path: Path) -> None:
    """Where the owner has all cookies of other sites refused, kept apart or not."""
    with running_firefox(tmp_path, network__cookie__cookieBehavior=REFUSED) as firefox:
        _become(firefox, demo, "Cerys")
        _open(firefox, demo, 2)
        firefox.sees("Open in a new window")
        before = set(firefox.tabs())
        firefox.click("//button[contains(., 'Open in a new window')]")
        firefox.go_to_tab(firefox.wait_for_tab(before))
        firefox.find("//h1[contains(., 'Provision-map audit')]")
        assert firefox.run("return window.top === window && location.origin") == demo.tool_url
