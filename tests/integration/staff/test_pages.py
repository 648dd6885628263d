"""What the staff's pages show and do; each act is in the audit with who did it."""

import json
from collections.abc import Iterator
from typing import Any

import html5lib
import pytest
from sqlalchemy import select, text

from lti_tool.audit.models import AuditEntry
from lti_tool.db.statements import AnyRow
from lti_tool.lti import approvals
from lti_tool.lti.approvals import Connection
from lti_tool.lti.keys import list_keys
from lti_tool.lti.registrations import get_for_change, get_registration
from tests.integration.pages import work
from tests.support.identity_provider import IdentityProvider
from tests.support.racing import one_behind_the_other
from tests.support.staffing import Colleague, colleague, let_in
from tests.support.statements import listen
from tests.support.visiting import ISSUER, World

PAGES = (
    "/staff/",
    "/staff/registrations/",
    "/staff/registrations/1",
    "/staff/keys/",
    "/staff/people/",
    "/staff/deliveries/",
)


def _last(world: World) -> AnyRow:
    """The newest entry of the audit."""
    newest = select(*AuditEntry.__table__.c).order_by(AuditEntry.id.desc()).limit(1)
    with world.database.read() as session:
        return session.execute(newest).one()


def _text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound(world: World, ada: Colleague, path: str) -> None:
    page = _text(ada.get(path))
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<h1") == 1 and "Sign out" in page and "style=" not in page


def test_every_page_opens_on_both_databases(on_both: World, provider: IdentityProvider) -> None:
    let_in(on_both, "administrator", email="ada@example.ac.uk")
    browser = colleague(on_both, provider)
    browser.sign_in("ada")
    for path in PAGES:
        _text(browser.get(path))
    assert browser.post("/staff/registrations/1/switch", to="off").status_code == 303
    found = {"who-registration": "1", "who-sub": "3"}
    assert "No role is given" in _text(browser.post("/staff/people/find", **found))


def test_a_page_asks_the_database_a_fixed_number_of_times(world: World, ada: Colleague) -> None:
    counted: list[str] = []
    listen(world.database, lambda *a: counted.append(str(a[2])))
    for path in PAGES:
        counted.clear()
        ada.get(path)
        assert len(counted) <= 10, (path, len(counted))
        assert not [one for one in counted if not one.startswith(("SELECT", "PRAGMA"))], path


def test_switching_off_and_on(world: World, ada: Colleague) -> None:
    visitor = world.let_in("5", "participant")
    assert ada.post("/staff/registrations/1/switch", to="off").status_code == 303
    entry = _last(world)
    assert (entry.act, entry.actor, entry.staff_id) == ("registration disabled", "staff", 1)
    assert (entry.was, entry.became) == ({"enabled": True}, {"enabled": False})
    assert visitor.get("").status_code == 401
    page = _text(ada.get("/staff/registrations/1?done=staff-switched-off"))
    assert "Launches are refused" in page and "Switch this connection on" in page
    ada.post("/staff/registrations/1/switch", to="on")
    assert visitor.get("").status_code != 401
    ada.post("/staff/registrations/1/switch", to="off", deployment="1")
    assert _last(world).act == "deployment disabled"
    assert ada.post("/staff/registrations/1/switch", to="off", deployment="9").status_code == 404
    assert ada.get("/staff/registrations/99").status_code == 404


def test_a_connection_gets_another_name(world: World, ada: Colleague) -> None:
    page = _text(ada.post("/staff/registrations/1/name", name="x" * 201), 422)
    assert "error-summary" in page and "<title>Error:" in page and "x" * 201 in page
    assert ada.post("/staff/registrations/1/name", name=" University of A ").status_code == 303
    entry = _last(world)
    assert (entry.act, entry.staff_id) == ("registration renamed", 1)
    assert entry.became == {"name": "University of A"}
    page = _text(ada.get("/staff/registrations/1?done=staff-renamed"))
    assert "<h1>University of A</h1>" in page and "The name is changed" in page
    assert ada.post("/staff/registrations/99/name", name="University of B").status_code == 404


def test_an_invitation_is_shown_once(world: World, ada: Colleague) -> None:
    page = _text(ada.post("/staff/registrations/invite", name="", days="200"), 422)
    assert "error-summary" in page and "<title>Error:" in page and 'value="200"' in page
    page = _text(ada.post("/staff/registrations/invite", name="New Moodle", days="3"))
    assert page.count("/lti/register?invitation=") == 1
    assert (_last(world).act, _last(world).staff_id) == ("invitation made", 1)
    assert "invitation=" not in _text(ada.get("/staff/registrations/"))


def _proposed(name: str) -> Connection:
    return Connection(
        issuer=ISSUER,
        client_id="client",
        deployment_ids=("1",),
        auth_login_url=f"{ISSUER}/{name}",
        auth_token_url=f"{ISSUER}/token",
        auth_audience=None,
        jwks_url=f"{ISSUER}/certs",
        scopes="",
        product="Moodle",
        registration_client_url=None,
    )


def _propose(world: World, name: str) -> None:
    with world.database.write() as session:
        approvals.propose(session, get_for_change(session, 1), _proposed(name))


def test_what_is_approved_is_what_was_shown(world: World, ada: Colleague) -> None:
    _propose(world, "first")
    page = _text(ada.get("/staff/registrations/1"))
    assert f"{ISSUER}/first" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    _propose(world, "second")
    assert ada.post("/staff/registrations/1/approve", seen=seen).status_code == 409
    page = _text(ada.get("/staff/registrations/1"))
    assert "proposes a change" in page and f"{ISSUER}/second" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert ada.post("/staff/registrations/1/approve", seen=seen).status_code == 303
    assert (_last(world).act, _last(world).staff_id) == ("registration updated", 1)
    assert "proposes a change" not in _text(ada.get("/staff/registrations/1"))


def test_what_is_proposed_at_the_moment_of_approving_is_not_approved(
    on_both: World, provider: IdentityProvider
) -> None:
    let_in(on_both, "administrator", email="ada@example.ac.uk")
    browser = colleague(on_both, provider)
    browser.sign_in("ada")
    _propose(on_both, "first")
    page = _text(browser.get("/staff/registrations/1"))
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    answers = []
    one_behind_the_other(
        on_both.database,
        lambda session: approvals.propose(session, get_for_change(session, 1), _proposed("second")),
        lambda _: answers.append(browser.post("/staff/registrations/1/approve", seen=seen)),
    )
    assert [one.status_code for one in answers] == [409]
    with on_both.database.read() as session:
        assert get_registration(session, 1).auth_login_url != f"{ISSUER}/second"


def test_a_check_asks_the_platform_and_says_what_to_change(world: World, tess: Colleague) -> None:
    with world.database.write() as session:
        for name in ("jwks_url", "auth_token_url"):
            session.execute(text(f"UPDATE registration SET {name} = 'http://127.0.0.1:1/'"))
    page = _text(tess.post("/staff/registrations/1/check"))
    assert "things to change" in page and "What to do." in page
    entry = _last(world)
    assert (entry.act, entry.actor, entry.staff_id) == ("connection checked", "staff", 1)
    answers = [tess.post("/staff/registrations/1/check").status_code for _ in range(4)]
    assert answers[-1] == 429


def test_the_installation_is_examined(world: World, tess: Colleague) -> None:
    page = _text(tess.post("/staff/examine"))
    assert "What the examination found" in page and "Migrations" in page


def test_keys_are_made_and_withdrawn_with_care(world: World, ada: Colleague) -> None:
    settings = world.settings
    (old,) = list_keys(settings.keys_dir, settings.secret_key)
    answer = ada.post("/staff/keys/retire", kid=old.kid)
    assert answer.status_code == 409 and old.path.exists(), "it signs"
    assert ada.post("/staff/keys/rotate").status_code == 303
    assert ada.post("/staff/keys/rotate").status_code == 409, "one is waiting already"
    waiting, _ = list_keys(settings.keys_dir, settings.secret_key)
    entry = _last(world)
    assert (entry.act, entry.staff_id) == ("signing key made", 1)
    assert entry.became is not None and entry.became["key"] == waiting.kid
    page = _text(ada.get("/staff/keys/"))
    assert "Waits" in page and waiting.kid in page
    assert ada.post("/staff/keys/retire", kid=waiting.kid).status_code == 303
    assert _last(world).act == "signing key withdrawn"
    assert ada.post("/staff/keys/rotate", when="now").status_code == 303
    assert ada.post("/staff/keys/retire", kid=old.kid).status_code == 303


def test_a_role_is_given_found_and_taken_back(world: World, ada: Colleague) -> None:
    tutor = world.let_in("3", "tutor")
    form = {"grant-registration": "1", "grant-sub": "3", "grant-role": "programme-leader"}
    page = _text(ada.post("/staff/people/grant", **{**form, "grant-sub": ""}), 422)
    assert "error-summary" in page
    page = _text(ada.post("/staff/people/grant", **form, **{"grant-course": "77"}), 422)
    assert 'href="#grant-course"' in page and 'value="77"' in page and 'value="3"' in page
    page = _text(ada.post("/staff/people/grant", **form, **{"grant-programme": "none"}), 422)
    assert 'href="#grant-programme"' in page
    assert tutor.get("markers/").status_code == 403
    assert ada.post("/staff/people/grant", **form).status_code == 303
    assert (_last(world).act, _last(world).actor, _last(world).staff_id) == (
        "role granted",
        "staff",
        1,
    )
    assert tutor.get("markers/").status_code == 200
    found = _text(ada.post("/staff/people/find", **{"who-registration": "1", "who-sub": "3"}))
    assert "User 3: Programme leader" in found and "Person 3" not in found
    nobody = _text(ada.post("/staff/people/find", **{"who-registration": "1", "who-sub": "4"}))
    assert "No role is given to this person." in nobody
    assert ada.post("/staff/people/1/take-back").status_code == 303
    assert tutor.get("markers/").status_code == 403
    assert ada.post("/staff/people/1/take-back").status_code == 404


@pytest.fixture
def stuck(world: World) -> Iterator[World]:
    """A released mark that needs a person."""
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    work.mark_and_release(world.let_in("3", "tutor"), "60", "62", "58", "70", "65", "50")
    with world.database.write() as session:
        session.execute(
            text("UPDATE delivery SET state = 'needs_person', reason = 'locked', tries = 3")
        )
    yield world


def test_deliveries_say_why_and_go_again(stuck: World, tess: Colleague) -> None:
    page = _text(tess.get("/staff/deliveries/"))
    assert "the grade is locked" in page and "Moodle" in page and "Tried 3 times" in page
    for secret in ("Person 5", "out of 100"):
        assert secret not in page.partition("<main")[2].partition("</main")[0], secret
    overview = _text(tess.get("/staff/"))
    assert "1 needs a person" in overview
    assert tess.post("/staff/deliveries/1/send-again").status_code == 303
    entry = _last(stuck)
    assert (entry.act, entry.actor, entry.staff_id) == ("mark sent again", "staff", 1)
    assert "1 waiting" in _text(tess.get("/staff/deliveries/"))
    assert tess.post("/staff/deliveries/9/send-again").status_code == 404
    assert tess.post("/staff/deliveries/send-all-again").status_code == 303


def test_what_staff_did_says_who_in_the_history(stuck: World, tess: Colleague) -> None:
    tess.post("/staff/deliveries/1/send-again")
    history = stuck.let_in("3", "tutor").get("history/1/").get_data(as_text=True)
    assert "Asked for the mark to be sent again" in history
    assert "Staff who look after the tool" in history


def test_nothing_personal_stands_in_the_audit(world: World, ada: Colleague) -> None:
    with world.database.read() as session:
        entries = session.execute(select(*AuditEntry.__table__.c)).all()
    said = json.dumps([[one.was, one.became, one.reason] for one in entries])
    assert "ada" not in said and "@" not in said
