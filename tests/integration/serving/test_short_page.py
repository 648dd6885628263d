"""What a person sees whose request cannot be read."""

import pytest
from werkzeug.test import Client

from lti_tool.serving.short_page import short_page
from lti_tool.web.hosts import RefuseOddHosts
from tests.integration.serving.conftest import Server
from tests.support.axe import axe_findings
from tests.support.chromium import driving, ensure_chromium, switches


def _no_host() -> str:
    refusing = Client(RefuseOddHosts(lambda *_given: []))
    return refusing.get("/", headers={"Host": "?"}).get_data(as_text=True)


def test_short_pages_are_whole_pages(server: Server) -> None:
    pages = [
        short_page(status, "ABCD2345").partition(b"\r\n\r\n")[2].decode() for status in (400, 500)
    ]
    with driving() as browsers:
        browser = browsers.chromium.launch(executable_path=ensure_chromium(), args=switches())
        page = browser.new_page(viewport={"width": 374, "height": 566})
        for html in (*pages, _no_host()):
            page.set_content(html)
            assert axe_findings(page) == []
            assert page.title() and page.locator("h1").count() == 1
        page.goto(f"http://127.0.0.1:{server.port}/{'x' * 9000}")
        assert page.title() == "The address is too long."
        assert "reason http_414 and reference" in page.inner_text("main")
        assert axe_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 374
        browser.close()


@pytest.mark.parametrize("status", [400, 413, 414, 417, 431, 500])
def test_every_status_has_words_and_its_length(status: int) -> None:
    head, _, body = short_page(status, "ABCD2345").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"<h1>" in body and b"ABCD2345" in body
