"""Writing a visit up: saved as typed, names held, what a host confirmed changed only knowingly."""

import time_machine
from sqlalchemy import select

from lti_tool.activities.placement_log.confirming.paper import OnPaper, record_paper
from lti_tool.activities.placement_log.confirming.visit_rows import find_visit
from lti_tool.activities.placement_log.models import Confirmation
from tests.integration.placement_log.visits.conftest import FETCH, NOW, Course, text

WRITE = "placement/visits/1/write"
WRITTEN = {
    "shared": "A calm room.",
    "private": "The head was short with me.",
    "outcome_set": "npq-senco",
    "outcome": ["npq-senco|S1", "outcomes-2014|A1"],
    "model": "rolfe",
    "part-what": "A meeting.",
    "part-feelings": "Glad.",
    "change": "A shorter meeting.",
    "action-1": "Ask the head",
    "by-1": "2027-04-01",
    "action-3": "Try it",
}
NAMED = "Jack Carter in Year 4 finds reading hard."


def _save(course: Course, **changes: object):
    visitor = course.let_in("5")
    visitor.get(WRITE)
    return visitor.post(WRITE, {**WRITTEN, **changes}, headers=FETCH)


def test_all_of_it_is_kept_in_its_place(course: Course) -> None:
    course.plan()
    answer = _save(course)
    assert (answer.json["revision"], answer.json["held"]) == (2, {})
    document = course.visit().document
    assert document["outcomes"] == ["S1"], "of the set that was chosen, and no other"
    assert document["reflection"] == {
        "model": "rolfe",
        "parts": {"what": "A meeting.", "feelings": "Glad."},
    }
    assert [one["what"] for one in document["actions"]] == ["Ask the head", "", "Try it"]
    page = text(course.let_in("5").get(WRITE))
    host, rest = page.split("Neither the host school nor your mentor sees this")
    assert "A calm room." in host and "The head was short" not in host
    assert "The head was short" in rest and "A meeting." in rest


def test_a_name_is_held_while_the_rest_is_saved(course: Course) -> None:
    course.plan()
    answer = _save(course, private=NAMED, shared="A loud room.")
    assert "Jack Carter" in answer.json["held_sentence"] and "private" in answer.json["held"]
    assert course.visit().document["shared"] == "A loud room."
    assert course.visit().document["private"] == ""
    visitor = course.let_in("5")
    page = text(visitor.post(WRITE, {**WRITTEN, "private": NAMED}))
    assert "Not saved." in page and NAMED in page
    button = page.split('name="act" value="not-a-child|')[1].split('"')[0]
    done = visitor.post(WRITE, {**WRITTEN, "private": NAMED, "act": f"not-a-child|{button}"})
    assert done.status_code == 303 and course.visit().document["private"] == NAMED
    assert _save(course, private=NAMED).json["held"] == {}, "it is remembered"


def test_bad_input_loses_no_word(course: Course) -> None:
    course.plan()
    for changes, said in (
        ({"shared": "x" * 5001}, "longer than 5,000"),
        ({"by-1": "soon"}, "give a day"),
        ({"change": "a\x01b"}, "hidden characters"),
    ):
        refused = _save(course, **changes)
        assert refused.status_code == 422 and said in refused.json["sentence"]
        page = course.let_in("5").post(WRITE, {**WRITTEN, **changes})
        assert page.status_code == 422 and "A meeting." in text(page)
    assert course.visit().revision == 1
    odd = _save(course, model="none", outcome_set="none", outcome=["x"])
    assert odd.status_code == 200 and course.visit().document["outcomes"] == []


def test_a_second_device_is_told_and_both_texts_are_shown(course: Course) -> None:
    course.plan()
    _save(course)
    visitor = course.let_in("5")
    stale = {**WRITTEN, "shared": "Typed on the phone.", "revision": "1"}
    assert visitor.post(WRITE, stale, headers=FETCH).status_code == 409
    answer = visitor.post(WRITE, stale)
    page = text(answer)
    assert answer.status_code == 409
    assert "Typed on the phone." in page and "Saved since, in place of what you typed" in page
    assert course.visit().document["shared"] == "A calm room."


def test_what_the_host_confirmed_is_changed_only_knowingly(
    course: Course, clock: time_machine.Traveller
) -> None:
    course.plan(visit_on="2027-02-26")
    _save(course)
    visit = course.bring_to(course.visit(), "approved", "done")
    with course.world.database.write() as session:
        row = find_visit(session, visit.id)
        assert row is not None
        paper = OnPaper("Ann Lee", "SENCo", NOW.date(), "Office", "No e-mail at the school.")
        record_paper(session, course.world.settings, row, paper, actor_id=course.person("3"))
    assert course.visit().state == "confirmed"
    visitor = course.let_in("5")
    assert "The host school has confirmed this part" in text(visitor.get(WRITE))
    held = _save(course, shared="A loud room.", private="Warm.")
    assert held.json["revision"] == 3 and "confirmed" in held.json["held"]["sealed"]
    now = course.visit()
    assert (now.state, now.document["shared"]) == ("confirmed", "A calm room.")
    assert now.document["private"] == "Warm.", "what the host never sees is saved"
    kept = visitor.post(WRITE, {**WRITTEN, "shared": "A loud room.", "revision": "3"})
    assert kept.status_code == 200 and "A loud room." in text(kept), "still on the page"
    agreed = visitor.post(WRITE, {**WRITTEN, "shared": "A loud room.", "act": "agreed"})
    assert agreed.status_code == 303
    now = course.visit()
    assert (now.state, now.document["shared"]) == ("done", "A loud room.")
    with course.world.database.read() as session:
        broken = session.scalars(select(Confirmation.broken_at)).all()
    assert len(broken) == 1 and broken[0] is not None
    assert "Changed, so it has to be confirmed again" in text(visitor.get("placement/visits/1"))


def test_an_accepted_visit_is_closed_and_shown(course: Course) -> None:
    course.plan(visit_on="2027-02-26")
    _save(course)
    course.bring_to(course.visit(), "approved", "done", "confirmed", "accepted")
    refused = _save(course, private="Later.")
    assert refused.status_code == 409 and "accepted" in refused.json["sentence"]
    visitor = course.let_in("5")
    assert "<fieldset disabled>" in text(visitor.get(WRITE))
    plan = visitor.post("placement/visits/1/plan", {"school_name": "Other", "half_days": "2"})
    assert plan.status_code == 409 and "Other" in text(plan)
    assert course.visit().document["private"] == WRITTEN["private"]


def test_a_handed_in_log_is_closed(course: Course) -> None:
    course.plan(visit_on="2027-02-26")
    _save(course)
    visitor = course.let_in("5")
    page = text(visitor.get("placement/hand-in"))
    names = [part.split('"')[0] for part in page.split('name="declaration"')[1:]]
    values = [
        part.split('value="')[1].split('"')[0] for part in page.split('name="declaration"')[1:]
    ]
    assert names and visitor.post("placement/hand-in", {"declaration": values}).status_code == 303
    assert _save(course, private="Later.").status_code == 409
    assert visitor.post("placement/visits/1/remove").status_code == 409
