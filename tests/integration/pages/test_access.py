"""Who may open what: every route with every role, and with somebody else's things."""

import re

import pytest

from lti_tool.web.policy import PUBLIC, policy_of
from tests.integration.pages import work
from tests.support.visiting import World

VALUES = {
    "assignment_id": "1",
    "delivery_id": "1",
    "code": "ABC234",
    "row_id": "r1",
    "reference": "x",
    "version": "0",
    "name": "face.css",
}


def _paths(world: World) -> list[tuple[str, str, str]]:
    """Every route below a visit: method, path within the visit, policy."""
    found = []
    for rule in world.app.url_map.iter_rules():
        policy = policy_of(world.app.view_functions[rule.endpoint])
        if policy == PUBLIC or policy is None:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: VALUES.get(m.group(1), ""), rule.rule)
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


@pytest.mark.parametrize("role", ["participant", "tutor", ""])
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


def test_a_form_without_our_token_changes_nothing(world: World) -> None:
    visitor = world.let_in("5", "participant")
    for method, path, _ in _paths(world):
        if method == "POST":
            for token in ("", "0" * 64, world.let_in("6", "participant").csrf_token):
                answer = visitor.post(path, {"csrf_token": token})
                assert answer.status_code == 403, path


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
