"""A tutor who comes as a participant: may look and try, and leaves no trace."""

import io

from sqlalchemy import text

from lti_tool.people import grants
from tests.integration.pages import work
from tests.support.visiting import World

PREVIEW = "You are looking at this as a participant would see it"


def _everything(world: World) -> dict[str, int]:
    """How many rows each table has, but for visits."""
    with world.database.read() as session:
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'visit'")
        ).all()
        return {x: session.execute(text(f'SELECT count(*) FROM "{x}"')).scalar_one() for x in names}


def _membership(world: World, sub: str) -> tuple[str, bool]:
    with world.database.read() as session:
        row = session.execute(
            text(
                "SELECT m.roles, m.is_active FROM membership m JOIN person p "
                "ON p.id = m.person_id WHERE p.sub = :sub"
            ),
            {"sub": sub},
        ).one()
    return row.roles, bool(row.is_active)


def test_a_preview_is_labelled_and_leaves_no_trace(world: World) -> None:
    tutor = world.let_in("3", "tutor")
    before = _everything(world)
    looking = world.let_in("3", "participant")
    for path in ("", "audit/", "audit/map", "audit/figures", "audit/writing", "audit/hand-in"):
        page = looking.get(path)
        assert page.status_code == 200 and PREVIEW in page.get_data(as_text=True), path
    file = {"file": (io.BytesIO(work.MAP.read_bytes()), work.MAP.name)}
    looking.get("audit/map/bring-in")
    read = looking.post("audit/map/bring-in", file, content_type="multipart/form-data")
    assert read.status_code == 200 and "Bring in" in read.get_data(as_text=True)
    looking.get("audit/writing")
    kept = looking.post("audit/writing", {"evidence-context": "Forty pupils."})
    assert kept.status_code == 409 and kept.headers["X-Reason-Code"] == "preview"
    assert "This is a preview, so nothing is kept" in kept.get_data(as_text=True)
    fetched = looking.post("audit/writing", headers={"X-Requested-With": "fetch"})
    assert fetched.status_code == 403 and "nothing is kept" in fetched.get_data(as_text=True)
    wrong = looking.post("audit/hand-in")
    assert wrong.status_code == 422, "what is wrong with a form is shown as to anyone"
    assert _everything(world) == before
    assert _membership(world, "3") == ("tutor", True)
    assert "0 handed in" in tutor.get("marking/").get_data(as_text=True)
    assert looking.get("marking/").status_code == 403
    assert tutor.get("marking/").status_code == 200, "other tabs keep their rights"


def test_a_preview_keeps_how_pages_look_and_may_stay(world: World) -> None:
    world.let_in("3", "tutor")
    looking = world.let_in("3", "participant")
    assert looking.post("display", {"text_size": "large"}).status_code == 303
    assert looking.post("stay").status_code == 303


def test_a_look_at_a_link_that_is_not_set_up_makes_nothing(world: World) -> None:
    world.let_in("3", "tutor")
    before = _everything(world)
    looking = world.let_in("3", "participant", resource_link_id="77")
    page = looking.get("").get_data(as_text=True)
    assert "not set up yet" in page and "open it once as yourself" in page
    assert "Your tutor" not in page
    after = _everything(world)
    assert {k: after[k] - before[k] for k in after if after[k] != before[k]} == {"resource_link": 1}


def test_a_look_at_chosen_work_that_nobody_has_opened_shows_it(world: World) -> None:
    """Its link names the work by our resource id; nothing is made, its column neither."""
    custom = {"activity": "provision-map-audit", "resource_id": work.choose(world, "Chosen")}
    before = _everything(world)
    link = {"resource_link_id": "78", "custom": custom}
    looking = world.let_in("3", "participant", **link)
    assert "Begin with your provision map" in looking.get("audit/").get_data(as_text=True)
    after = _everything(world)
    assert {k: after[k] - before[k] for k in after if after[k] != before[k]} == {"resource_link": 1}
    tutor = world.let_in("3", "tutor", **link)
    assert "Chosen" in tutor.get("marking/").get_data(as_text=True)


def test_whoever_has_a_grant_looks_too_before_any_launch_as_tutor(world: World) -> None:
    with world.database.write() as session:
        person = grants.keep_somebody(session, world.registration_id, "4")
        scope = grants.find_scope(session, world.registration_id, None)
        assert grants.give(session, person, grants.LEADER, scope, actor="operator")
    world.let_in("5", "participant")
    looking = world.let_in("4", "participant")
    assert PREVIEW in looking.get("audit/").get_data(as_text=True)


def test_a_full_width_window_of_a_preview_is_one(world: World) -> None:
    import re

    world.let_in("3", "tutor")
    looking = world.let_in("3", "participant")
    code = re.search(r'name="code" value="([^"]+)"', looking.get("audit/").get_data(as_text=True))
    assert code
    opened = looking.client.post(
        "/full-width", data={"code": code[1]}, base_url="https://tool.example"
    )
    looking.handle = opened.headers["Location"].split("/")[2]
    looking.secret = opened.headers["Set-Cookie"].split(";")[0].removeprefix("visit=")
    assert PREVIEW in looking.get("audit/").get_data(as_text=True)


def test_whoever_teaches_no_longer_takes_part_for_real(world: World) -> None:
    """Only people can know; a colleague says so, and the other tabs close."""
    colleague, former = world.let_in("4", "tutor"), world.let_in("3", "tutor")
    page = colleague.get("people/").get_data(as_text=True)
    assert "Takes part now, and teaches no longer" in page
    with world.database.read() as session:
        number = session.execute(
            text(
                "SELECT m.id FROM membership m JOIN person p ON p.id = m.person_id "
                "WHERE p.sub = '3'"
            )
        ).scalar_one()
    assert colleague.post("people/takes-part-now", {"membership": "999"}).status_code == 404
    done = colleague.post("people/takes-part-now", {"membership": str(number)})
    assert done.status_code == 303
    assert former.get("marking/").status_code == 401
    taking_part = world.let_in("3", "participant")
    assert PREVIEW not in taking_part.get("audit/").get_data(as_text=True)
    work.bring_in(taking_part)
    again = world.let_in("3", "tutor")
    assert again.get("marking/").status_code == 200, "the platform's word makes them tutor again"


def test_a_launch_without_either_role_takes_a_tutors_rights_for_real(world: World) -> None:
    tutor = world.let_in("3", "tutor")
    world.let_in("3", "")
    assert tutor.get("marking/").status_code == 401


def test_who_switched_before_they_ever_taught_here_is_marked_in_the_queue(world: World) -> None:
    """Their first message is a participant's; what they handed in by it is shown for what it is."""
    tutor = world.let_in("3", "tutor")
    for sub in ("4", "5"):
        author = world.let_in(sub, "participant")
        work.bring_in(author)
        work.hand_in(author)
    assert "Teaches here" not in tutor.get("marking/").get_data(as_text=True)
    world.let_in("4", "tutor")
    rows = tutor.get("marking/").get_data(as_text=True).split("<tr ")
    marked = ["Person 4" in row for row in rows if "Teaches here" in row]
    assert marked == [True], "and nobody else is"
