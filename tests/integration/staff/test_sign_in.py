"""Signing in at the university's provider, and every way in which it goes no further."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from sqlalchemy import select, text

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.staff import provider as client_side
from lti_tool.staff import sessions
from lti_tool.staff.members import remove_member
from lti_tool.staff.models import StaffMember, StaffSession
from tests.support.identity_provider import IdentityProvider
from tests.support.staffing import Colleague, colleague, let_in
from tests.support.visiting import World, make_world


def _refused(answer: Any, code: str, status: int = 400) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.headers["X-Reason-Code"] == code
    assert "__Host-staff=" not in answer.headers.get("Set-Cookie", "")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    return str(answer.get_data(as_text=True))


def _count(world: World, table: type[Any]) -> int:
    with world.database.read() as session:
        return len(session.scalars(select(table)).all())


def test_the_whole_way(on_both: World, provider: IdentityProvider) -> None:
    number = let_in(on_both, "technologist", email="Tess@Example.ac.uk")
    browser = colleague(on_both, provider)
    address = browser.begin("/staff/keys/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "https://tool.example/staff/callback"
    assert len(asked["nonce"]) >= 32 and asked["nonce"] != asked["state"]
    answer = browser.come_back(provider.answer(address, "tess"))
    assert answer.status_code == 303 and answer.headers["Location"] == "/staff/keys/"
    new, *_ = (one for one in answer.headers.getlist("Set-Cookie") if "__Host-staff=" in one)
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in new
    assert "Domain" not in new and "Expires" not in new and "Max-Age" not in new
    page = browser.get("/staff/keys/")
    assert page.status_code == 200 and "Technologist" in page.get_data(as_text=True)
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    with on_both.database.read() as session:
        member = session.get_one(StaffMember, number)
        assert member.subject == "sub-tess" and member.signed_in_at is not None
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.act, entry.actor, entry.staff_id) == ("staff signed in", "staff", number)
    out = browser.post("/staff/sign-out")
    assert out.status_code == 303 and "__Host-staff" not in browser.cookies
    assert _count(on_both, StaffSession) == 0
    assert browser.get("/staff/keys/").status_code == 401


@pytest.mark.parametrize("path", ["/staff/", "/staff/sign-in", "/staff/callback?code=x"])
def test_off_there_is_nothing(tmp_path: Path, path: str) -> None:
    client = make_world(tmp_path).app.test_client()
    answer, unknown = (
        client.get(one, base_url="https://tool.example") for one in (path, "/no-such-page")
    )
    assert answer.status_code == 404 == unknown.status_code
    assert answer.headers["X-Reason-Code"] == unknown.headers["X-Reason-Code"]


def test_being_known_to_the_university_lets_nobody_in(
    world: World, provider: IdentityProvider
) -> None:
    browser = colleague(world, provider)
    page = _refused(browser.sign_in("sam"), "not_staff", 403)
    assert "sub-sam" in page, "what to tell the operator"
    assert _count(world, StaffSession) == 0
    assert browser.get("/staff/").status_code == 401


def test_an_address_that_is_not_verified_is_nobodys(
    world: World, provider: IdentityProvider
) -> None:
    let_in(world, "administrator", email="ada@example.ac.uk")
    _refused(colleague(world, provider).sign_in("mallory"), "not_staff", 403)


def test_an_address_given_to_somebody_else_opens_nothing(
    world: World, provider: IdentityProvider, ada: Colleague
) -> None:
    provider.misbehave(claims={"sub": "sub-new-owner"})
    _refused(colleague(world, provider).sign_in("ada"), "not_staff", 403)


def test_whoever_is_removed_is_out_at_once(world: World, ada: Colleague) -> None:
    with world.database.write() as session:
        remove_member(session, 1)
    assert ada.get("/staff/").status_code == 401
    _refused(ada.sign_in("ada"), "not_staff", 403)


def test_cancelled(world: World, provider: IdentityProvider) -> None:
    browser = colleague(world, provider)
    _refused(browser.sign_in(""), "sign_in_cancelled")


def test_an_answer_counts_once(world: World, provider: IdentityProvider, ada: Colleague) -> None:
    browser = colleague(world, provider)
    address = browser.begin()
    kept = browser.client.get_cookie("__Host-staff-sign-in", "tool.example", "/")
    assert kept is not None
    answer = provider.answer(address, "ada")
    assert browser.come_back(answer).status_code == 303
    _refused(browser.come_back(answer), "state_unknown")
    browser.client.set_cookie(
        "__Host-staff-sign-in", kept.value, domain="tool.example", secure=True
    )
    _refused(browser.come_back(answer), "state_used")


def test_another_browser_cannot_use_the_answer(world: World, provider: IdentityProvider) -> None:
    """Nobody can be signed in as somebody else by a link."""
    answer = provider.answer(colleague(world, provider).begin(), "ada")
    _refused(colleague(world, provider).come_back(answer), "state_unknown")
    other = colleague(world, provider)
    other.begin()
    _refused(other.come_back(answer), "state_unknown")


def test_a_code_of_another_sign_in_is_refused(world: World, provider: IdentityProvider) -> None:
    """An injected code: PKCE binds it to the browser that asked for it."""
    stolen = provider.answer(colleague(world, provider).begin(), "ada")
    browser = colleague(world, provider)
    own = provider.answer(browser.begin(), "tess")
    _refused(browser.come_back({**own, "code": stolen["code"]}), "code_refused")


def test_a_code_that_was_used_is_refused(world: World, provider: IdentityProvider) -> None:
    let_in(world, "technologist", subject="sub-tess")
    browser = colleague(world, provider)
    first = provider.answer(browser.begin(), "tess")
    assert browser.come_back(first).status_code == 303
    again = provider.answer(browser.begin(), "tess")
    _refused(browser.come_back({**again, "code": first["code"]}), "code_refused")


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"nonce": "another"}, "nonce_wrong"),
        ({"forge": True}, "token_unusable"),
        ({"iss": "https://elsewhere.example"}, "token_unusable"),
        ({"aud": ["another-client"]}, "token_unusable"),
        ({"aud": ["staff-pages", "another-client"]}, "token_unusable"),
        ({"aud": ["another-client"], "claims": {"azp": "staff-pages"}}, "token_unusable"),
        ({"claims": {"sub": ""}}, "token_unusable"),
        ({"clock_s": -3600}, "token_time"),
        ({"clock_s": 3600}, "token_time"),
        ({"answer_iss": "https://elsewhere.example"}, "issuer_mixed_up"),
        ({"answer_iss": ""}, "issuer_mixed_up"),
        ({"metadata": {"jwks_uri": "http://127.0.0.1:1/jwks"}}, "provider_unreachable"),
        ({"metadata": {"token_endpoint": "http://127.0.0.1:1/token"}}, "provider_unreachable"),
    ],
)
def test_what_the_provider_gets_wrong_is_a_page_with_a_reason(
    world: World, provider: IdentityProvider, how: dict[str, Any], code: str
) -> None:
    let_in(world, "administrator", email="ada@example.ac.uk")
    provider.misbehave(**how)
    _refused(colleague(world, provider).sign_in("ada"), code)
    assert _count(world, StaffSession) == 0


@pytest.mark.parametrize("seconds", [-50, 50])
def test_clocks_may_differ_a_little(world: World, provider: IdentityProvider, seconds: int) -> None:
    let_in(world, "administrator", email="ada@example.ac.uk")
    provider.misbehave(clock_s=seconds)
    assert colleague(world, provider).sign_in("ada").status_code == 303


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"down": True}, "provider_unreachable"),
        ({"metadata": {"issuer": "https://elsewhere.example"}}, "provider_unusable"),
        ({"metadata": {"token_endpoint": None}}, "provider_unusable"),
        ({"metadata": {"authorization_endpoint": "javascript:alert(1)"}}, "provider_unusable"),
    ],
)
def test_a_provider_that_is_away_or_says_nonsense(
    world: World, provider: IdentityProvider, how: dict[str, Any], code: str
) -> None:
    provider.misbehave(**how)
    _refused(colleague(world, provider).get("/staff/sign-in/begin"), code)


def test_a_new_key_is_followed_at_once(
    world: World, provider: IdentityProvider, ada: Colleague
) -> None:
    strange = [{"kty": "AKP", "kid": "later"}, {"kty": "oct", "k": "AAAA", "kid": "shared"}, "no"]
    provider.misbehave(rotate=True, more_keys=strange)
    assert ada.sign_in("ada").status_code == 303


def test_a_wrong_secret_of_ours_says_so(tmp_path: Path, provider: IdentityProvider) -> None:
    wrong = {**provider.settings, "LTI_TOOL_OIDC_CLIENT_SECRET": "not this one"}
    _refused(colleague(make_world(tmp_path, **wrong), provider).sign_in("ada"), "client_refused")


@pytest.mark.parametrize(
    "query",
    ["", "code=x", "state=x", "state=x&state=y&code=1", "state=%00&code=x", f"state={'x' * 5000}"],
)
def test_odd_answers(world: World, provider: IdentityProvider, query: str) -> None:
    browser = colleague(world, provider)
    browser.begin()
    answer = browser.get(f"/staff/callback?{query}")
    assert answer.status_code == 400
    assert answer.headers["X-Reason-Code"] in {"state_unknown", "answer_unusable"}


def test_too_many_refusals_ask_the_provider_nothing(
    tmp_path: Path, provider: IdentityProvider
) -> None:
    few = {**provider.settings, "LTI_TOOL_REFUSALS_PER_MINUTE": "2"}
    browser = colleague(make_world(tmp_path, **few), provider)
    for _ in range(2):
        assert browser.get("/staff/callback?code=x").status_code == 400
    client_side._near.clear()
    answer = browser.get("/staff/sign-in/begin")
    assert answer.status_code == 429 and answer.headers["X-Reason-Code"] == "too_often"
    assert not client_side._near, "nothing was asked"


def test_a_sign_in_left_for_long_is_over(world: World, provider: IdentityProvider) -> None:
    browser = colleague(world, provider)
    address = browser.begin()
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        _refused(browser.come_back(provider.answer(address, "ada")), "state_unknown")


def test_signing_in_again_ends_the_session_before(world: World, ada: Colleague) -> None:
    before = ada.client.get_cookie("__Host-staff", "tool.example", "/")
    assert ada.sign_in("ada").status_code == 303
    after = ada.client.get_cookie("__Host-staff", "tool.example", "/")
    assert before is not None and after is not None and before.value != after.value
    assert _count(world, StaffSession) == 1


def test_a_session_ends_by_itself(world: World, ada: Colleague) -> None:
    """After an hour without an act, and after nine hours whatever is done. Reading is no act."""
    began = clock.now()
    with time_machine.travel(began + timedelta(minutes=59)):
        assert ada.get("/staff/").status_code == 200
    with time_machine.travel(began + timedelta(minutes=61)):
        assert ada.get("/staff/").status_code == 401
    for half_hours in range(1, 18):
        with time_machine.travel(began + timedelta(minutes=30 * half_hours)):
            assert ada.post("/staff/stay").status_code == 303
    with time_machine.travel(began + timedelta(hours=9, minutes=1)):
        assert ada.post("/staff/stay").status_code == 401
        sessions.sweep(world.database)
    assert _count(world, StaffSession) == 0


def test_another_provider_knows_nobody_of_the_one_before(world: World, ada: Colleague) -> None:
    with world.database.write() as session:
        session.execute(text("UPDATE staff_member SET issuer = 'https://before.example'"))
    assert ada.get("/staff/").status_code == 401
