"""Makes the pictures of README and docs: `make pictures`.

Starts the demo with data of its own on free ports, does the main job in a browser that blocks
third-party cookies, and saves what people see into `docs/pictures/`. Look at them before you
commit them. The sketches of Moodle's forms are drawn too (`moodle_forms.py`). Nothing is checked
here; that is what the journeys are for.
"""

import re
import struct
import sys
import tempfile
import zlib
from collections import Counter
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright

from tests.support.chromium import COOKIES_BLOCKED, ensure_chromium, switches
from tests.support.demo import RunningDemo, running_demo
from tests.support.moodle_forms import draw_all

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "pictures"
MAPS = ROOT / "tests" / "fixtures" / "provision_maps"
DESKTOP = {"width": 1300, "height": 900}
PHONE = {"width": 390, "height": 800}
PARTICIPANT, TUTOR, ADMINISTRATOR = "Amara", "Helen", "Rania"
ARGUMENTS = switches(COOKIES_BLOCKED, "--lang=en-GB")
_PAINT_MS = 700
_MARKS = ("68", "64", "58", "66", "70", "62")


def _sign_in(page: Page, platform: str, given_name: str) -> None:
    page.goto(platform)
    page.get_by_role("button", name=re.compile(f"^Be {given_name}")).click()
    page.wait_for_url(f"{platform}/course")


def _open_audit(page: Page, platform: str) -> FrameLocator:
    page.goto(f"{platform}/mod/lti/view?id=1")
    frame = page.frame_locator("#contentframe")
    frame.locator("h1").wait_for()
    return frame


def _colours(rows: list[bytes]) -> dict[bytes, int]:
    """A number below 256 for each colour of an RGB picture: the rarer ones share the number of
    the frequent colour that is nearest to them."""
    counts: Counter[bytes] = Counter()
    for row in rows:
        counts.update(row[a:b] for a, b in pairwise(range(0, len(row) + 1, 3)))
    frequent = [colour for colour, _ in counts.most_common(256)]
    numbers = {colour: number for number, colour in enumerate(frequent)}
    for rare in counts.keys() - numbers.keys():
        nearest = min(
            frequent, key=lambda one: sum((a - b) ** 2 for a, b in zip(one, rare, strict=True))
        )
        numbers[rare] = numbers[nearest]
    return numbers


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _unfiltered(data: bytes, width: int) -> list[bytes]:
    """The rows of a PNG's inflated data, 8-bit RGB, with the filters of the format undone."""
    stride, rows, before = width * 3, [], bytearray(width * 3)
    for start in range(0, len(data), stride + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + stride])
        for i in range(stride if kind else 0):
            left, up = (row[i - 3] if i > 2 else 0), before[i]
            corner = before[i - 3] if i > 2 else 0
            if kind == 4:
                guess = left + up - corner
                near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                           (abs(guess - corner), 2, corner))  # fmt: skip
                row[i] = (row[i] + near[2]) & 255
            else:
                row[i] = (row[i] + (0, left, up, (left + up) // 2)[kind]) & 255
        rows.append(bytes(row))
        before = row
    return rows


def smaller(png: bytes) -> bytes:
    """The same picture in at most 256 colours.

    Text on flat colour, which is what these are, keeps its look and loses most of its bytes.
    """
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    if (depth, kind) != (8, 2):
        return png
    packed, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    rows = _unfiltered(zlib.decompress(packed), width)
    colours = _colours(rows)
    body = b"".join(
        b"\0" + bytes(colours[row[a:b]] for a, b in pairwise(range(0, width * 3 + 1, 3)))
        for row in rows
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    made = (
        png[:8]
        + _chunk(b"IHDR", header)
        + _chunk(b"PLTE", b"".join(list(colours)[:256]))
        + _chunk(b"IDAT", zlib.compress(body, 9))
        + _chunk(b"IEND", b"")
    )
    return made if len(made) < len(png) else png


def _take(page: Page, name: str) -> None:
    """Save what the window shows, once frames of another site have been painted."""
    page.mouse.move(2, 2)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(_PAINT_MS)
    _save(page, name)


def _save(page: Page, name: str) -> None:
    picture = smaller(page.screenshot())
    (PICTURES / f"{name}.png").write_bytes(picture)
    sys.stderr.write(f"docs/pictures/{name}.png, {len(picture) // 1024} KB\n")


def _take_participant(page: Page, platform: str) -> None:
    """Bring in a map, look at figures, write a little, hand in."""
    _sign_in(page, platform, PARTICIPANT)
    frame = _open_audit(page, platform)
    frame.get_by_role("link", name="Bring in a spreadsheet").click()
    frame.locator("#file").set_input_files(MAPS / "08_pupils_named.xlsx")
    frame.get_by_role("button", name="Read the file").click()
    frame.locator("h2#left-out").wait_for()
    frame.locator("h1").evaluate("e => e.scrollIntoView()")
    _take(page, "preview")
    frame.get_by_role("link", name="Choose another file").click()
    frame.locator("#file").set_input_files(MAPS / "01_title_and_totals.xlsx")
    frame.get_by_role("button", name="Read the file").click()
    frame.get_by_role("button", name=re.compile("^Bring in")).click()
    frame.get_by_role("heading", name="Your provision map").wait_for()
    _take(page, "audit-in-course")
    frame.get_by_role("link", name="Figures").click()
    frame.locator("h2#by-area").wait_for()
    frame.locator("h2#by-area").evaluate("e => e.scrollIntoView()")
    _take(page, "figures")
    frame.get_by_role("link", name=re.compile("^Take it away")).click()
    frame.get_by_role("link", name="See the report").click()
    frame.get_by_role("heading", name="Coverage").wait_for()
    frame.get_by_role("heading", name="The provision map in brief").evaluate(
        "e => e.scrollIntoView()"
    )
    _take(page, "report")
    frame = _open_audit(page, platform)
    frame.get_by_role("link", name="Written parts").first.click()
    frame.locator("textarea").first.fill(
        "Our school has 212 pupils. 31 are on SEN support and 6 have a plan. Needs in "
        "communication and interaction have grown most in three years."
    )
    frame.get_by_role("button", name="Save").click()
    frame.get_by_role("status").filter(has_text=re.compile("saved", re.I)).first.wait_for()


def _take_phone(browser: Browser, page: Page, platform: str) -> None:
    """The same work on a phone, where the person is signed in too."""
    state = page.context.storage_state()
    phone = browser.new_context(viewport=PHONE, locale="en-GB", storage_state=state).new_page()
    _open_audit(phone, platform).get_by_role("link", name="Your map").click()
    phone.frame_locator("#contentframe").get_by_role(
        "heading", name="Your provision map"
    ).wait_for()
    _take(phone, "phone")


def _hand_in(page: Page, platform: str) -> None:
    frame = _open_audit(page, platform)
    frame.get_by_role("link", name="Hand in", exact=True).first.click()
    frame.locator("input[name=declaration]").first.wait_for()
    for box in frame.locator("input[name=declaration]").all():
        box.check()
    frame.get_by_role("button", name="Hand in").click()
    frame.get_by_role("heading", name="Receipt").wait_for()


def _take_tutor(page: Page, platform: str) -> None:
    """Mark in a window of its own, release, and look at the gradebook."""
    _sign_in(page, platform, TUTOR)
    page.goto(f"{platform}/mod/lti/launch?id=1&container=window")
    page.get_by_role("link", name=f"{PARTICIPANT} Okafor").click()
    page.get_by_role("button", name="Save marks").wait_for()
    for field, mark in zip(page.locator("input[name^=mark_]").all(), _MARKS, strict=True):
        field.fill(mark)
    page.locator("#feedback").fill("A clear map, honestly costed. Say more about impact.")
    page.get_by_role("button", name="Save marks").click()
    page.get_by_role("button", name="Release this mark").wait_for()
    _take(page, "tutor-desk")
    _take_beside(page)
    page.get_by_role("button", name="Release this mark").click()
    page.locator("[data-standing]").filter(has_text="In the gradebook").first.wait_for()
    page.goto(f"{platform}/gradebook")
    _take(page, "gradebook")


def _take_beside(page: Page) -> None:
    """The figures of the map beside the rubric."""
    page.get_by_role("heading", name="Coverage").evaluate("e => e.scrollIntoView()")
    page.wait_for_timeout(_PAINT_MS)
    _save(page, "tutor-figures")


def _take_log(page: Page, phone: Page, demo: RunningDemo) -> None:
    """The cohort of a placement log on the tutor's first page, and one log on a phone."""
    platform = demo.platform_url
    _sign_in(page, platform, TUTOR)
    page.goto(f"{platform}/cohort/logs")
    page.get_by_role("button", name="Let them keep their logs").click()
    page.locator(".note.good").wait_for(timeout=240_000)
    page.goto(f"{platform}/mod/lti/launch?id=22&container=window")
    page.get_by_role("heading", name="The cohort").wait_for()
    _take(page, "log-cohort")
    phone.goto(platform)
    phone.locator("details.others summary").click()
    phone.get_by_role("button", name="Be Aisha Rahman").click()
    phone.goto(f"{platform}/mod/lti/view?id=22")
    frame = phone.frame_locator("#contentframe")
    frame.get_by_role("heading", name="What you can do next").wait_for()
    frame.get_by_role("heading", name="What you can do next").evaluate("e => e.scrollIntoView()")
    _take(phone, "log-phone")


def _take_admin(page: Page, demo: RunningDemo) -> None:
    """The administrator's page of the connection, where something is to be changed."""
    demo.misbehave(roster="403")
    _sign_in(page, demo.platform_url, ADMINISTRATOR)
    frame = _open_audit(page, demo.platform_url)
    frame.get_by_role("link", name="Connection").click()
    frame.get_by_role("button", name="Check the connection now").click()
    frame.locator("h2#found-head").wait_for()
    _take(page, "connection")
    demo.misbehave(roster="well")


def make_pictures() -> None:
    """Make all pictures again."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    draw_all()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_demo(Path(folder)) as demo,
        sync_playwright() as playwright,
    ):
        platform = demo.platform_url
        browser = playwright.chromium.launch(executable_path=ensure_chromium(), args=ARGUMENTS)
        try:
            page = browser.new_context(viewport=DESKTOP, locale="en-GB").new_page()
            page.set_default_timeout(20_000)
            _take_participant(page, platform)
            _take_phone(browser, page, platform)
            _hand_in(page, platform)
            _take_tutor(browser.new_context(viewport=DESKTOP, locale="en-GB").new_page(), platform)
            _take_log(
                browser.new_context(viewport=DESKTOP, locale="en-GB").new_page(),
                browser.new_context(viewport=PHONE, locale="en-GB").new_page(),
                demo,
            )
            _take_admin(browser.new_context(viewport=DESKTOP, locale="en-GB").new_page(), demo)
        finally:
            browser.close()


if __name__ == "__main__":
    make_pictures()
