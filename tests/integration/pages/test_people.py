"""The tutor's list of people, the leader's page of markers, and roles by command."""

import re

from click.testing import CliRunner

from lti_tool.cli.people import people_group
from lti_tool.people import grants
from tests.integration.pages import work
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World


def _leader(world: World, sub: str = "4") -> Visitor:
    with world.database.write() as session:
        person = grants.keep_somebody(session, world.registration_id, sub)
        scope = grants.find_scope(session, world.registration_id, None)
        grants.give(session, person, grants.LEADER, scope, actor="operator")
    return world.let_in(sub, "tutor")


def test_the_list_says_how_far_people_have_got(world: World) -> None:
    tutor = world.let_in("3", "tutor")
    released, handed_in, begun = (world.let_in(sub, "participant") for sub in "567")
    for author in (released, handed_in, begun):
        work.bring_in(author)
    for author in (released, handed_in):
        work.hand_in(author)
    work.mark_and_release(tutor, *["60"] * 6)
    world.let_in("8", "participant")
    page = tutor.get("people/").get_data(as_text=True)
    rows = re.findall(r"<tr role=\"row\">\s*<th role=\"rowheader\".*?</tr>", page, re.DOTALL)
    states = {
        re.search(r"Person \d", row)[0]: re.findall(  # type: ignore[index]
            r"Not begun|In hand|Handed in|Mark released", row
        )
        for row in rows
    }
    assert states == {
        "Person 5": ["Mark released"],
        "Person 6": ["Handed in"],
        "Person 7": ["In hand"],
        "Person 8": ["Not begun"],
    }
    assert "1 not begun" in tutor.get("marking/").get_data(as_text=True)
    assert page.count("See the work") == 2


def test_the_list_takes_a_fixed_number_of_queries(world: World) -> None:
    tutor = world.let_in("3", "tutor")

    def count() -> int:
        statements: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        listen(world.database, note)
        try:
            assert tutor.get("people/").status_code == 200
        finally:
            stop_listening(world.database, note)
        return len(statements)

    work.bring_in(world.let_in("5", "participant"))
    first = count()
    for number in range(20, 30):
        work.bring_in(world.let_in(str(number), "participant"))
    assert count() == first


def test_participants_and_other_courses_see_nobody(world: World) -> None:
    author = world.let_in("5", "participant")
    assert author.get("people/").status_code == 403
    assert author.post("people/read-again").status_code == 403
    other = world.let_in("9", "tutor", context_id="77", resource_link_id="9")
    assert "Person 5" not in other.get("people/").get_data(as_text=True)


def test_a_leader_names_who_marks(world: World) -> None:
    author = world.let_in("5", "participant")
    work.bring_in(author)
    work.hand_in(author)
    leader, tutor, examiner = _leader(world), world.let_in("3", "tutor"), world.let_in("6", "tutor")
    assert tutor.get("markers/").status_code == 403
    desk = work.desk_of(tutor)
    page = leader.get("markers/").get_data(as_text=True)
    assert leader.post("markers/required", {"required": "1"}).status_code == 303
    for visitor in (tutor, examiner):
        for path in ("marking/", desk, "people/", "dates"):
            refused = visitor.get(path)
            assert refused.status_code == 403, path
            assert refused.headers["X-Reason-Code"] == "grant_needed"
            assert "Person 4" in refused.get_data(as_text=True), "whom to ask"
            assert "Person 5" not in refused.get_data(as_text=True)
        assert visitor.post(f"{desk}/release", {"number": "1"}).status_code == 403
    number = re.findall(r'name="membership" value="(\d+)"[^>]*>\s*<button[^>]*>[^<]*<span[^>]*>: '
                        r"Person 3", page)[0]  # fmt: skip
    assert leader.post("markers/name", {"membership": number, "act": "name"}).status_code == 303
    assert tutor.get("marking/").status_code == 200
    assert examiner.get("marking/").status_code == 403
    assert leader.get("marking/").status_code == 200
    assert (
        leader.post("markers/name", {"membership": number, "act": "take-back"}).status_code == 303
    )
    assert tutor.get("marking/").status_code == 403
    assert leader.post("markers/name", {"membership": "999"}).status_code == 404
    assert leader.post("markers/required", {"required": "0"}).status_code == 303
    assert examiner.get("marking/").status_code == 200


def test_a_leader_of_one_course_leads_no_other(world: World) -> None:
    world.let_in("3", "tutor")
    with world.database.write() as session:
        person = grants.keep_somebody(session, world.registration_id, "4")
        scope = grants.find_scope(session, world.registration_id, "2")
        assert scope[0] == grants.CONTEXT
        grants.give(session, person, grants.LEADER, scope, actor="operator")
    assert world.let_in("4", "tutor").get("markers/").status_code == 200
    other = world.let_in("4", "tutor", context_id="77", resource_link_id="9")
    assert other.get("markers/").status_code == 403


def test_roles_by_command(world: World, monkeypatch: object) -> None:
    import lti_tool.cli.people as command

    monkeypatch.setattr(command, "_open", lambda: world.database)  # type: ignore[attr-defined]
    run = CliRunner().invoke
    who = ["--registration", str(world.registration_id), "--user", "4", "--role"]
    assert "No roles" in run(people_group, ["list"]).output
    assert "Granted" in run(people_group, ["grant", *who, "programme-leader"]).output
    assert "already" in run(people_group, ["grant", *who, "programme-leader"]).output
    assert "programme-leader" in run(people_group, ["list"]).output
    assert world.let_in("4", "tutor").get("markers/").status_code == 200
    unknown = run(people_group, ["grant", *who, "tutor", "--context", "55"])
    assert "Nobody has come from a course" in str(unknown.exception)
    assert "Granted" in run(people_group, ["grant", *who, "tutor", "--context", "2"]).output
    assert "course 2" in run(people_group, ["list", "--registration", "1"]).output
    assert "Taken back" in run(people_group, ["revoke", *who, "programme-leader"]).output
    assert run(people_group, ["revoke", *who, "programme-leader"]).exit_code == 1
    assert run(people_group, ["grant", *who, "king"]).exit_code == 2
    assert world.let_in("4", "tutor").get("markers/").status_code == 403
    with world.database.read() as session:
        from sqlalchemy import text

        acts = session.scalars(text("SELECT act FROM audit_entry WHERE subject_kind = 'grant'"))
        assert sorted(acts) == ["role granted", "role granted", "role taken back"]
