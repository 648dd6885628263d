"""Asking to lead, the administrator's answer, markers for a whole programme, the command."""

import re

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.cli.main import cli
from lti_tool.mail.models import Message
from lti_tool.people import visits
from lti_tool.people.models import Grant, Membership
from lti_tool.programme.cohorts.models import LeaderRequest
from lti_tool.programme.cohorts.reach import contexts_for
from tests.support.programmes import lead, make_course
from tests.support.visiting import Visitor, World


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _grants(world: World) -> list[tuple[str, str, str]]:
    with world.database.read() as session:
        rows = session.execute(
            select(Grant.role, Grant.scope, Grant.scope_key)
            .where(Grant.revoked_at.is_(None))
            .order_by(Grant.id)
        )
        return [tuple(row) for row in rows]


def _ask(tutor: Visitor) -> None:
    tutor.get("programme/cohorts/ask")
    assert tutor.post("programme/cohorts/ask").status_code == 303


def _answer(admin: Visitor, act: str, reaches: str, request: int = 1, reason: str = ""):
    admin.get("programme/cohorts/requests")
    form = {"act": act, f"r{request}-reaches": reaches, f"r{request}-reason": reason}
    return admin.post(f"programme/cohorts/requests/{request}", form)


def test_the_first_who_asks_is_named_by_an_administrator(world: World) -> None:
    admin = world.let_in("1", "admin tutor", name="Ada Admin")
    tutor = world.let_in("3", "tutor", name="Helen Marsh")
    refused = _text(tutor.get("programme/cohorts/"))
    assert "Nobody leads here yet" in refused and "programme/cohorts/ask" in refused
    assert "Ada Admin" in _text(tutor.get("programme/cohorts/ask"))
    _ask(tutor)
    assert tutor.post("programme/cohorts/ask").status_code == 409, "asked once"
    assert "You asked on" in _text(tutor.get("programme/cohorts/ask"))
    page = _text(admin.get("programme/cohorts/requests"))
    assert "Helen Marsh" in page and "Module 1" in page
    assert tutor.get("programme/cohorts/requests").status_code == 403
    assert _answer(admin, "agree", "nowhere").status_code == 422
    assert _answer(admin, "agree", "everywhere").status_code == 303
    assert _answer(admin, "agree", "everywhere").status_code == 409
    assert _grants(world) == [("programme-leader", "registration", str(world.registration_id))]
    assert tutor.get("programme/cohorts/").status_code == 200
    with world.database.read() as session:
        kinds = list(session.scalars(select(Message.kind).order_by(Message.id)))
        acts = set(session.scalars(select(AuditEntry.act)))
    assert kinds == ["leader_asked", "leader_answered"]
    assert {"leadership asked for", "leadership agreed", "role granted"} <= acts


def test_a_no_has_its_reason_and_one_can_ask_again(world: World) -> None:
    admin, tutor = world.let_in("1", "admin tutor"), world.let_in("3", "tutor")
    _ask(tutor)
    assert _answer(admin, "decline", "course", reason="Dr Hall leads.").status_code == 303
    assert _grants(world) == []
    page = _text(tutor.get("programme/cohorts/ask"))
    assert "Your request was declined" in page and "Dr Hall leads." in page
    _ask(tutor)
    assert _answer(admin, "agree", "course", request=2).status_code == 303
    assert [scope for _, scope, _ in _grants(world)] == ["context"]


def test_nobody_answers_their_own_request_while_another_can(world: World) -> None:
    first = world.let_in("1", "admin tutor", name="Ada Admin")
    _ask(first)
    world.let_in("2", "admin tutor", name="Bea Bailey")
    page = _text(first.get("programme/cohorts/requests"))
    assert "Another administrator can answer it: Bea Bailey" in page
    refused = _answer(first, "agree", "everywhere")
    assert refused.status_code == 403 and "Bea Bailey" in _text(refused)
    with world.database.write() as session:
        session.query(Membership).filter(Membership.person_id != 1).update({"is_active": False})
    assert _answer(first, "agree", "everywhere").status_code == 303
    with world.database.read() as session:
        reasons = list(session.scalars(select(AuditEntry.reason)))
        answered = session.scalars(select(LeaderRequest.is_granted)).one()
    assert answered is True
    assert "no other administrator has come from the course site" in reasons


def test_a_request_of_another_course_site_is_not_there(world: World) -> None:
    admin = world.let_in("1", "admin tutor")
    assert admin.post("programme/cohorts/requests/99", {"act": "agree"}).status_code == 404


def test_a_leader_names_markers_for_the_whole_programme(world: World) -> None:
    leader = lead(world)
    tutor = world.let_in("3", "tutor", name="Helen Marsh")
    assert "Name for the whole programme" not in _text(leader.get("markers/")), "none joined"
    make_course(leader)
    page = _text(leader.get("markers/"))
    asked = r'name="membership" value="(\d+)">\s*<input[^>]*reaches[^>]*>\s*<button[^>]*>'
    place = re.search(asked + "Name for the whole programme<span[^>]*>: Helen", page)
    assert place, page
    form = {"membership": place[1], "reaches": "programme", "act": "name"}
    assert leader.post("markers/name", form).status_code == 303
    key = f"{world.registration_id}:pg-certificate"
    assert ("tutor", "programme", key) in _grants(world)
    assert "Named for the whole programme" in _text(leader.get("markers/"))
    assert leader.post("markers/required", {"required": "1"}).status_code == 303
    assert tutor.get("marking/").status_code == 200
    assert leader.post("markers/name", {**form, "act": "take-back"}).status_code == 303
    assert tutor.get("marking/").status_code == 403


def test_who_leads_one_course_names_nobody_for_all_of_it(world: World) -> None:
    make_course(lead(world))
    admin, tutor = world.let_in("1", "admin tutor"), world.let_in("3", "tutor")
    _ask(tutor)
    assert _answer(admin, "agree", "course").status_code == 303
    assert "Name for the whole programme" not in _text(tutor.get("markers/"))
    form = {"membership": "1", "reaches": "programme", "act": "name"}
    assert tutor.post("markers/name", form).status_code == 403
    page = _text(tutor.get("programme/cohorts/"))
    assert "which you do not lead as a whole" in page


def test_the_command_names_a_leader_of_a_programme(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = lead(world)
    make_course(leader)
    monkeypatch.setattr("lti_tool.cli.people._open", lambda: world.database)
    who = ["--registration", str(world.registration_id), "--user", "3"]
    role = ["--role", "programme-leader", "--programme"]
    unknown = CliRunner().invoke(cli, ["people", "grant", *who, *role, "nothing"])
    assert unknown.exit_code != 0
    done = CliRunner().invoke(cli, ["people", "grant", *who, *role, "pg-certificate"])
    assert done.exit_code == 0 and "joined to this programme" in done.output
    tutor = world.let_in("3", "tutor")
    assert "SENCo training" in _text(tutor.get("programme/cohorts/"))
    elsewhere = world.let_in("3", "tutor", context_id="44", resource_link_id="9")
    assert elsewhere.get("programme/cohorts/").status_code == 403, "that course is not joined"
    with world.app.test_request_context(), world.database.read() as session:
        here = visits.load(session, tutor.handle, tutor.secret)
        there = visits.load(session, elsewhere.handle, elsewhere.secret)
        assert contexts_for(session, here) == (here.context_id,)
        assert contexts_for(session, there) == (there.context_id,)
    gone = CliRunner().invoke(cli, ["people", "revoke", *who, *role, "pg-certificate"])
    assert gone.exit_code == 0
    assert tutor.get("programme/cohorts/").status_code == 403
