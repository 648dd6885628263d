"""Cases 194, 195 and 199: tabs, reloads and plain http."""

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.door import STAFF_VIEW, STUDENT_VIEW, Door
from tests.support.platform import Platform
from tests.support.running_tool import RunningTool


@case(194, "two courses in two tabs; two people on one computer")
def test_case_194_tabs_keep_their_own_visit(door: Door) -> None:
    browser = door.browser()
    student = door.enter({c.CONTEXT: {"id": "tab-1", "title": "First course"}}, browser=browser)
    tutor = door.enter(
        {c.CONTEXT: {"id": "tab-2", "title": "Second course"}}, browser=browser, role="teacher"
    )
    assert len([x for x in browser.cookies if x.name == "visit"]) == 2
    again = browser.ask("GET", student.url).text
    assert STUDENT_VIEW in again and "First course" in again and "Second course" not in again
    assert STAFF_VIEW in browser.ask("GET", tutor.url).text


@case(195, "back, refresh, double click, bookmark")
def test_case_195_reload_of_the_page_and_of_the_launch(door: Door) -> None:
    done = door.attempt()
    page = door.enters(done.browser, done.response)
    assert STUDENT_VIEW in done.browser.ask("GET", page.url).text
    again = door.is_refusal(done.browser.post_launch(done.login.state, done.token), "state_unknown")
    assert "open the activity again" in again.text
    bookmark = door.browser().ask("GET", page.url)
    assert bookmark.status_code == 401 and "open the activity again" in bookmark.text


@case(199, "plain http")
def test_case_199_plain_http_needs_an_explicit_setting(
    door: Door, tmp_path_factory: pytest.TempPathFactory
) -> None:
    strict = RunningTool(tmp_path_factory.mktemp("strict"), {"ALLOW_HTTP": "0"})
    refused = strict.command("db", "check")
    assert refused.returncode == 1 and "https" in refused.stderr
    assert "Traceback" not in refused.stderr


@case(199, "plain http")
def test_case_199_platform_addresses_must_be_https_and_public(
    tmp_path_factory: pytest.TempPathFactory, door: Door
) -> None:
    from lti_tool.lti.errors import RegistrationUnusable

    values = Platform(door.server, door.tool.url).registration()
    for settings, word in (
        ({"ALLOW_HTTP": "0", "BASE_URL": "https://tool.example"}, "https"),
        ({"ALLOW_PRIVATE_PLATFORMS": "0"}, "private network"),
    ):
        folder = tmp_path_factory.mktemp("strict")
        strict = RunningTool(folder, {**settings, "DATABASE_URL": "sqlite://"})
        with pytest.raises(RegistrationUnusable, match=word):
            strict.register_quickly(values)


def test_commands_refuse_bad_registrations_in_one_sentence(door: Door) -> None:
    values = Platform(door.server, door.tool.url).registration()
    arguments = ["registration", "add", "--name", "x", "--issuer", " ", "--client-id", "x"]
    arguments += ["--deployment-id", "1", "--auth-login-url", values["auth_login_url"]]
    arguments += ["--auth-token-url", "javascript:x", "--jwks-url", values["jwks_url"]]
    done = door.tool.command(*arguments)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
