"""Sessions and attendance: one screen, two tutors, lists, and what the participant sees."""

import io
import re

import pytest
from sqlalchemy import select

from lti_tool.activities.placement_log.models import Attendance
from lti_tool.audit.models import AuditEntry
from lti_tool.people.models import Person
from tests.support.logs import CUSTOM
from tests.support.visiting import Visitor, World

DETAILS = {
    "kind": "online",
    "title": "Online session 1",
    "held_on": "2026-11-05",
    "starts_at": "16.30",
    "venue": "Teams",
}

_CHOSEN = re.compile(r'name="mark-\d+"[^>]* checked')


def text_of(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def tutor(world: World) -> Visitor:
    for sub, name in (("5", "Amara Okafor"), ("6", "Ben Whitlock"), ("7", "Cerys Hughes")):
        world.let_in(sub, "participant", **CUSTOM, name=name, email=f"{name[0]}@example.ac.uk")
    visitor = world.let_in("3", "tutor", **CUSTOM)
    visitor.get("placement/sessions/new")
    assert visitor.post("placement/sessions/new", DETAILS).status_code == 303
    return visitor


def place_of(visitor: Visitor) -> str:
    found = re.search(r'/(placement/sessions/\d+)"', text_of(visitor.get("placement/sessions")))
    assert found is not None
    return found[1]


def people(world: World) -> dict[str, int]:
    with world.database.read() as session:
        return {sub: number for sub, number in session.execute(select(Person.sub, Person.id))}


def kept(world: World) -> dict[int, str]:
    with world.database.read() as session:
        rows = session.execute(select(Attendance.person_id, Attendance.state))
        return {person: state for person, state in rows}


def test_a_session_is_set_up_and_seen_by_participants(world: World, tutor: Visitor) -> None:
    amara = world.let_in("5", "participant", **CUSTOM)
    page = text_of(amara.get("placement/my-sessions"))
    assert "Online session 1" in page and "16:30, Teams" in page
    assert "Attendance not taken yet" in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"held_on": "31/2/2026"}, "held_on"),
        ({"starts_at": "half past"}, "starts_at"),
        ({"kind": "webinar"}, "kind-0"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    world: World, tutor: Visitor, wrong: dict[str, str], field: str
) -> None:
    answer = tutor.post("placement/sessions/new", {**DETAILS, **wrong, "venue": "Room 4"})
    assert answer.status_code == 422 and f'href="#{field}"' in text_of(answer)
    assert "Room 4" in text_of(answer), "nothing typed is lost"


def test_attendance_on_one_screen(world: World, tutor: Visitor) -> None:
    place, ids = place_of(tutor), people(world)
    assert text_of(tutor.get(place)).count('name="mark-') == 9
    marks = {f"mark-{ids['5']}": "absent"}
    filled = tutor.post(place, {**marks, "act": "all-present"})
    assert filled.status_code == 200 and len(_CHOSEN.findall(text_of(filled))) == 3
    assert kept(world) == {}, "filling in keeps nothing"
    marks |= {f"mark-{ids['6']}": "present", f"mark-{ids['7']}": "made_up"}
    assert tutor.post(place, {**marks, "mark-999": "present"}).status_code == 303
    assert kept(world) == {ids["5"]: "absent", ids["6"]: "present", ids["7"]: "made_up"}
    assert "1 present, 1 absent, 1 made up" in text_of(tutor.get("placement/sessions"))
    assert "Absent" in text_of(
        world.let_in("5", "participant", **CUSTOM).get("placement/my-sessions")
    )
    with world.database.read() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "attendance taken")
        ).one()
        assert [ids["5"], "", "absent"] in (entry.became or {})["changed"]


def test_two_tutors_never_overwrite_each_other(world: World, tutor: Visitor) -> None:
    place, ids = place_of(tutor), people(world)
    other = world.let_in("4", "tutor", **CUSTOM)
    tutor.get(place), other.get(place)
    revision = other.revision
    assert tutor.post(place, {f"mark-{ids['5']}": "absent"}).status_code == 303
    answer = other.post(
        place, {f"mark-{ids['5']}": "present", f"mark-{ids['6']}": "present", "revision": revision}
    )
    text = text_of(answer)
    assert answer.status_code == 409 and "A colleague changed this" in text
    assert "Kept by a colleague" in text and text.count('class="differs"') == 2
    assert kept(world) == {ids["5"]: "absent"}
    assert other.post(place, {f"mark-{ids['5']}": "present"}).status_code == 303
    assert kept(world) == {ids["5"]: "present"}


def test_details_change_under_their_revision_and_a_session_can_go(
    world: World, tutor: Visitor
) -> None:
    place = f"{place_of(tutor)}/details"
    tutor.get(place)
    assert tutor.post(place, {**DETAILS, "title": "First session"}).status_code == 303
    late = tutor.post(place, {**DETAILS, "title": "Other", "revision": "1"})
    assert late.status_code == 409 and "Other" in text_of(late)
    tutor.get(place)
    assert tutor.post(place, {"act": "remove"}).status_code == 303
    assert "Nothing is set up yet" in text_of(tutor.get("placement/sessions"))
    assert tutor.get(place).status_code == 404


def bring(visitor: Visitor, place: str, data: bytes, **more: str):
    visitor.get(f"{place}/list")
    form = {"file": (io.BytesIO(data), "list.csv"), **more}
    return visitor.post(f"{place}/list", form, content_type="multipart/form-data")


def test_attendance_from_a_list_with_a_look_first(world: World, tutor: Visitor) -> None:
    place, ids = place_of(tutor), people(world)
    data = "Name,E-mail,Attendance\nAmara Okafor,,present\n,B@example.ac.uk,absent\nNobody,,present"
    looked = text_of(bring(tutor, place, data.encode()))
    assert "2 rows</strong> understood" in looked and "Nobody who takes part" in looked
    assert "Cerys Hughes." in looked and kept(world) == {}
    hidden = dict(re.findall(r'name="(file_data|shown)" value="([^"]*)"', looked))
    answer = tutor.post(f"{place}/list", {**hidden, "act": "keep", "rest": "absent"})
    assert answer.status_code == 303
    assert kept(world) == {ids["5"]: "present", ids["6"]: "absent", ids["7"]: "absent"}
    again = tutor.post(f"{place}/list", {**hidden, "act": "keep", "revision": "1"})
    assert again.status_code == 409 and "Something changed since you looked" in text_of(again)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"Room,Time\n1,2", b"PK broken"])
def test_a_file_that_is_no_list_gets_a_sentence(world: World, tutor: Visitor, data: bytes) -> None:
    answer = bring(tutor, place_of(tutor), data)
    assert answer.status_code == 422 and "There is a problem" in text_of(answer)


def test_another_course_and_another_role_reach_nothing(world: World, tutor: Visitor) -> None:
    place = place_of(tutor)
    other = world.let_in("9", "tutor", **{**CUSTOM, "context_id": "77"})
    assert other.get(place).status_code == 404
    assert world.let_in("5", "participant", **CUSTOM).get(place).status_code == 403
    audit = world.let_in("3", "tutor")
    assert audit.get("placement/sessions").status_code == 409
