"""The whole way of a visit on both databases, and tutors deciding on many at once."""

from datetime import date, timedelta
from pathlib import Path

import time_machine
from sqlalchemy import select

from lti_tool.activities.placement_log.models import VisitStep
from lti_tool.audit.models import AuditEntry
from lti_tool.db import Database
from lti_tool.mail.models import Message
from tests.integration.placement_log.visits.conftest import FETCH, Course, make_course, text
from tests.support.statements import heard
from tests.support.visiting import Visitor

LIST = "placement/tutor/visits/"


def _kinds(course: Course) -> list[str]:
    with course.world.database.read() as session:
        return list(
            session.scalars(
                select(Message.kind).where(Message.kind.startswith("visit_")).order_by(Message.id)
            )
        )


def test_the_whole_way_of_a_visit(
    tmp_path: Path, database: Database, clock: time_machine.Traveller
) -> None:
    course = make_course(tmp_path, database)
    visit = course.plan()
    short = course.press(visit, "approve")
    assert short.status_code == 409 and "No DBS check" in text(short)
    course.give_dbs("5")
    assert course.press(visit, "approve").status_code == 303
    assert course.visit().state == "approved"
    visitor = course.let_in("5")
    visitor.get("placement/visits/1/write")
    saved = visitor.post("placement/visits/1/write", {"shared": "Seen."}, headers=FETCH)
    assert saved.json["revision"] == 2
    clock.shift(timedelta(hours=30))
    course.participants.clear()
    visitor = course.let_in("5")
    course.tutor = course.world.let_in(
        "3", "tutor", custom={"activity": "placement-log"}, resource_link_id="9"
    )
    visitor.get("placement/visits/1")
    assert visitor.post("placement/visits/1/done").status_code == 303
    course.bring_to(course.visit(), "confirmed")
    page = course.tutor
    page.get(f"placement/tutor/visits/{visit.id}")
    back = page.post(f"placement/tutor/visits/{visit.id}/return", {"comment": "Say what you saw."})
    assert back.status_code == 303
    told = text(visitor.get("placement/visits/1"))
    assert "Your tutor writes" in told and "Say what you saw." in told
    assert visitor.post("placement/visits/1/put-right").status_code == 303
    assert course.visit().state == "confirmed", "where it was returned from"
    assert course.press(course.visit(), "accept").status_code == 303
    assert course.press(course.visit(), "take-back").status_code == 303
    assert course.press(course.visit(), "accept").status_code == 303
    assert _kinds(course) == [
        "visit_approved",
        "visit_returned",
        "visit_accepted",
        "visit_accepted",
    ]
    shown = text(page.get(f"placement/tutor/visits/{visit.id}"))
    for words in ("For Tuesday 2 March 2027, a whole day.", "Acceptance taken back", "by Person 5"):
        assert words in shown, words
    with database.read() as session:
        steps = session.execute(select(VisitStep.was, VisitStep.became).order_by(VisitStep.id))
        moves = [tuple(one) for one in steps]
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act == "visit moved")).all()
    assert moves[0] == ("planned", "approved") and moves[-1] == ("confirmed", "accepted")
    assert len(moves) == len(acts) == 8


def test_complete_visits_are_approved_together_and_each_refusal_is_said(course: Course) -> None:
    for sub in ("5", "6", "7"):
        course.plan(sub)
    course.plan("8", host_name="", host_email="")
    course.give_dbs("5")
    course.give_dbs("6")
    course.give_dbs("8")
    course.give_dbs("7", issued_on=date(2020, 1, 5))
    page = text(course.tutor.get(LIST))
    ready, rest = page.split("Confirmed by the host, waiting")
    assert "Person 5" in ready and "Person 6" in ready and "Person 7" not in ready
    assert "longer ago" in rest and "a contact at the school" in rest
    visits = {sub: course.visit(sub) for sub in ("5", "6", "7")}
    visitor = course.let_in("6")
    visitor.get("placement/visits/1/write")
    visitor.post("placement/visits/1/write", {"private": "Changed meanwhile."}, headers=FETCH)
    answer = course.tutor.post(
        LIST,
        {
            "visit": [*(f"{one.id}:{one.revision}" for one in visits.values()), "999:1", "x"],
            "act": "approve",
        },
    )
    page = text(answer)
    assert answer.status_code == 200 and "1 visit is done as you asked" in page
    assert "Person 6, visit 1: It was changed since this page was opened" in page
    assert "Person 7, visit 1: The DBS check was last known" in page
    assert [course.visit(sub).state for sub in ("5", "6", "7")] == [
        "approved",
        "planned",
        "planned",
    ]
    assert course.tutor.post(LIST, {"act": "approve"}).status_code == 422
    again = course.tutor.post(LIST, {"visit": [f"{visits['5'].id}:1"], "act": "approve"})
    assert again.status_code == 409 and "This visit is approved now" in text(again)


def test_confirmed_visits_are_accepted_together(course: Course) -> None:
    ids = []
    for sub in ("5", "6"):
        course.plan(sub, visit_on="2027-02-26")
        visit = course.bring_to(course.visit(sub), "approved", "done", "confirmed")
        ids.append(f"{visit.id}:{visit.revision}")
    course.tutor.get(LIST)
    assert course.tutor.post(LIST, {"visit": ids, "act": "accept"}).status_code == 303
    assert {course.visit(sub).state for sub in ("5", "6")} == {"accepted"}


def test_a_comment_that_names_a_child_is_not_sent(course: Course) -> None:
    visit = course.plan()
    course.tutor.get(f"placement/tutor/visits/{visit.id}")
    path = f"placement/tutor/visits/{visit.id}/return"
    answer = course.tutor.post(path, {"comment": "Say less of Jack Carter in Year 4."})
    page = text(answer)
    assert answer.status_code == 422 and "leave-out|" in page and course.visit().state == "planned"
    empty = course.tutor.post(path, {"comment": " "})
    assert empty.status_code == 422 and "what is to be put right" in text(empty)


def test_a_stale_page_approves_nothing(course: Course) -> None:
    visit = course.plan()
    course.give_dbs("5")
    stale = course.press(visit, "approve", revision="0")
    assert stale.status_code == 409 and "since you opened the page" in text(stale)
    assert course.visit().state == "planned"
    elsewhere = course.world.let_in("4", "tutor", context_id="other", resource_link_id="77")
    assert elsewhere.get(f"placement/tutor/visits/{visit.id}").status_code in (404, 409)


def _count(course: Course, visitor: Visitor, path: str) -> int:
    with heard(course.world.database) as seen:
        assert visitor.get(path).status_code == 200
    return len(seen)


def test_the_tutors_list_asks_the_same_few_questions_for_any_number(course: Course) -> None:
    course.plan("5")
    course.give_dbs("5")
    few = _count(course, course.tutor, LIST)
    own = _count(course, course.let_in("5"), "placement/visits/")
    for sub in ("6", "7", "8"):
        course.plan(sub)
        course.plan(sub, visit_on="2027-03-03")
        course.give_dbs(sub)
    course.plan("5", visit_on="2027-03-04")
    assert _count(course, course.tutor, LIST) == few <= 20
    assert _count(course, course.let_in("5"), "placement/visits/") == own <= 15
