"""How the tests' browser is started."""

from pathlib import Path

import pytest

from tests.support.chromium import driving, ensure_chromium, switches

_OFF = "--disable-features="


@pytest.mark.browser
def test_what_the_driver_turns_off_stays_off() -> None:
    """Chromium follows the last of two such switches, and the driver's own list comes first."""
    with driving() as playwright:
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=switches())
        found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        number = next(one["id"] for one in found if one["type"] == "browser")
        words = Path(f"/proc/{number}/cmdline").read_text().split("\0")
        browser.close()
    theirs, ours = (
        set(word.removeprefix(_OFF).split(",")) for word in words if word.startswith(_OFF)
    )
    assert theirs and theirs <= ours
