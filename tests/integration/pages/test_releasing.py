"""Releasing one, some or all, taking back, holds, further attempts and decisions of others."""

import io
import json
import re
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, HandedInCopy
from lti_tool.coursework.queries import get_assignment
from lti_tool.coursework.rules import rules_version_in_force
from lti_tool.gradebook.models import Delivery
from lti_tool.mail.models import Message
from lti_tool.marking.models import Outcome, Release
from lti_tool.marking.promising import promise_released
from lti_tool.marking.scheduling import release_due
from lti_tool.people import grants
from lti_tool.people.models import Person
from tests.integration.pages import work
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _author(world: World, sub: str, name: str) -> Visitor:
    visitor = world.let_in(sub, "participant", name=name)
    work.bring_in(visitor)
    work.hand_in(visitor)
    return visitor


@pytest.fixture
def author(world: World) -> Visitor:
    return _author(world, "5", "Amara Okafor")


@pytest.fixture
def tutor(world: World, author: Visitor) -> Visitor:
    return world.let_in("3", "tutor")


def _desks(tutor: Visitor) -> list[str]:
    found = re.findall(r"/v/\w+/(marking/\d+/[A-Z0-9]+)", _text(tutor.get("marking/")))
    return list(dict.fromkeys(found))


def _mark(tutor: Visitor, desk: str, mark: str, number: str = "0") -> None:
    tutor.get(desk)
    given = {**work.marks(*[mark] * 6), "number": number, "feedback": "Thoughtful."}
    assert tutor.post(desk, given).status_code == 303


def _ticks(tutor: Visitor) -> list[str]:
    return re.findall(r'name="piece" id="[^"]+" value="([^"]+)"', _text(tutor.get("releases/")))


def _release(tutor: Visitor, *pieces: str) -> str:
    tutor.get("releases/")
    number = work.desk_of(tutor).split("/")[1]
    return _text(tutor.post(f"releases/{number}", {"piece": list(pieces)}))


def _case(tutor: Visitor) -> str:
    return work.desk_of(tutor).replace("marking/", "decisions/")


def _all(world: World, column) -> list:
    with world.database.read() as session:
        return list(session.scalars(select(column).order_by(column)))


def test_some_are_released_and_what_is_held_back_says_why(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    others = [_author(world, "6", "Ben Ashworth"), _author(world, "7", "Cara Quinn")]
    for desk, mark in zip(_desks(tutor)[:2], ("61", "72"), strict=True):
        _mark(tutor, desk, mark)
    page = _text(tutor.get("releases/"))
    assert "Ready to go out (2)" in page and "61 out of 100, Merit" in page
    assert "Every criterion needs a mark" in page
    first, second = _ticks(tutor)
    said = _release(tutor, first)
    assert "1 released." in said and "Ready to go out (1)" in said
    assert "Your mark: 61" in _text(author.get("audit/"))
    assert "Your mark" not in _text(others[0].get("audit/"))
    assert "released already" in _release(tutor, first)
    assert "1 released, 1 not" in _release(tutor, first, second), "one failure hides no other"
    assert "Your mark: 72" in _text(others[0].get("audit/"))
    assert len(_all(world, Delivery.id)) == 2


def test_a_tick_that_means_nothing_changes_nothing(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    _mark(tutor, work.desk_of(tutor), "61")
    assert "Tick at least one" in _release(tutor)
    assert "Tick at least one" in _release(tutor, "<script>", "ABC")
    assert "no work under this code" in _release(tutor, "ZZZZZZ-1")
    stale = _ticks(tutor)[0]
    _mark(tutor, work.desk_of(tutor), "64", "1")
    assert "changed since you opened" in _release(tutor, stale)
    assert _all(world, Release.id) == [] and _all(world, Delivery.id) == []
    assert tutor.get("releases/999").status_code == 404
    assert author.get("releases/").status_code == 403
    stranger = world.let_in("9", "tutor", context_id="77", resource_link_id="88")
    assert stranger.get(_case(tutor) + "/").status_code == 404


def test_unmoderated_work_is_not_released(world: World, author: Visitor, tutor: Visitor) -> None:
    with world.database.write() as session:
        version = rules_version_in_force(session, world.settings.config_dir, "late-capped")
        session.execute(update(Assignment).values(rules_key="late-capped", rules_version=version))
    desk = work.desk_of(tutor)
    _mark(tutor, desk, "61")
    assert "must be moderated before release" in _text(tutor.get("releases/"))
    answer = tutor.post(f"{desk}/release", {"number": "1"})
    assert answer.status_code == 409 and "must be moderated" in _text(answer)
    code = desk.split("/")[2]
    assert "must be moderated" in _release(tutor, f"{code}-1")
    assert _all(world, Outcome.id) == []


_OF_THE_REQUEST = re.compile(
    r'name="code" value="[^"]+"|value="[0-9a-f]{20,}"|Reference <span[^>]*>[^<]*'
)


def _plain_page(visitor: Visitor, path: str) -> str:
    """A page without what differs with every request."""
    return _OF_THE_REQUEST.sub("", _text(visitor.get(path)))


def test_nothing_of_a_mark_can_be_told_from_outside_before_release(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    """Pages, messages and promises are the very same before and after a judgement was saved."""
    tutor.get("dates")
    past = f"{clock.in_london(clock.now() - timedelta(minutes=5)):%Y-%m-%dT%H:%M}"
    tutor.post("dates", {"due_at": past, "rules_key": "standard", "version": "1"})
    paths = ("audit/", "audit/receipt", "audit/map", "audit/figures", "audit/writing")
    before = [_plain_page(author, path) for path in paths]
    sent = _all(world, Message.id)
    _mark(tutor, work.desk_of(tutor), "31")
    for path, page in zip(paths, before, strict=True):
        assert _plain_page(author, path).splitlines() == page.splitlines()
    assert _all(world, Message.id) == sent and _all(world, Delivery.id) == []
    for path in ("marking/", "releases/", _case(tutor) + "/", "dates"):
        assert author.get(path).status_code == 403


def _shift(world: World, days: int) -> None:
    """Make the work due so many working days before it came."""
    with world.database.write() as session:
        session.execute(
            update(HandedInCopy).values(due_at=clock.now() - timedelta(days=days, minutes=1))
        )


def test_a_worked_example_stands_under_the_mark_on_both_sides(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    _shift(world, 0)
    _mark(tutor, work.desk_of(tutor), "62")
    worked = "62 − 1 working day late × 5 = 57."
    assert worked in _text(tutor.get("releases/"))
    _release(tutor, *_ticks(tutor))
    page = _text(author.get("audit/"))
    assert "Your mark: 57" in page and worked in page and "5 marks taken off" in page
    assert worked in _text(tutor.get(_case(tutor) + "/"))
    with world.database.read() as session:
        out = session.execute(select(*Outcome.__table__.c)).one()
        comment = session.scalar(select(Delivery.comment))
    assert (str(out.raw), str(out.penalty), str(out.final)) == ("62", "5", "57")
    assert worked in comment


def test_taking_a_release_back_hides_it_and_sends_nothing(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    _mark(tutor, work.desk_of(tutor), "61")
    _release(tutor, *_ticks(tutor))
    case = _case(tutor)
    tutor.get(case + "/")
    empty = tutor.post(f"{case}/take-back", {"take_back-reason": " "})
    assert empty.status_code == 422
    answer = tutor.post(f"{case}/take-back", {"take_back-reason": "Wrong file."})
    assert answer.headers["Location"].endswith("done=release-taken-back-unsent")
    assert "Your mark" not in _text(author.get("audit/"))
    assert _all(world, Delivery.state) == ["cancelled"]
    again = tutor.post(f"{case}/take-back", {"take_back-reason": "Wrong file."})
    assert again.status_code == 409 and "not released" in _text(again)
    assert "1 released." in _release(tutor, *_ticks(tutor)), "it can go out again"
    assert _all(world, Delivery.state) == ["waiting"]
    with world.database.write() as session:
        session.execute(update(Delivery).values(state="delivered", delivered_at=clock.now()))
    answer = tutor.post(f"{case}/take-back", {"take_back-reason": "Wrong file."})
    assert "still stands in your course’s gradebook" in _text(
        tutor.get(f"{case}/?done=release-taken-back-stands")
    ) and answer.headers["Location"].endswith("stands")


def test_a_release_taken_back_while_it_is_being_sent_says_so(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    _mark(tutor, work.desk_of(tutor), "61")
    _release(tutor, *_ticks(tutor))
    with world.database.write() as session:
        until = clock.now() + timedelta(minutes=1)
        session.execute(update(Delivery).values(lease="held", leased_until=until))
    case = _case(tutor)
    tutor.get(case + "/")
    answer = tutor.post(f"{case}/take-back", {"take_back-reason": "Wrong file."})
    assert answer.headers["Location"].endswith("release-taken-back-going")
    assert "1 released." in _release(tutor, *_ticks(tutor)), "nor is a new release lost"
    with world.database.read() as session:
        row = session.execute(select(Delivery.state, Delivery.revision)).one()
    assert tuple(row) == ("waiting", 3)


def test_a_held_result_waits_alone_and_reads_neutrally(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    other = _author(world, "6", "Ben Ashworth")
    for desk in _desks(tutor):
        _mark(tutor, desk, "61")
    case = _case(tutor)
    tutor.get(case + "/")
    held = {"hold-kind": "integrity", "hold-reason": "Similar to another piece."}
    assert tutor.post(f"{case}/hold", held).status_code == 303
    assert tutor.post(f"{case}/hold", held).status_code == 409
    page = _text(tutor.get("releases/"))
    assert "Ready to go out (1)" in page and "held back. Lift the hold" in page
    code = case.split("/")[2]
    assert "1 released, 1 not" in _release(tutor, *_ticks(tutor), f"{code}-1")
    assert "Your mark: 61" in _text(other.get("audit/"))
    shown = _text(author.get("audit/"))
    assert "is not complete yet" in shown and "61 out of" not in shown
    assert "integrity" not in shown.lower() and "Similar" not in shown
    assert tutor.post(f"{case}/lift").status_code == 303
    assert tutor.post(f"{case}/lift").status_code == 409
    assert "1 released." in _release(tutor, *_ticks(tutor))
    acts = _all(world, AuditEntry.act)
    assert acts.count("hold placed") == acts.count("hold lifted") == 1


def test_held_work_is_not_taken_back_by_its_author(author: Visitor, tutor: Visitor) -> None:
    """Before a first mark is saved, too: what is looked into stays as it was handed in."""
    assert "Take it back" in _text(author.get("audit/"))
    case = _case(tutor)
    tutor.get(case + "/")
    held = {"hold-kind": "integrity", "hold-reason": "Similar to another piece."}
    assert tutor.post(f"{case}/hold", held).status_code == 303
    assert "Take it back" not in _text(author.get("audit/"))
    assert author.post("audit/take-back").status_code == 409
    assert tutor.post(f"{case}/lift").status_code == 303
    assert "Take it back" in _text(author.get("audit/"))


def test_an_evidence_pack_holds_everything_kept_of_one_piece(
    author: Visitor, tutor: Visitor
) -> None:
    _mark(tutor, work.desk_of(tutor), "61")
    _release(tutor, *_ticks(tutor))
    case = _case(tutor)
    tutor.get(case + "/")
    answer = tutor.post(f"{case}/evidence")
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as pack:
        assert set(pack.namelist()) == {"work.html", "work.json", "record.xlsx", "SHA256SUMS.txt"}
        data = json.loads(pack.read("work.json"))
        assert data["document"]["rows"] and len(data["document_digest"]) == 64
        assert "Amara Okafor" in pack.read("work.html").decode()
        book = openpyxl.load_workbook(io.BytesIO(pack.read("record.xlsx")))
    assert {"Judgements", "Outcomes", "Holds", "Audit trail"} <= set(book.sheetnames)
    acts = [row[2].value for row in book["Audit trail"].iter_rows(min_row=2)]
    assert {"mark saved", "mark released", "evidence exported"} <= set(acts)
    assert author.post(f"{case}/evidence").status_code == 403


def test_a_fail_says_what_to_do_and_the_second_attempt_is_capped(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    desk = work.desk_of(tutor)
    _mark(tutor, desk, "40")
    case = _case(tutor)
    tutor.get(case + "/")
    ahead = f"{clock.in_london(clock.now() + timedelta(days=20)):%Y-%m-%dT%H:%M}"
    wanted = {
        "attempt-why": "fail",
        "attempt-due_at": ahead,
        "attempt-reason": "Rework the cost of each provision.",
    }
    early = tutor.post(f"{case}/attempt", wanted)
    assert early.status_code == 409 and "Release the fail first" in _text(early)
    assert "Rework the cost" in _text(early), "nothing typed is lost"
    _release(tutor, *_ticks(tutor))
    page = _text(author.get("audit/"))
    for said in ("What to do now", "pass mark is 50", "28 days", "capped at 50", "Ask your tutor"):
        assert said in page
    with world.database.read() as session:
        assert "usually capped at 50" in session.scalar(select(Delivery.comment))
    assert tutor.post(f"{case}/attempt", wanted).status_code == 303
    assert tutor.post(f"{case}/attempt", wanted).status_code == 409
    page = _text(author.get("audit/"))
    assert "This is attempt 2" in page and "Rework the cost of each provision." in page
    assert "the most it can be given is 50" in page and "Your mark: 40" in page
    assert "Area" in _text(author.get("audit/map")), "it begins from a copy of their work"
    work.hand_in(author)
    assert "attempt 2" in _text(tutor.get(case + "/"))
    _mark(tutor, desk, "66")
    assert "second attempts are capped at 50, so 50" in _text(tutor.get("releases/"))
    _release(tutor, *_ticks(tutor))
    page = _text(author.get("audit/"))
    assert "Your mark: 50" in page and "Attempt 1: 40" in page
    with world.database.read() as session:
        row = session.execute(select(Delivery.score_given, Delivery.revision)).one()
    assert (str(row.score_given), row.revision) == ("50.00", 2)


def _lead(world: World) -> Visitor:
    leader = world.let_in("4", "tutor", name="Prof Lead")
    with world.database.write() as session:
        person_id = session.scalar(select(Person.id).where(Person.sub == "4"))
        scope = (grants.REGISTRATION, str(world.registration_id))
        grants.give(session, person_id, grants.LEADER, scope, actor="operator")
    return leader


def test_a_decision_elsewhere_settles_a_mark(world: World, author: Visitor, tutor: Visitor) -> None:
    desk, case = work.desk_of(tutor), _case(tutor)
    _mark(tutor, desk, "58")
    _release(tutor, *_ticks(tutor))
    assert "Provisional until the assessment board" in _text(author.get("audit/"))
    decided = {
        "decision-source": "appeal",
        "decision-final": "64",
        "decision-reason": "Appeal panel of 3 July.",
    }
    tutor.get(case + "/")
    assert tutor.post(f"{case}/decide", decided).status_code == 403
    leader = _lead(world)
    leader.get(case + "/")
    for typed in ("101", "NaN", "50.005", ""):
        answer = leader.post(f"{case}/decide", {**decided, "decision-final": typed})
        assert answer.status_code == 422 and "Appeal panel of 3 July." in _text(answer)
    assert leader.post(f"{case}/decide", decided).status_code == 303
    page = _text(author.get("audit/"))
    assert "Your mark: 64" in page and "after a decision on an appeal" in page
    refused = tutor.post(desk, {**work.marks(*["70"] * 6), "number": "1"})
    assert refused.status_code == 409 and "result for this work is recorded" in _text(refused)
    back = tutor.post(f"{case}/take-back", {"take_back-reason": "No."})
    assert back.status_code == 409
    refused = tutor.post(f"{desk}/release", {"number": "1"})
    assert refused.status_code == 409 and "result for this work is recorded" in _text(refused)
    with world.database.read() as session:
        assert str(session.scalar(select(Delivery.score_given))) == "64.00"


def test_marks_released_without_a_gradebook_are_promised_to_one_that_comes_later(
    world: World,
) -> None:
    """The mark in force of each person, with its working, though a later attempt is handed in."""
    here = {"ags": None, "resource_link_id": "50"}
    author = world.let_in("5", "participant", **here)
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor", **here)
    _mark(tutor, work.desk_of(tutor), "40")
    _release(tutor, *_ticks(tutor))
    case = _case(tutor)
    tutor.get(case + "/")
    again = {"attempt-why": "fail", "attempt-due_at": _ahead(days=9), "attempt-reason": "Rework."}
    assert tutor.post(f"{case}/attempt", again).status_code == 303
    author.get("audit/")
    work.hand_in(author)
    world.let_in("3", "tutor", resource_link_id="50")
    with world.database.write() as session:
        number, context_id = session.execute(select(Assignment.id, Assignment.context_id)).one()
        assignment = get_assignment(session, number, (context_id,))
        assert promise_released(session, world.settings.config_dir, assignment) == 1
    with world.database.read() as session:
        row = session.execute(select(Delivery.score_given, Delivery.comment)).one()
    assert str(row.score_given) == "40.00" and "capped, so the most" in row.comment


def _ahead(**more: int) -> str:
    return f"{clock.in_london(clock.now() + timedelta(**more)):%Y-%m-%dT%H:%M}"


def test_a_set_time_releases_what_is_ready_then(
    world: World, author: Visitor, tutor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = _author(world, "6", "Ben Ashworth")
    _mark(tutor, work.desk_of(tutor), "61")
    tutor.get("releases/")
    number = work.desk_of(tutor).split("/")[1]
    past = tutor.post(f"releases/{number}/later", {"at": _ahead(hours=-2)})
    assert past.status_code == 409 and "has passed" in _text(past)
    assert tutor.post(f"releases/{number}/later", {"at": "soon"}).status_code == 422
    assert tutor.post(f"releases/{number}/later", {"at": _ahead(hours=2)}).status_code == 303
    again = tutor.post(f"releases/{number}/later", {"at": _ahead(hours=3)})
    assert again.status_code == 409 and "set already" in _text(again)
    wait = release_due(world.database, world.settings, lambda: False)
    assert wait is not None and wait > 6000 and _all(world, Release.id) == []
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=2, minutes=1))
    stopped = release_due(world.database, world.settings, lambda: True)
    assert stopped == 0.0 and _all(world, Release.id) == [], "ending, it begins no other step"
    assert release_due(world.database, world.settings, lambda: False) is None
    assert "Your mark: 61" in _text(author.get("audit/"))
    assert "Your mark" not in _text(other.get("audit/"))
    page = _text(tutor.get("releases/"))
    assert "1 released, 1 held back" in page and "Every criterion needs a mark" in page
    assert release_due(world.database, world.settings, lambda: False) is None
    assert len(_all(world, Release.id)) == 1


def test_a_cancelled_time_releases_nothing(
    world: World, author: Visitor, tutor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mark(tutor, work.desk_of(tutor), "61")
    tutor.get("releases/")
    number = work.desk_of(tutor).split("/")[1]
    tutor.post(f"releases/{number}/later", {"at": _ahead(hours=2)})
    assert "Set for" in _text(tutor.get("releases/"))
    assert tutor.post(f"releases/{number}/cancel", {"scheduled": "1"}).status_code == 303
    assert tutor.post(f"releases/{number}/cancel", {"scheduled": "x"}).status_code == 409
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=3))
    assert release_due(world.database, world.settings, lambda: False) is None
    assert _all(world, Release.id) == []


def test_the_page_of_releases_costs_the_same_however_long_it_is(world: World) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_c, _cur, statement, *_rest) -> None:
            seen.append(statement)

        tutor = world.let_in("3", "tutor")
        listen(world.database, note)
        try:
            assert tutor.get("releases/").status_code == 200
        finally:
            stop_listening(world.database, note)
        return len([one for one in seen if one.startswith("SELECT")])

    _author(world, "11", "One")
    few = queries()
    for sub in range(20, 26):
        _author(world, str(sub), f"Person {sub}")
    assert queries() == few <= 17


def test_a_set_time_does_not_send_out_what_was_taken_back(
    world: World, author: Visitor, tutor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _mark(tutor, work.desk_of(tutor), "61")
    _release(tutor, *_ticks(tutor))
    case = _case(tutor)
    tutor.get(case + "/")
    tutor.post(f"{case}/take-back", {"take_back-reason": "Wrong file."})
    page = _text(tutor.get("releases/"))
    assert "taken back before" in page and " checked" not in page.split("Which results")[1]
    number = work.desk_of(tutor).split("/")[1]
    assert tutor.post(f"releases/{number}/later", {"at": _ahead(hours=2)}).status_code == 303
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(hours=2, minutes=1))
    assert release_due(world.database, world.settings, lambda: False) is None
    assert _all(world, Delivery.state) == ["cancelled"] and len(_all(world, Release.id)) == 1
    assert "This result was taken back" in _text(tutor.get("releases/"))
