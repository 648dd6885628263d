"""A copied course has the set-up and nothing else; a course reset closes what was before."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.gradebook.models import Delivery, LineItem
from lti_tool.gradebook.operations import retry
from lti_tool.gradebook.states import CANCELLED, COURSE_RESET, DELIVERED
from lti_tool.lti.models import Context, Deployment, ResourceLink
from lti_tool.lti.registrations import RegistrationValues, add_registration
from tests.integration.pages import work
from tests.support.visiting import ISSUER, Visitor, World, make_world

_YEAR_2: dict[str, Any] = {
    "context_id": "3",
    "context_title": "Module 1, next year",
    "context_history": "2",
    "resource_link_id": "31",
}


def _assignments(world: World) -> list[Any]:
    with world.database.read() as session:
        query = (
            select(*Assignment.__table__.c, Context.context_id.label("said"))
            .join(Context, Context.id == Assignment.context_id)
            .order_by(Assignment.id)
        )
        return list(session.execute(query))


def _of_link(world: World, link: str, context: str) -> Any:
    with world.database.read() as session:
        return session.execute(
            select(*Assignment.__table__.c)
            .join(ResourceLink, ResourceLink.assignment_id == Assignment.id)
            .join(Context, Context.id == ResourceLink.context_id)
            .where(ResourceLink.resource_link_id == link, Context.context_id == context)
        ).one()


def _custom(resource_id: str) -> dict[str, str]:
    return {"activity": "provision-map-audit", "resource_id": resource_id}


def _first_year(world: World) -> Any:
    """An assignment of the first year with a maximum of 60, a due date, and work in it."""
    author = world.let_in("5", "participant")
    work.bring_in(author)
    with world.database.write() as session:
        session.execute(update(Assignment).values(maximum=Decimal(60), title="Our audit"))
    return _of_link(world, "1", "2")


def test_participants_of_a_copied_course_begin_at_once_with_the_set_up_and_no_work(
    world: World,
) -> None:
    source = _first_year(world)
    copy_link = {**_YEAR_2, "custom": _custom(source.resource_id)}
    page = world.let_in("5", "participant", **copy_link).get("").get_data(as_text=True)
    assert "Begin with your provision map" in page, "not even their own work of the year before"
    copy = _of_link(world, "31", "3")
    assert (copy.title, copy.maximum, copy.rubric_version) == (
        source.title,
        source.maximum,
        source.rubric_version,
    )
    assert (copy.due_at, copy.board_on, copy.copied_from_id) == (None, None, source.id)
    assert copy.resource_id != source.resource_id
    with world.database.read() as session:
        line_item = session.execute(
            select(*LineItem.__table__.c).where(LineItem.assignment_id == copy.id)
        ).one()
        assert line_item.resource_id == source.resource_id, "a copy keeps its column's id"
        of_copy = select(Submission.id).where(Submission.assignment_id == copy.id)
        assert session.execute(of_copy).all() == []
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == copy.id))
        assert "set-up copied with the course" in list(acts)


def test_a_tutor_keeps_the_set_up_once(world: World) -> None:
    source = _first_year(world)
    copy_link = {**_YEAR_2, "custom": _custom(source.resource_id)}
    tutor = world.let_in("3", "tutor", **copy_link)
    page = tutor.get("copied").get_data(as_text=True)
    assert "Module 1" in page and "Our audit" in page and "Use the same set-up" in page
    assert tutor.post("copied", {"act": "keep"}).headers["Location"].endswith("done=copy-kept")
    assert tutor.post("copied", {"act": "keep"}).status_code == 409
    assert tutor.get("").headers["Location"].endswith("/marking/")
    assert _of_link(world, "31", "3").maximum == 60


def test_a_tutor_starts_afresh_while_nobody_has_begun(world: World) -> None:
    source = _first_year(world)
    copy_link = {**_YEAR_2, "custom": _custom(source.resource_id)}
    tutor = world.let_in("3", "tutor", **copy_link)
    tutor.get("copied")
    assert tutor.post("copied", {"act": "afresh"}).status_code == 303
    copy = _of_link(world, "31", "3")
    assert (copy.title, copy.maximum) == ("Provision-map audit", 100)


def test_what_somebody_has_begun_with_is_not_taken_away(world: World) -> None:
    source = _first_year(world)
    copy_link = {**_YEAR_2, "custom": _custom(source.resource_id)}
    work.bring_in(world.let_in("8", "participant", **copy_link))
    tutor = world.let_in("3", "tutor", **copy_link)
    tutor.get("copied")
    answer = tutor.post("copied", {"act": "afresh"})
    assert answer.status_code == 409 and "has begun" in answer.get_data(as_text=True)
    assert _of_link(world, "31", "3").maximum == 60


def test_two_links_of_a_copied_course_share_the_copy(world: World) -> None:
    source = _first_year(world)
    custom = _custom(source.resource_id)
    for link in ("31", "32"):
        world.let_in("5", "participant", **{**_YEAR_2, "resource_link_id": link, "custom": custom})
    assert _of_link(world, "31", "3").id == _of_link(world, "32", "3").id


def test_a_copy_of_a_copy_takes_the_nearest(world: World) -> None:
    source = _first_year(world)
    custom = _custom(source.resource_id)
    world.let_in("5", "participant", **{**_YEAR_2, "custom": custom})
    second = _of_link(world, "31", "3")
    third_year = {**_YEAR_2, "context_id": "4", "resource_link_id": "41", "custom": custom}
    for history in ("3,2", "3"):
        third_year |= {"context_history": history, "context_id": f"4{history}"}
        world.let_in("5", "participant", **third_year)
        found = _of_link(world, "41", f"4{history}")
        assert found.copied_from_id == second.id


def test_a_forged_parameter_gives_nothing(world: World) -> None:
    source = _first_year(world)
    for number, history in enumerate(("", "1", "22", "3", ",,, ,%ZZ")):
        place = {
            "context_id": f"5{number}",
            "context_history": history,
            "resource_link_id": "51",
            "custom": _custom(source.resource_id),
        }
        world.let_in("5", "participant", **place)
        found = _of_link(world, "51", f"5{number}")
        assert (found.copied_from_id, found.maximum) == (None, 100), history
        assert found.id != source.id


def test_nothing_is_copied_across_deployments(world: World) -> None:
    source = _first_year(world)
    values = RegistrationValues(
        name="Moodle",
        issuer=ISSUER,
        client_id="client",
        deployment_ids=("2",),
        auth_login_url=f"{ISSUER}/mod/lti/auth.php",
        auth_token_url=f"{ISSUER}/mod/lti/token.php",
        jwks_url=f"{ISSUER}/mod/lti/certs.php",
    )
    with world.database.write() as session:
        add_registration(session, world.settings, values)
        other = session.scalar(select(Deployment.id).where(Deployment.deployment_id == "2"))
    world.message = replace(world.message, deployment_id=other)
    world.let_in("5", "participant", **{**_YEAR_2, "custom": _custom(source.resource_id)})
    assert _of_link(world, "31", "3").copied_from_id is None


def _reset(world: World) -> tuple[Visitor, Any]:
    """A cohort with one mark delivered and one on its way; its course is reset."""
    for sub in ("5", "6"):
        author = world.let_in(sub, "participant")
        work.bring_in(author)
        work.hand_in(author)
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, *["60"] * 6)
    with world.database.write() as session:
        session.execute(update(Delivery).values(state=DELIVERED))
    queue = tutor.get("marking/").get_data(as_text=True)
    desks = [part.split('"')[0] for part in queue.split(f'"/v/{tutor.handle}/')[1:]]
    desks = [one for one in desks if re.fullmatch(r"marking/\d+/[A-Z0-9]{6}", one)]
    tutor.get(desks[1])
    marks = {**work.marks(*["70"] * 6), "number": "0", "feedback": "Good."}
    assert tutor.post(desks[1], marks).status_code == 303
    assert tutor.post(f"{desks[1]}/release", {"number": "1"}).status_code == 303
    old = _of_link(world, "1", "2")
    page = tutor.get("reset").get_data(as_text=True)
    assert "2 people have begun work in it" in page
    assert tutor.post("reset", {"assignment": old.resource_id}).status_code == 422
    sure = {"assignment": old.resource_id, "is_sure": "y"}
    assert tutor.post("reset", sure).status_code == 303
    assert tutor.post("reset", sure).status_code == 409, "a second click closes nothing more"
    return tutor, old


def test_a_reset_closes_the_old_and_begins_anew(world: World) -> None:
    tutor, old = _reset(world)
    fresh = _of_link(world, "1", "2")
    assert fresh.id != old.id and fresh.copied_from_id == old.id
    assert (fresh.due_at, fresh.maximum, fresh.closed_at) == (None, old.maximum, None)
    page = world.let_in("5", "participant").get("").get_data(as_text=True)
    assert "Begin with your provision map" in page
    with world.database.read() as session:
        rows = session.execute(select(Delivery.state, Delivery.reason).order_by(Delivery.id)).all()
        acts = list(session.scalars(select(AuditEntry.act)))
        columns = {
            row.assignment_id: row.url
            for row in session.execute(select(LineItem.assignment_id, LineItem.url))
        }
    assert rows == [(DELIVERED, COURSE_RESET), (CANCELLED, COURSE_RESET)]
    assert {"cohort closed", "work set anew"} <= set(acts)
    assert columns[old.id] is None and columns[fresh.id] is not None
    assert tutor.get("").headers["Location"].endswith("/marking/"), "nobody is asked again"


def test_what_is_closed_can_be_read_and_no_more(world: World) -> None:
    tutor, _ = _reset(world)
    queue = tutor.get("marking/").get_data(as_text=True)
    assert "Closed on" in queue and "when the course was reset" in queue
    assert "Send again" not in queue
    assert queue.count("Person 5") == 1 and queue.count("Person 6") == 1
    desk = work.desk_of(tutor)
    page = tutor.get(desk).get_data(as_text=True)
    assert "no longer changed or sent" in page
    for path in (desk, f"{desk}/release"):
        answer = tutor.post(path, {**work.marks(*["80"] * 6), "number": "1"})
        assert answer.status_code == 409
        assert "closed when the course was reset" in answer.get_data(as_text=True)


def test_a_closed_mark_is_never_sent_again(world: World) -> None:
    tutor, _ = _reset(world)
    with world.database.read() as session:
        ids = list(session.scalars(select(Delivery.id)))
    for number in ids:
        answer = tutor.post(f"gradebook/{number}/send-again")
        assert answer.status_code == 409
        assert "is not sent again" in answer.get_data(as_text=True)
    with world.database.write() as session:
        assert retry(session, None) == 0


def test_a_second_link_finds_the_fresh_assignment_after_a_reset(world: World) -> None:
    _, old = _reset(world)
    world.let_in("5", "participant", resource_link_id="2", custom=_custom(old.resource_id))
    assert _of_link(world, "2", "2").id == _of_link(world, "1", "2").id


def test_a_fresh_world_has_no_copies(tmp_path: Any) -> None:
    world = make_world(tmp_path)
    world.let_in("5", "participant", context_history="1,2,3")
    assert [one.copied_from_id for one in _assignments(world)] == [None]
