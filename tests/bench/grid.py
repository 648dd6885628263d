"""Measuring the grid with 300 rows in a real browser: from key to paint, and from change to saved.

Keys are timed by the browser itself (Event Timing: from the key to the next paint, in steps of
8 ms; what is faster than 16 ms is not listed and counts as 16).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Frame, Page, sync_playwright

from tests.bench.bench import Bench, Found
from tests.journeys import steps
from tests.support.chromium import ensure_chromium, switches
from tests.support.demo import running_demo

ROWS = 300
_FASTEST_MS = 16.0
_OBSERVE = """() => {
  window.keyTimes = [];
  new PerformanceObserver(list => list.getEntries().forEach(one => {
    if (one.name === "keydown") window.keyTimes.push(one.duration);
  })).observe({type: "event", durationThreshold: 16, buffered: false});
  window.savedAt = 0;
  const status = document.querySelector("[data-save-status]");
  new MutationObserver(() => {
    if (status.textContent.startsWith("Saved")) window.savedAt = performance.now();
  }).observe(status, {childList: true, characterData: true, subtree: true});
  document.addEventListener("keydown", () => { window.keyAt = performance.now(); }, true);
}"""
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.activeElement.dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def lines(number: int) -> str:
    """Rows as Excel puts them on the clipboard."""
    row = "Y{year}\tC&L\tTargeted\t30\t3\t12\t4\t1\tTA\t40"
    return "\n".join(
        f"Reading group {one}\t" + row.format(year=one % 6 + 1) for one in range(1, number + 1)
    )


def _fill(page: Page, demo: object) -> Frame:
    steps.sign_in(page, demo, "Amara")  # type: ignore[arg-type]
    view = steps.open_activity(page, demo)  # type: ignore[arg-type]
    steps.bring_in(view)
    view.locator(".grid-table tbody th").first.click()
    frame = next(one for one in page.frames if "/audit/map" in one.url)
    frame.evaluate(PASTE, lines(ROWS))
    frame.locator("[data-total=rows]", has_text=str(ROWS)).wait_for()
    page.wait_for_timeout(2500)
    return frame


def measure() -> Iterator[Found]:
    """Type into twenty cells of a grid of 300 rows, with all columns shown."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        running_demo(Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=switches())
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(60_000)
        frame = _fill(page, demo)
        frame.select_option("[data-sets]", "all")
        frame.locator(".grid-table tbody th").first.click()
        for _ in range(12):
            page.keyboard.press("PageDown")
        page.wait_for_timeout(500)
        frame.evaluate(_OBSERVE)
        saves, keys = [], 0
        for number in range(20):
            page.keyboard.press("ArrowRight" if number == 0 else "ArrowDown")
            page.keyboard.type("Year 4", delay=60)
            frame.evaluate("window.savedAt = 0")
            page.keyboard.press("Enter")
            keys += 8
            if number % 5 == 4:
                while not frame.evaluate("window.savedAt"):
                    page.wait_for_timeout(50)
                saves.append(float(frame.evaluate("window.savedAt - window.keyAt")))
        listed = [float(one) for one in frame.evaluate("window.keyTimes")]
        browser.close()
    times = sorted(listed + [_FASTEST_MS] * max(0, keys - len(listed)))
    yield (
        ROWS,
        keys,
        f"{median(times):.0f} / {times[int(len(times) * 0.95)]:.0f} / {times[-1]:.0f}",
        f"{max(saves):.0f}",
    )


BENCH = Bench(
    "grid",
    "Typing in the grid of the provision map",
    "A real browser, all columns shown, keys as fast as a quick typist’s. The browser times each "
    "key to the next paint in steps of 8 ms. Wanted: under 50 ms, and saved within 2 s.",
    (
        "Rows",
        "Keys",
        "Key to paint, ms: middle / 19 of 20 / slowest",
        "Change to saved, slowest, ms",
    ),
    measure,
)
