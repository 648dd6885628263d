"""Our side of the line to Open edX: both processes begun, and people who use browsers.

Nothing here imports the consumer. What people do is done by the forms of the tool's own pages.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import html5lib
import requests

from tests.support.browser import Browser
from tests.support.running_tool import RunningTool, free_port

ROOT = Path(__file__).resolve().parents[2]
_HIDDEN = r'name="{}" value="([^"]*)"'


def form_of(page: requests.Response) -> tuple[str, dict[str, str]]:
    """Address and fields of Open edX's page that posts itself."""
    assert page.status_code == 200, f"{page.status_code} {page.text}"
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    (form,) = tree.iter("form")
    fields = {
        one.attrib["name"]: one.attrib["value"]
        for one in form.iter("input")
        if "name" in one.attrib
    }
    return form.attrib["action"], fields


@dataclass
class Person:
    """Somebody with a session at the course site and a browser for the tool's frame."""

    site: "Site"
    name: str
    http: requests.Session = field(default_factory=requests.Session)
    browser: Browser = field(init=False)
    visit: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http.trust_env = False
        self.browser = Browser(self.site.tool.url)

    def open(self, block: str, choose: bool = False) -> requests.Response:
        """Open a component of the course, or choose what it holds; the tool's first page."""
        wanted = {"block": block, "who": self.name} | ({"choose": "1"} if choose else {})
        start = self.http.get(
            f"{self.site.url}/start", params=wanted, allow_redirects=False, timeout=20
        )
        assert start.status_code == 302, start.text
        login = self.browser.ask("GET", start.headers["Location"])
        assert login.status_code == 302, login.text
        address, fields = form_of(self.http.get(login.headers["Location"], timeout=20))
        launched = self.browser.ask("POST", address, data=fields)
        assert launched.status_code == 303, f"{launched.status_code} {launched.text}"
        self.visit = re.match(r".*?(/v/\w+/)", launched.headers["Location"])[1]
        return self._note(self.browser.follow(launched))

    def _note(self, page: requests.Response) -> requests.Response:
        for name in ("csrf_token", "revision"):
            found = re.search(_HIDDEN.format(name), page.text)
            if found:
                self.fields[name] = found[1]
        return page

    def get(self, path: str) -> str:
        """A page of the visit."""
        page = self._note(self.browser.ask("GET", urljoin(self.visit, path)))
        assert page.status_code == 200, f"{page.status_code} {page.text}"
        return page.text

    def send(self, path: str, fields: dict[str, Any], **more: Any) -> requests.Response:
        """A form of the visit; the page it leads to."""
        whole = {**self.fields, **fields}
        answer = self.browser.ask("POST", urljoin(self.visit, path), data=whole, **more)
        page = self._note(self.browser.follow(answer))
        assert page.status_code == 200, f"{page.status_code} {page.text}"
        return page


@dataclass
class Site:
    """Open edX and our tool, registered with one another."""

    url: str
    tool: RunningTool

    def person(self, name: str) -> Person:
        """Somebody of the course, in a browser of their own."""
        return Person(self, name)

    def arrived(self) -> dict[str, Any]:
        """What Open edX keeps of columns, scores, grades and chosen items."""
        return dict(requests.get(f"{self.url}/arrived", timeout=20).json())


@contextmanager
def _running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stderr=output, **options)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def open_edx(folder: Path, tool_url: str) -> Iterator[str]:
    """The course site in the environment of its own; its address.

    :raises AssertionError: the environment is not there, or the site did not start.
    """
    python = os.environ.get("OPEN_EDX_PYTHON")
    assert python, "Run this by `make open-edx`, which installs Open edX’s consumer."
    port, log = free_port(), folder / "open-edx.log"
    arguments = ["-m", "tests.open_edx.consumer", str(port), tool_url, str(folder)]
    command = [str(ROOT / python), *arguments]
    with _running(command, log, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        with process.stdout:
            line = process.stdout.readline()
            assert b"ready" in line, log.read_text()
            yield f"http://127.0.0.1:{port}"
    assert "Internal Server Error" not in log.read_text(), log.read_text()[-4000:]


@contextmanager
def working(tool: RunningTool) -> Iterator[None]:
    """The tool's delivery worker, for as long as the block runs."""
    command = [sys.executable, "-m", "lti_tool.cli", "worker"]
    with (
        (tool.folder / "worker.out").open("wb") as out,
        _running(command, tool.folder / "worker.log", env=tool.env, stdout=out),
    ):
        yield


def register(tool: RunningTool, site_url: str) -> None:
    """Register the site by the operator's command, with what Studio shows."""
    shown = requests.get(f"{site_url}/set-up", timeout=20).json()
    tool.must(
        *("registration", "add", "--name", "Open edX", "--issuer", shown["issuer"]),
        *("--client-id", shown["client_id"], "--deployment-id", shown["deployment_id"]),
        *("--auth-login-url", shown["oidc_callback"], "--auth-token-url", shown["token_url"]),
        *("--jwks-url", shown["keyset_url"]),
    )
