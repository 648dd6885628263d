"""The platform's storage in a real browser that keeps no cookie in frames: used, or passed over."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import (
    BrowserContext,
    FrameLocator,
    Page,
    Playwright,
    expect,
)

from tests.conformance.cases import case
from tests.support.chromium import driving, ensure_chromium, switches
from tests.support.platform import Answer, Platform, PlatformServer, serve_platforms
from tests.support.running_tool import RunningTool, running_tool

pytestmark = pytest.mark.browser

_STORAGE = """<!doctype html><title>Storage</title><script>
const kept = {}; const mode = "MODE";
addEventListener("message", (event) => {
  const asked = event.data;
  if (!asked || !asked.subject || mode === "silent") return;
  parent.seen.push(asked.subject);
  const said = {subject: asked.subject + ".response", message_id: asked.message_id, key: asked.key};
  if (mode === "wrong-id") said.message_id = "another";
  if (mode === "error") said.error = {code: "storage_exhaustion", message: "full"};
  if (asked.subject === "lti.put_data") kept[asked.key] = asked.value;
  said.value = mode === "forgetful" ? undefined : kept[asked.key];
  event.source.postMessage(said, event.origin);
});
</script>"""
_COURSE = """<!doctype html><title>Course</title><script>window.seen = [];</script>
<iframe name="kept_here" src="SOURCE"></iframe>
<iframe name="activity" width="900" height="600"></iframe>
<form method="post" action="TOOL/lti/login" target="activity">FIELDS<button>Open</button></form>"""


class Stub:
    """A platform at localhost, that is on another site than the tool at 127.0.0.1."""

    def __init__(self, server: PlatformServer, tool: RunningTool) -> None:
        self.server, self.tool = server, tool
        self.platform = Platform(server, tool.url)
        self.url = server.url.replace("127.0.0.1", "localhost")
        values = self.platform.registration()
        values["auth_login_url"] = f"{self.url}{self.platform.path}/auth"
        tool.register_quickly(values)
        self.auths = 0

    def course(self, mode: str) -> str:
        """The address of a course page whose storage frame behaves like this."""
        page = _STORAGE.replace("MODE", mode).encode()
        self.server.answers[f"/storage-{mode}"] = Answer(page, content_type="text/html")
        base = self.server.url if mode == "foreign" else self.url
        parameters = self.platform.login_parameters(lti_storage_target="kept_here")
        fields = "".join(
            f"<input type='hidden' name='{name}' value='{value}'>"
            for name, value in parameters.items()
        )
        course = _COURSE.replace("SOURCE", f"{base}/storage-{mode}").replace("FIELDS", fields)
        course = course.replace("TOOL", self.tool.url)
        self.server.answers[f"/course-{mode}"] = Answer(course.encode(), content_type="text/html")
        return f"{self.url}/course-{mode}"

    def authenticate(self, path: str) -> Answer:
        """The platform's answer to the authentication request: a form that posts itself."""
        self.auths += 1
        asked = dict(parse_qsl(urlsplit(path).query))
        token = self.platform.sign(self.platform.claims(asked["nonce"], "student", {}))
        page = (
            f"<form method='post' action='{self.tool.url}/lti/launch'>"
            f"<input name='state' value='{asked['state']}'>"
            f"<input name='id_token' value='{token}'></form>"
            "<script>document.forms[0].submit()</script>"
        )
        return Answer(page.encode(), content_type="text/html")


class _Answers(dict[str, Answer]):
    """A platform's answers, with authentication requests answered as they come."""

    stub: Stub

    def get(self, path: str, default: Any = None) -> Any:
        if path.startswith(f"{self.stub.platform.path}/auth?"):
            return self.stub.authenticate(path)
        return super().get(path, default)


@pytest.fixture(scope="module")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stub]:
    with serve_platforms() as server, running_tool(tmp_path_factory.mktemp("tool")) as tool:
        server.answers = answers = _Answers()
        answers.stub = Stub(server, tool)
        yield answers.stub


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with driving() as running:
        yield running


@pytest.fixture
def cookieless(playwright: Playwright, stub: Stub, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose owner forbids the tool's cookies inside the platform's pages."""
    rule = {f"{stub.tool.url},{stub.url}": {"setting": 2}}
    preferences = {"profile": {"content_settings": {"exceptions": {"cookies": rule}}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(preferences))
    context = playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=ensure_chromium(), args=switches()
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


def _open(context: BrowserContext, stub: Stub, mode: str) -> Page:
    page = context.new_page()
    page.goto(stub.course(mode))
    page.get_by_role("button", name="Open").click()
    return page


def _open_in_time(context: BrowserContext, stub: Stub) -> tuple[Page, FrameLocator]:
    """The activity opened with the storage's help; tried again, as a person would, where busy
    cores came between: our page gives the storage half a second and then stays, and the driver
    of the browser can lose sight of a frame that changes its site four times within a second."""
    for _ in range(8):
        page = _open(context, stub, "good")
        frame = page.frame_locator("iframe[name=activity]")
        heading = frame.get_by_role("heading", name="Open your activity")
        try:
            expect(heading).to_be_visible(timeout=6_000)
        except AssertionError:
            page.close()
        else:
            return page, frame
    raise AssertionError("the platform's storage was never used")


@case(191, "no storage of our own at all")
@case(193, "state verified by storage")
def test_storage_carries_the_launch_and_one_click_opens_the_work(
    stub: Stub, cookieless: BrowserContext
) -> None:
    page, frame = _open_in_time(cookieless, stub)
    assert page.evaluate("window.seen") == ["lti.put_data", "lti.get_data", "lti.get_data"]
    launches = stub.auths
    with cookieless.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new window").click()
    heading = opened.value.get_by_role("heading", name="Provision-map audit", level=1)
    expect(heading).to_be_visible()
    assert stub.auths == launches, "no other launch was needed"


@case(192, "storage answers that cannot be believed")
@pytest.mark.parametrize("mode", ["silent", "wrong-id", "error", "forgetful", "foreign"])
def test_answers_that_cannot_be_believed_leave_the_window(
    stub: Stub, cookieless: BrowserContext, mode: str
) -> None:
    before = stub.auths
    page = _open(cookieless, stub, mode)
    frame = page.frame_locator("iframe[name=activity]")
    button = frame.get_by_role("button", name="Open in a new window")
    expect(button).to_be_visible()
    page.wait_for_timeout(900)
    expect(button).to_be_visible()
    assert stub.auths == before, "the hint is unspent"
    with cookieless.expect_page() as opened:
        button.click()
    heading = opened.value.get_by_role("heading", name="Provision-map audit", level=1)
    expect(heading).to_be_visible()
