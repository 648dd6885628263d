"""Opens kept pages in a browser, at a phone's width and a desk's, and says what is wrong."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page
from werkzeug.wrappers import Request, Response

from tests.looks.keeping import REFUSED, Kept
from tests.support.axe import axe_findings
from tests.support.chromium import driving, ensure_chromium, switches
from tests.support.serving import serving_app
from tests.support.visiting import make_world

PHONE, DESK = {"width": 374, "height": 566}, {"width": 1300, "height": 900}
"""Moodle's frame on a phone, and a window of its own."""
_AXE, _ASSETS = "/axe.js", "/assets/"
_LEADS_ON = "/auto-post.js"
"""It posts a page's form to the platform at once; the page is looked at as it stands without."""
_COLOURS = ("color-contrast", "link-in-text-block")
"""The costly rules of axe. What a refusal adds to a page has been looked at in every colour by the
tests of the face; so it is looked at by all the other rules here."""
_TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
_RUN_TOGETHER = """() => {
  const plain = [...document.querySelectorAll('main a:not([class])')];
  return plain.filter(link => link.getClientRects().length).flatMap((link, at, all) => {
    const other = all[at + 1];
    if (!other) return [];
    const before = [...link.getClientRects()].at(-1), after = other.getClientRects()[0];
    const apart = after.left - before.right;
    const isSameLine = Math.abs(after.top - before.top) < 2;
    return isSameLine && apart > -1 && apart < 2 ? [link.innerText + '|' + other.innerText] : [];
  });
}"""
_SECONDS = 20


@dataclass
class _Shelf:
    """Serves the page on show, and what the tool itself serves to every page: styles, scripts."""

    tool: Callable[..., Any]
    page: Kept | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = Request(environ).path
        if path == _AXE:
            answer = Response(AXE_SCRIPT, mimetype="text/javascript")
            answer.headers["Cache-Control"] = "max-age=3600"
            return answer(environ, start_response)
        if path == "/kept" and self.page is not None:
            html = self.page.html + f'<script src="{_AXE}"></script>'
            answer = Response(html, mimetype="text/html")
            if self.page.policy:
                answer.headers["Content-Security-Policy"] = self.page.policy
            return answer(environ, start_response)
        if path.endswith(_LEADS_ON):
            return Response("", mimetype="text/javascript")(environ, start_response)
        if path.startswith(_ASSETS):
            return self.tool(environ, start_response)
        return Response(status=204)(environ, start_response)


def _open(context: BrowserContext, origin: str, troubles: list[str]) -> Page:
    """A window that tells of everything its pages complain of."""
    page = context.new_page()
    page.set_default_timeout(_SECONDS * 1000)
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((origin, "data:"))
            else troubles.append(f"asks another host: {asked.url}")
        ),
    )
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on(
        "console",
        lambda said: troubles.append(f"console: {said.text}") if said.type == "error" else None,
    )
    return page


def _laid_out(page: Page, size: dict[str, int]) -> list[str]:
    """What is wider than the window, and words of two links that read as one."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    over = page.evaluate(_TOO_WIDE)
    found = [f"links run together: {one}" for one in page.evaluate(_RUN_TOGETHER)]
    return found + ([f"{over} pixels wider than {size['width']}"] if over > 0 else [])


def look(pages: Sequence[Kept]) -> list[tuple[Kept, list[str]]]:
    """What is wrong with pages, in one browser of this process; nothing for a page that is well."""
    found = []
    with tempfile.TemporaryDirectory() as folder, driving() as playwright:
        shelf = _Shelf(make_world(Path(folder)).app)
        browser = playwright.chromium.launch(
            executable_path=ensure_chromium(), args=switches(), timeout=_SECONDS * 1000
        )
        with serving_app(shelf) as origin:
            troubles: list[str] = []
            page = _open(browser.new_context(viewport=PHONE), origin, troubles)
            for shelf.page in pages:
                troubles.clear()
                page.set_viewport_size(PHONE)
                page.goto(f"{origin}/kept")
                without = _COLOURS if shelf.page.outcome == REFUSED else ()
                wrong = axe_findings(page, without) + _laid_out(page, PHONE) + _laid_out(page, DESK)
                page.evaluate("localStorage.clear()")
                found.append((shelf.page, wrong + troubles))
        browser.close()
    return [(one, wrong) for one, wrong in found if wrong]
