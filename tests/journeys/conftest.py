"""A demo and a browser for the journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.support.chromium import COOKIES_BLOCKED, driving, ensure_chromium, switches
from tests.support.demo import RunningDemo, running_demo

ONE_PROCESS = "--disable-site-isolation-trials"
"""Both sites in one process: what they may do to one another stays as it is, and the driver cannot
lose a frame that moves between processes, as it does when a machine is busy."""


@pytest.fixture(scope="session")
def begun_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as running:
        running.keep_first_day()
        yield running


@pytest.fixture(scope="module")
def demo(begun_demo: RunningDemo) -> RunningDemo:
    """The demo on its first day: the tests of a module may follow on from one another."""
    begun_demo.begin_again()
    return begun_demo


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with driving() as playwright:
        browser = playwright.chromium.launch(
            executable_path=ensure_chromium(), args=switches(COOKIES_BLOCKED, ONE_PROCESS)
        )
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    one = chromium.new_context(viewport={"width": 1300, "height": 900})
    one.set_default_timeout(15_000)
    yield one
    one.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    one = chromium.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    one.set_default_timeout(15_000)
    yield one
    one.close()
