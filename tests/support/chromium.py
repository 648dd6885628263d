"""Finds a Chromium for the tests, and installs one where there is none.

The system's own first, then Debian's package, then Playwright's download. Run as a module it
makes sure there is one, and says so; `make test` does that first.
"""

import atexit
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from playwright.sync_api import Playwright, expect, sync_playwright

expect.set_options(timeout=20_000)
"""How long, in milliseconds, a page may take before a test gives up: CI's cores are busy."""

_WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "msForceBrowserSignIn",
    "msEdgeUpdateLaunchServicesPreferredVersion",
)
"""What the driver turns off: a second list of this kind replaces the first, so ours repeats it."""
_POPUPS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
"""Two pages of the address bar's own, loaded anew for each window though nobody types there: seven
tenths of a second of processor a window, more than most tests need besides."""

COOKIES_BLOCKED = "--test-third-party-cookie-phaseout"
"""Chromium's own switch to block third-party cookies as it once planned to for everyone."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def _driver() -> Playwright:
    running = sync_playwright().start()
    atexit.register(running.stop)
    return running


def switches(*more: str) -> list[str]:
    """What every Chromium of the tests is started with.

    :param more: what one suite needs besides.
    """
    return ["--no-sandbox", f"--disable-features={','.join(_WITHOUT + _POPUPS)}", *more]


@contextmanager
def driving() -> Iterator[Playwright]:
    """The one driver of this process: a second beside it is refused."""
    yield _driver()


def find_chromium() -> str | None:
    """The path of a Chromium to drive, or None. `CHROMIUM` names one outright."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    with driving() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _install_from_debian() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
    subprocess.run(
        [
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
        ],
        check=False,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def ensure_chromium() -> str:
    """A Chromium, installed if need be.

    :raises SystemExit: none can be had; says what to do.
    """
    found = find_chromium()
    if found is None:
        sys.stderr.write("Installing a browser for the tests…\n")
        _install_from_debian()
        found = find_chromium()
    if found is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
        found = find_chromium()
    if found is None:
        raise SystemExit(
            "The tests need Chromium and none could be installed. Install it, or set CHROMIUM "
            "to its path."
        )
    return found


if __name__ == "__main__":
    ensure_chromium()
