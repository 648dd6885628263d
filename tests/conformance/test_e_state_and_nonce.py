"""Cases 71 to 80 and 85: state, nonce and browser belong together and are used once.

Security Framework 1.0, 5.1.1.3, 5.1.3.9 and 7.3.1.
"""

from datetime import timedelta
from typing import Any

import pytest

from lti_tool.core.identifiers import SPELT_LENGTH
from lti_tool.lti.states import nonce_of
from tests.conformance.cases import case
from tests.support import claims as c
from tests.support.claims import REMOVED
from tests.support.door import STUDENT_VIEW, Door


@case(71, "nonce absent")
@pytest.mark.parametrize("nonce", [REMOVED, None, "", 7, ["x"]])
def test_case_071_no_nonce(door: Door, nonce: Any) -> None:
    door.refuses({"nonce": nonce}, "nonce_missing")


@case(72, "nonce never issued")
@pytest.mark.parametrize("nonce", ["never-issued", "é", "x" * 100_000])
def test_case_072_unknown_nonce(door: Door, nonce: str) -> None:
    door.refuses({"nonce": nonce}, "nonce_mismatch")


@case(72, "nonce never issued")
def test_case_072_the_state_is_used_up_even_so(door: Door) -> None:
    done = door.attempt({"nonce": "never-issued"})
    door.is_refusal(done.response, "nonce_mismatch")
    right = door.platform.sign(door.platform.claims(done.login.nonce, "student", {}))
    answer = done.browser.post_launch(done.login.state, right)
    door.is_refusal(answer, "state_unknown", "browser_mismatch")


@case(73, "nonce reused: same id_token and state posted twice")
def test_case_073_nonce_reused_same_token_and_state_posted_twice(door: Door) -> None:
    done = door.attempt()
    first = door.enters(done.browser, done.response)
    again = done.browser.post_launch(done.login.state, done.token)
    page = door.is_refusal(again, "state_unknown")
    assert "open the activity again" in page.text
    assert STUDENT_VIEW in done.browser.ask("GET", first.url).text


@case(74, "nonce reused in a new token with another state")
def test_case_074_nonce_reused_with_another_state(door: Door) -> None:
    done = door.attempt()
    door.enters(done.browser, done.response)
    login = door.login(done.browser)
    token = door.platform.sign(door.platform.claims(done.login.nonce, "student", {}))
    door.is_refusal(done.browser.post_launch(login.state, token), "nonce_mismatch")


@case(75, "two parallel posts of one token")
def test_case_075_of_parallel_posts_exactly_one_succeeds(door: Door) -> None:
    for _ in range(12):
        browser = door.browser()
        login = door.login(browser)
        token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
        answers = door.in_parallel(browser, login.state, token, times=4)
        assert sorted(answer.status_code for answer in answers) == [303, 400, 400, 400]
        for answer in answers:
            if answer.status_code != 303:
                door.is_refusal(answer, "state_unknown")


@case(76, "state of one registration, token of another")
def test_case_076_mix_up_of_registrations(door: Door) -> None:
    victim = door.new_platform()
    same_issuer = door.new_platform(issuer=victim.issuer)
    other_issuer = door.new_platform(client_id=victim.client_id)
    for attacker in (same_issuer, other_issuer):
        browser = door.browser()
        login = door.login(browser, victim)
        token = attacker.sign(attacker.claims(login.nonce, "teacher", {}))
        answer = browser.post_launch(login.state, token)
        door.is_refusal(answer, "token_issuer", "token_audience")
        login = door.login(browser, victim)
        named = {"iss": victim.issuer, "aud": victim.client_id}
        token = attacker.sign(attacker.claims(login.nonce, "teacher", named))
        answer = browser.post_launch(login.state, token)
        door.is_refusal(answer, "token_key_unknown", "token_signature")


@case(77, "state absent")
@pytest.mark.parametrize("state", [None, ""])
def test_case_077_no_state(door: Door, state: str | None) -> None:
    browser = door.browser()
    login = door.login(browser)
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    fields = {"id_token": token} | ({} if state is None else {"state": state})
    door.is_refusal(browser.ask("POST", "/lti/launch", data=fields), "state_missing")


@case(78, "state unknown or expired")
@pytest.mark.parametrize("change", [lambda s: "x" * 32, lambda s: s + "x", str.swapcase])
def test_case_078_unknown_state(door: Door, change: Any) -> None:
    browser = door.browser()
    login = door.login(browser)
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    page = door.is_refusal(browser.post_launch(change(login.state), token), "state_unknown")
    assert "open the activity again" in page.text


@case(78, "state unknown or expired")
@pytest.mark.parametrize("end", ["", "x", "0" * 43])
def test_case_078_the_number_of_a_login_is_no_state(door: Door, end: str) -> None:
    """It stands in addresses and names of cookies, and every state begins with it."""
    browser = door.browser()
    login = door.login(browser)
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    guess = login.state[:SPELT_LENGTH] + end
    door.is_refusal(browser.post_launch(guess, token), "state_unknown")
    assert browser.post_launch(login.state, token).status_code == 303


@case(78, "state unknown or expired")
def test_case_078_expired_state(door: Door) -> None:
    browser = door.browser()
    login = door.login(browser)
    aged = door.aged(login.state, timedelta(minutes=11))
    for state, code in ((aged, 400), (door.aged(login.state, timedelta(minutes=9)), 303)):
        token = door.platform.sign(door.platform.claims(nonce_of(state), "student", {}))
        answer = browser.post_launch(state, token)
        assert answer.status_code == code, answer.text
        if code == 400:
            door.is_refusal(answer, "state_unknown")


@case(79, "state of another browser")
def test_case_079_login_csrf(door: Door) -> None:
    attacker, victim = door.browser(), door.browser()
    login = door.login(attacker)
    token = door.platform.sign(door.platform.claims(login.nonce, "student", {}))
    door.is_refusal(victim.post_launch(login.state, token), "browser_mismatch")
    door.login(victim)
    door.is_refusal(victim.post_launch(login.state, token), "browser_mismatch")
    assert STUDENT_VIEW in door.enters(attacker, attacker.post_launch(login.state, token)).text


@case(80, "nonce of another pending login of the same browser")
def test_case_080_nonce_of_another_login(door: Door) -> None:
    browser = door.browser()
    first, second = door.login(browser), door.login(browser)
    token = door.platform.sign(door.platform.claims(second.nonce, "student", {}))
    door.is_refusal(browser.post_launch(first.state, token), "nonce_mismatch")


@case(85, "lti_deployment_id at login differs from the claim")
def test_case_085_deployment_differs_from_the_logins(door: Door) -> None:
    platform = door.new_platform(deployment_ids=("one", "two"))
    claim = {c.DEPLOYMENT_ID: "two"}
    door.refuses(claim, "deployment_mismatch", platform=platform)
    unknown = {"lti_deployment_id": "three"}
    door.refuses(claim, "deployment_mismatch", platform=platform, login=unknown)
    no_hint = {"lti_deployment_id": None}
    assert STUDENT_VIEW in door.enter(claim, platform=platform, login=no_hint).text
