"""Who may open what: every route with every role, and with somebody else's things."""

import io
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from lti_tool.db import Database
from lti_tool.lti.models import Deployment, Registration
from lti_tool.lti.registrations import RegistrationValues, add_registration
from lti_tool.people import guest_purposes
from lti_tool.web.policy import PUBLIC, policy_of
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.support.visiting import ISSUER, World, make_world

VALUES = {
    "assignment_id": "1",
    "delivery_id": "1",
    "code": "ABC234",
    "row_id": "r1",
    "form": "csv",
    "reference": "x",
    "version": "0",
    "number": "1",
    "at": "1",
    "name": "face.css",
    "attempt": "1",
    "revision": "1",
    "part_id": "impact",
    "visit_id": "1",
    "session_id": "1",
    "ending": "csv",
    "what": "dbs",
    "meeting_id": "1",
    "membership_id": "1",
    "question_id": "1",
    "kind": "mentor",
    "key": "npq-senco",
    "programme_id": "1",
    "piece_id": "1",
    "item_id": "S1",
    "year": "2026",
    "module_id": "1",
    "cohort_id": "1",
    "entry": "1",
    "request_id": "1",
}


def _paths(world: World, values: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    """Every route below a visit: method, path within the visit, policy."""
    chosen = values or VALUES
    found = []
    for rule in world.app.url_map.iter_rules():
        policy = policy_of(world.app.view_functions[rule.endpoint])
        if policy == PUBLIC or policy is None or policy in guest_purposes.list_keys():
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: chosen.get(m.group(1), ""), rule.rule)
        path = path.removeprefix("/v//")
        for method in sorted(rule.methods & {"GET", "POST"}):
            found.append((method, path, policy))
    return found


def test_without_the_cookie_a_handle_opens_nothing(world: World) -> None:
    visitor = world.let_in("5", "participant")
    for method, path, _ in _paths(world):
        answer = world.app.test_client().open(
            f"/v/{visitor.handle}/{path}", method=method, base_url="https://tool.example"
        )
        assert answer.status_code == 401, (method, path)
        assert "Set-Cookie" not in answer.headers


def test_somebody_elses_cookie_opens_nothing(world: World) -> None:
    mine, theirs = world.let_in("5", "participant"), world.let_in("6", "participant")
    mine.secret = theirs.secret
    assert mine.get("audit/").status_code == 401


@case(207, "a participant at a tutor’s routes")
@pytest.mark.parametrize("role", ["participant", "tutor", "admin", ""])
def test_each_role_reaches_only_its_own_routes(world: World, role: str) -> None:
    visitor = world.let_in("9", role)
    for method, path, policy in _paths(world):
        answer = visitor.get(path) if method == "GET" else visitor.post(path)
        assert answer.status_code < 500, (method, path, answer.status_code)
        allowed = (
            policy == "anyone here"
            or policy == role
            or (policy == "member" and role in {"participant", "tutor"})
        )
        if not allowed:
            assert answer.status_code == 403, (method, path, answer.status_code)


@case(214, "forged posts from another site")
def test_a_form_without_our_token_changes_nothing(world: World) -> None:
    visitor = world.let_in("5", "participant")
    for method, path, _ in _paths(world):
        if method == "POST":
            for token in ("", "0" * 64, world.let_in("6", "participant").csrf_token):
                answer = visitor.post(path, {"csrf_token": token})
                assert answer.status_code == 403, path


@case(208, "a tutor of one course at another’s work")
def test_a_tutor_of_another_course_reaches_nothing(world: World) -> None:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    own = world.let_in("3", "tutor")
    desk = work.desk_of(own)
    work.mark_and_release(own, "60", "60", "60", "60", "60", "60")
    other = world.let_in("4", "tutor", context_id="77", resource_link_id="9")
    assert other.get(desk).status_code == 404
    assert other.post(desk, {**work.marks(*["70"] * 6), "number": "1"}).status_code == 404
    assert other.post(f"{desk}/release", {"number": "1"}).status_code == 404
    assert other.get("gradebook/1").status_code == 404
    assert other.post("gradebook/1/send-again").status_code == 404
    assert own.get("gradebook/1").status_code == 200
    assert "Person 5" not in other.get("marking/").get_data(as_text=True)


@pytest.mark.parametrize("number", [str(2**63), "9" * 40, "-1", "٣", "1.5", "%00", "%ff"])
def test_a_number_that_no_row_can_have_is_no_page(
    tmp_path: Path, database: Database, number: str
) -> None:
    """On PostgreSQL and SQLite alike, which fail on such numbers each in their own way."""
    world = make_world(tmp_path, database)
    tutor = world.let_in("3", "tutor")
    rows = ("assignment_id", "delivery_id", "version", "meeting_id", "membership_id", "question_id")
    values = {**VALUES, **dict.fromkeys(rows, number)}
    paths = [one for one in _paths(world, values) if number in one[1]]
    assert len(paths) > 3
    for method, path, _ in paths:
        answer = tutor.get(path) if method == "GET" else tutor.post(path)
        assert answer.status_code < 500, (method, path)


@case(206, "a participant at another’s work")
def test_a_participant_never_sees_another_participants_work(world: World) -> None:
    author, other = world.let_in("5", "participant"), world.let_in("6", "participant")
    work.bring_in(author)
    page = other.get("audit/map").get_data(as_text=True)
    assert "Reading fluency" not in page
    assert other.get("audit/map/rows/r1").status_code == 404
    other.get("audit/map")
    assert other.post("audit/map/rows/r1/remove").status_code == 404


def test_rights_follow_the_roles_of_this_launch(world: World) -> None:
    """Case 92: somebody who was Instructor and now comes as Learner has no tutor's rights."""
    tutor = world.let_in("3", "tutor")
    assert tutor.get("marking/").status_code == 200
    learner = world.let_in("3", "participant")
    assert learner.get("marking/").status_code == 403
    assert tutor.get("marking/").status_code == 200, "the other visit keeps its own roles"


def test_two_visits_in_one_browser_never_mix(world: World) -> None:
    """Two tabs with two courses: the handle selects, the cookie of its own path proves."""
    first = world.let_in("5", "participant")
    second = world.let_in(
        "5", "participant", context_id="8", context_title="Module 2", resource_link_id="20"
    )
    work.bring_in(first)
    assert "Reading fluency" in first.get("audit/map").get_data(as_text=True)
    assert "Reading fluency" not in second.get("audit/map").get_data(as_text=True)
    assert "Module 2" in second.get("").get_data(as_text=True)


def test_a_disabled_registration_closes_its_visits(world: World) -> None:
    from lti_tool.lti.registrations import set_enabled

    visitor = world.let_in("5", "participant")
    with world.database.write() as session:
        set_enabled(session, world.registration_id, False)
    assert visitor.get("").status_code == 401


def _elsewhere(world: World, kind: str) -> dict[str, int]:
    """Fields of a launch from another platform, registration or deployment with the same ids."""
    issuer = "https://other.example" if kind == "platform" else ISSUER
    client = "client" if kind == "deployment" else "other-client"
    values = RegistrationValues(
        name="Other",
        issuer=issuer,
        client_id=client,
        deployment_ids=("2",),
        auth_login_url=f"{issuer}/mod/lti/auth.php",
        auth_token_url=f"{issuer}/mod/lti/token.php",
        jwks_url=f"{issuer}/mod/lti/certs.php",
    )
    with world.database.write() as session:
        registration_id, _ = add_registration(session, world.settings, values)
        registration = session.get_one(Registration, registration_id)
        deployment = session.scalars(
            select(Deployment).where(
                Deployment.registration_id == registration_id, Deployment.deployment_id == "2"
            )
        ).one()
        return {
            "registration_id": registration_id,
            "platform_id": registration.platform_id,
            "deployment_id": deployment.id,
        }


@case(205, "one deployment’s user at another’s objects")
@pytest.mark.parametrize("kind", ["deployment", "registration", "platform"])
def test_the_same_ids_elsewhere_are_other_things(world: World, kind: str) -> None:
    """Moodle's ids are small numbers: course 2, link 1 and person 5 exist on every one."""
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    work.mark_and_release(tutor, *["60"] * 6)
    fields = _elsewhere(world, kind)
    twin = world.let_in("5", "participant", **fields)
    assert "Reading fluency" not in twin.get("audit/map").get_data(as_text=True)
    assert "Your mark" not in twin.get("audit/").get_data(as_text=True)
    other = world.let_in("3", "tutor", **fields)
    assert "Person 5" not in other.get("marking/").get_data(as_text=True)
    for path in (desk, "gradebook/1"):
        assert other.get(path).status_code == 404, path
    for path in (desk, f"{desk}/release", "gradebook/1/send-again"):
        assert other.post(path, {**work.marks(*["70"] * 6), "number": "1"}).status_code == 404
    assert "Your mark: 60" in author.get("audit/").get_data(as_text=True)


@case(206, "a participant at another’s work")
@case(208, "a tutor of one course at another’s work")
@pytest.mark.parametrize("role", ["participant", "tutor", "admin tutor"])
def test_foreign_numbers_open_nothing(world: World, role: str) -> None:
    """Every route, asked with numbers and codes of somebody else's things."""
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    _, assignment_id, code = work.desk_of(tutor).split("/")
    work.mark_and_release(tutor, *["60"] * 6)
    stranger = world.let_in("8", role, context_id="99", resource_link_id="90")
    theirs = {**VALUES, "assignment_id": assignment_id, "code": code}
    for method, path, _ in _paths(world, theirs):
        answer = stranger.get(path) if method == "GET" else stranger.post(path)
        assert answer.status_code < 500, (method, path)
        page = answer.get_data().decode(errors="replace")
        assert "Person 5" not in page and "Reading fluency" not in page, (method, path)
    assert "Your mark: 60" in author.get("audit/").get_data(as_text=True)


@case(216, "hostile uploads")
@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\evil.xlsx",
        "page.html",
        "picture.svg",
        "map.xlsx.html",
        "/absolute.xlsx",
        "a\x00b.xlsx",
        "con.csv",
        "x" * 300 + ".csv",
    ],
)
def test_an_uploads_name_and_kind_lead_nowhere(world: World, name: str) -> None:
    """A file is read where it came in and kept nowhere, so it can be served by no address."""
    visitor = world.let_in("5", "participant")
    before = {path for path in world.settings.instance_dir.rglob("*") if path.is_file()}
    for data in (
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a/*" + b"<script>alert(1)</script>" + b"*/",
        b"%PDF-1.7\nPK\x03\x04 both at once",
    ):
        answer = visitor.post(
            "audit/map/bring-in",
            {"file": (io.BytesIO(data), name)},
            content_type="multipart/form-data",
        )
        assert answer.status_code in {200, 400, 422}, answer.status_code
        assert answer.content_type.startswith("text/html")
        page = answer.get_data(as_text=True)
        assert "<script>alert(1)" not in page and 'onload="alert' not in page
    after = {path for path in world.settings.instance_dir.rglob("*") if path.is_file()}
    assert {p.name for p in after - before} <= {"lti_tool.sqlite-wal", "lti_tool.sqlite-shm"}
