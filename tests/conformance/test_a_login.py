"""Cases 1 to 17: the platform sends the browser, the tool sends it on to be authenticated.

Security Framework 1.0, 5.1.1; LTI Core 1.3, 4.1.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.browser import Browser, cookies_of
from tests.support.door import STUDENT_VIEW, Door
from tests.support.platform import HINT, Platform


@case(1, "GET login with every parameter")
def test_case_001_get_login_is_sent_on_to_the_platform(door: Door) -> None:
    login = door.browser().login(door.platform.login_parameters(), method="GET")
    assert login.response.status_code == 302
    assert login.location.split("?")[0] == door.platform.auth_login_url


@case(2, "the same as a POST form")
def test_case_002_post_login_gives_the_same_as_get(door: Door) -> None:
    answers = [
        door.browser().login(door.platform.login_parameters(), method=method)
        for method in ("GET", "POST")
    ]
    both = [dict(answer.parameters, state="", nonce="") for answer in answers]
    assert both[0] == both[1]
    assert answers[1].response.status_code == 302


@case(3, "the authentication request carries every parameter with its exact value")
def test_case_003_authentication_request_is_complete(door: Door) -> None:
    login = door.login(door.browser())
    state, nonce = login.state, login.nonce
    assert login.parameters == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": door.platform.client_id,
        "redirect_uri": f"{door.tool.url}/lti/launch",
        "login_hint": "5",
        "lti_message_hint": HINT,
        "state": state,
        "nonce": nonce,
    }


@case(4, "lti_message_hint is echoed byte for byte")
@case(239, "hint echoed byte for byte")
@pytest.mark.parametrize(
    "hint",
    [
        HINT,
        '{"cmid":2,"launchid":"a b+c%20d&e=f;g"}',
        "naïve – 校 \"quoted\" 'single' <b>",
        "%2B+%00%0d%0a",
        " leading and trailing ",
        "x" * 3000,
    ],
)
def test_case_004_message_hint_comes_back_unaltered(door: Door, hint: str) -> None:
    for method in ("GET", "POST"):
        parameters = door.platform.login_parameters(lti_message_hint=hint)
        login = door.browser().login(parameters, method=method)
        assert login.parameters["lti_message_hint"] == hint


@case(4, "lti_message_hint is echoed byte for byte")
def test_case_004_message_hint_is_absent_where_it_was_absent(door: Door) -> None:
    assert "lti_message_hint" not in door.login(door.browser(), lti_message_hint=None).parameters


@case(5, "client_id omitted, the issuer has one registration")
def test_case_005_client_id_may_be_left_out(door: Door) -> None:
    login = door.login(door.browser(), client_id=None)
    assert login.parameters["client_id"] == door.platform.client_id


def _two_clients(door: Door) -> tuple[Platform, Platform]:
    first = door.new_platform()
    return first, door.new_platform(issuer=first.issuer)


@case(6, "client_id omitted, the issuer has several registrations")
def test_case_006_several_registrations_need_a_client_id(door: Door) -> None:
    first, second = _two_clients(door)
    answer = door.browser().login(first.login_parameters(client_id=None)).response
    door.is_refusal(answer, "client_ambiguous")
    for platform in (first, second):
        assert door.login(door.browser(), platform).parameters["client_id"] == platform.client_id


@case(7, "client_id unknown for a known issuer")
def test_case_007_unknown_client_id(door: Door) -> None:
    for client_id in ("nobody", door.platform.client_id + " ", door.platform.client_id.upper()):
        parameters = door.platform.login_parameters(client_id=client_id)
        door.is_refusal(door.browser().login(parameters).response, "client_unknown")


@case(8, "a required parameter is missing")
@pytest.mark.parametrize("value", [None, ""])
@pytest.mark.parametrize("name", ["iss", "login_hint", "target_link_uri"])
def test_case_008_required_parameter_missing(door: Door, name: str, value: str | None) -> None:
    answer = door.browser().login(door.platform.login_parameters(**{name: value})).response
    assert door.is_refusal(answer, "login_parameter_missing").status_code == 400


@case(9, "unknown issuer")
def test_case_009_unknown_issuer_is_refused_without_a_call(door: Door) -> None:
    before = sum(door.server.hits.values())
    for issuer in ("https://nobody.example", door.server.url, "http://127.0.0.1:1/"):
        parameters = door.platform.login_parameters(iss=issuer)
        door.is_refusal(door.browser().login(parameters).response, "issuer_unknown")
    assert sum(door.server.hits.values()) == before


@case(10, "issuer differs only by slash, case or homoglyph")
@pytest.mark.parametrize(
    "change",
    [
        lambda issuer: issuer + "/",
        lambda issuer: issuer.upper(),
        lambda issuer: issuer.replace("https", "HTTPS"),
        lambda issuer: issuer.replace("a", "а"),  # a Cyrillic letter
        lambda issuer: issuer + " ",
        lambda issuer: issuer + ".",
        lambda issuer: issuer.replace("https", "http"),
        lambda issuer: issuer + "%",
        lambda issuer: issuer[:-1] + "_",
    ],
)
def test_case_010_near_miss_of_an_issuer_is_unknown(door: Door, change: Any) -> None:
    parameters = door.platform.login_parameters(iss=change(door.platform.issuer))
    door.is_refusal(door.browser().login(parameters).response, "issuer_unknown")


@case(11, "target_link_uri on a foreign host")
def test_case_011_foreign_target_changes_nothing(door: Door) -> None:
    target = f"{door.server.url}/stolen"
    login = door.login(door.browser(), target_link_uri=target)
    assert login.parameters["redirect_uri"] == f"{door.tool.url}/lti/launch"
    assert door.server.hits["/stolen"] == 0


@case(12, "the registered login address has a query already")
def test_case_012_query_of_the_login_address_is_kept(door: Door) -> None:
    platform = door.new_platform(auth_query="?tenant=a%20b&x=1&empty=")
    login = door.login(door.browser(), platform)
    assert login.pairs[:3] == [("tenant", "a b"), ("x", "1"), ("empty", "")]
    assert login.parameters["scope"] == "openid"
    assert urlsplit(login.location).query.startswith("tenant=a%20b&x=1&empty=&scope=openid")


@case(13, "two logins in one browser, interleaved")
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_case_013_two_launches_in_one_browser(door: Door, order: tuple[int, int]) -> None:
    browser = door.browser()
    logins = [door.login(browser), door.login(browser)]
    for which in order:
        login = logins[which]
        token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
        page = door.enters(browser, browser.post_launch(login.state, token))
        assert STUDENT_VIEW in page.text


@case(13, "two logins in one browser, interleaved")
def test_case_013_state_and_nonce_are_long_random_and_plain(door: Door) -> None:
    browser = door.browser()
    logins = [door.login(browser) for _ in range(20)]
    values = [value for login in logins for value in (login.state, login.nonce)]
    assert len(set(values)) == 40
    assert all(len(value) >= 22 and value.isascii() and value.isalnum() for value in values)


@case(14, "lti_storage_target present or absent")
@pytest.mark.parametrize("target", [None, "", "_parent", "post_message_forwarding", "<script>"])
def test_case_014_storage_target_does_no_harm(door: Door, target: str | None) -> None:
    page = door.enter(login={"lti_storage_target": target})
    assert STUDENT_VIEW in page.text


@case(15, "registration or deployment disabled")
def test_case_015_disabled_registration_is_refused_at_login_and_launch(door: Door) -> None:
    platform, browser = door.new_platform(), door.browser()
    login = door.login(browser, platform)
    door.tool.execute(
        "UPDATE registration SET is_enabled = :no WHERE client_id = :c",
        no=False,
        c=platform.client_id,
    )
    token = platform.sign(platform.claims(login.nonce, "student", {}))
    door.is_refusal(browser.post_launch(login.state, token), "registration_disabled")
    door.let_a_moment_pass()
    answer = browser.login(platform.login_parameters()).response
    door.is_refusal(answer, "registration_disabled")
    assert platform.jwks_hits == 0


@case(15, "registration or deployment disabled")
def test_case_015_disabled_by_the_operators_command(door: Door) -> None:
    platform = door.new_platform()
    found = door.tool.execute(
        "SELECT id FROM registration WHERE client_id = :c", c=platform.client_id
    )
    door.tool.must("registration", "disable", str(found[0].id))
    answer = door.browser().login(platform.login_parameters()).response
    assert door.is_refusal(answer, "registration_disabled").status_code == 403


@case(15, "registration or deployment disabled")
def test_case_015_a_deployment_is_switched_off_and_on_by_command(door: Door) -> None:
    platform = door.new_platform(deployment_ids=("off", "on"))
    page = door.enter(platform=platform)
    (found,) = door.tool.execute(
        "SELECT id FROM registration WHERE client_id = :c", c=platform.client_id
    )
    number, browser = str(found.id), door.browser()
    said = door.tool.must("registration", "disable-deployment", number, "off")
    assert said == f"Deployment off of registration {number} is disabled.\n"
    assert "Switched off          off" in door.tool.must("registration", "show", number)
    door.let_a_moment_pass()
    answer = browser.login(platform.login_parameters()).response
    assert "switched off" in door.is_refusal(answer, "deployment_disabled").text
    other = {c.DEPLOYMENT_ID: "on"}
    how: dict[str, Any] = {"platform": platform, "login": {"lti_deployment_id": "on"}}
    assert door.enter(other, **how).status_code == 200, "the other one is let in"
    assert page.request.headers["Cookie"]
    closed = door.browser().ask(
        "GET", page.url, headers={"Cookie": str(page.request.headers["Cookie"])}
    )
    assert closed.headers["X-Reason-Code"] == "visit_over"
    door.tool.must("registration", "enable-deployment", number, "off")
    assert door.enter(platform=platform).status_code == 200
    acts = door.tool.execute("SELECT act FROM audit_entry WHERE subject_kind = 'deployment'")
    assert [row.act for row in acts] == ["deployment disabled", "deployment enabled"]
    for wrong in (("9999", "off"), (number, "no such"), (number, "")):
        done = door.tool.command("registration", "disable-deployment", *wrong)
        assert done.returncode == 1 and "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


@case(15, "registration or deployment disabled")
def test_case_015_disabled_deployment_is_refused_at_login_and_launch(door: Door) -> None:
    platform, browser = door.new_platform(deployment_ids=("on", "off")), door.browser()
    login = door.login(browser, platform, lti_deployment_id="off")
    unhinted = door.login(browser, platform, lti_deployment_id=None)
    door.tool.execute(
        "UPDATE deployment SET is_enabled = :no WHERE deployment_id = 'off'", no=False
    )
    deployment = {"https://purl.imsglobal.org/spec/lti/claim/deployment_id": "off"}
    for begun in (login, unhinted):
        token = platform.sign(platform.claims(begun.nonce, "student", deployment))
        door.is_refusal(browser.post_launch(begun.state, token), "deployment_disabled")
    door.let_a_moment_pass()
    answer = browser.login(platform.login_parameters(lti_deployment_id="off")).response
    door.is_refusal(answer, "deployment_disabled")
    assert STUDENT_VIEW in door.enter(platform=platform).text


@case(16, "the platform posts back an error")
def test_case_016_error_from_the_platform_is_explained_and_closes_the_state(door: Door) -> None:
    browser = door.browser()
    login = door.login(browser)
    error = {
        "error": "login_required",
        "error_description": "<script>alert(1)</script>",
        "state": login.state,
    }
    page = door.is_refusal(browser.ask("POST", "/lti/launch", data=error), "platform_error")
    assert "alert(1)" not in page.text
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    door.is_refusal(browser.post_launch(login.state, token), "state_unknown")
    door.is_refusal(browser.ask("POST", "/lti/launch", data=error), "platform_error")


_HUGE = "x" * 20_000


@case(17, "oversized, repeated or array-valued parameters")
@pytest.mark.parametrize(
    "name",
    ["iss", "login_hint", "target_link_uri", "client_id", "lti_deployment_id", "lti_message_hint"],
)
@pytest.mark.parametrize("kind", ["huge", "repeated", "array", "nul", "both places"])
def test_case_017_unusable_parameters(door: Door, name: str, kind: str) -> None:
    parameters = door.platform.login_parameters()
    pairs: list[tuple[str, str]] = list(parameters.items())
    value = parameters[name]
    pairs += {
        "huge": [],
        "repeated": [(name, value)],
        "array": [(f"{name}[]", value)],
        "nul": [],
        "both places": [],
    }[kind]
    if kind in {"huge", "nul"}:
        parameters[name] = _HUGE if kind == "huge" else f"{value}\x00"
        pairs = list(parameters.items())
    query = {name: value} if kind == "both places" else None
    answer = Browser(door.tool.url).ask("POST", "/lti/login", data=pairs, params=query)
    door.is_refusal(answer, "login_parameter_unusable")


@case(17, "oversized, repeated or array-valued parameters")
def test_case_017_no_line_can_be_forged_in_the_log(door: Door) -> None:
    forged = 'x"}\n{"event": "launched", "registration": 666}\r\n'
    for name in ("iss", "client_id", "login_hint", "lti_deployment_id", "lti_message_hint"):
        answer = door.browser().login(door.platform.login_parameters(**{name: forged})).response
        assert answer.status_code < 500
        assert not [x for x in cookies_of(answer) if "\n" in x.value]
    assert not [x for x in door.tool.log_lines() if x.get("registration") == 666]
