"""What the worker does by itself, and what tutors see and record."""

from datetime import timedelta
from typing import Any

import pytest

from lti_tool.activities.placement_log.confirming import seals, sweeping, tutor_views
from lti_tool.activities.placement_log.confirming.tutor_list import list_confirmations
from lti_tool.core import clock as our_clock
from lti_tool.monitoring import doctor
from lti_tool.people.guest_links import keep_guest
from lti_tool.programme.models import Mentorship
from tests.integration.placement_log.confirming.bench import HOST, SIGNED, Bench, on_sqlite, text_of
from tests.support.partner_visits import begin_visiting
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor

PAPER = {
    "name": "Ruth Vale",
    "role": "Head teacher",
    "signed_on": "2026-09-25",
    "kept": "Programme office, folder 3",
    "reason": "The school blocks every link.",
}


def _sweep(bench: Bench) -> None:
    sweeping._rounds.forget()
    sweeping.sweep(bench.world.database, bench.world.settings)
    bench.work()


def _tutor(bench: Bench) -> Visitor:
    custom = {"activity": "placement-log"}
    return bench.world.let_in("3", "tutor", custom=custom, resource_link_id="9")


def test_a_host_is_reminded_once_after_school_days(bench: Bench, clock: Any) -> None:
    bench.ask()
    _sweep(bench)
    clock.shift(timedelta(days=7))  # five school days
    _sweep(bench)
    assert len(bench.letters()) == 1
    clock.shift(timedelta(days=4))
    for _ in range(3):
        _sweep(bench)
    first, second = bench.letters()
    assert bench.link_in(first) == bench.link_in(second) and "only this once" in second
    bench.confirm(bench.link_in(second))


@on_sqlite
def test_whoever_has_answered_is_not_reminded(bench: Bench, clock: Any) -> None:
    bench.confirm()
    clock.shift(timedelta(days=12))
    _sweep(bench)
    assert len(bench.letters()) == 1


def test_what_ran_out_is_ended_and_told(bench: Bench, clock: Any) -> None:
    link = bench.link()
    clock.shift(timedelta(days=21))
    for _ in range(2):
        _sweep(bench)
    one = bench.visiting.asked()[0]
    assert (one.standing, one.why_closed) == ("expired", "expired")
    (told,) = bench.letters("amara@example.org")
    assert "Nobody at the host school answered in time" in told
    assert bench.get(link).status_code == 410
    (late,) = [x for x in bench.letters() if "A reminder" in x] or [None]
    assert late is None, "nobody is reminded of what has ended"


def test_a_tutor_records_paper(bench: Bench) -> None:
    link = bench.link()
    tutor = _tutor(bench)
    page = text_of(tutor.get("placement/confirmations"))
    assert "Amara Okafor: Hillside Primary" in page and "Waiting for the host" in page
    record = f"placement/confirmations/{bench.visiting.visit_id}"
    tutor.get(record)
    before = bench.rows()
    for wrong, said in (
        ({"signed_on": "2026-09-26"}, "has not come yet"),
        ({"signed_on": "2026-09-23"}, "before the visit"),
        ({"kept": ""}, "Enter an answer"),
        ({"signed_on": "yesterday"}, "Enter the date"),
    ):
        refused = tutor.post(f"{record}/paper", PAPER | wrong)
        assert refused.status_code == 422 and said in text_of(refused)
        assert 'value="Ruth Vale"' in text_of(refused)
    assert bench.rows() == before
    assert tutor.post(f"{record}/paper", PAPER).status_code == 303
    new, old = bench.visiting.asked()
    assert (bench.state(), new.by, old.why_closed) == ("confirmed", "paper", "replaced")
    assert new.recorded_by_id and new.shown and new.shown["paper"]["kept"] == PAPER["kept"]
    page = text_of(tutor.get(record))
    for told in ("Ruth Vale, Head teacher", "Friday 25 September 2026", *PAPER.values()):
        assert told in page or told == "2026-09-25" or told in ("Ruth Vale", "Head teacher")
    assert bench.get(link).status_code == 410
    assert tutor.post(f"{record}/paper", PAPER).status_code == 409
    bench.work()
    assert "on paper" in bench.letters("amara@example.org")[0]
    assert text_of(bench.visitor.get("placement/visits/1/confirm")).count("Confirmed on paper")
    with bench.world.database.write() as session:
        assert seals.break_seal(session, bench.visiting.visit(), bench.visiting.person_id)
    assert bench.state() == "done"


def test_a_tutor_is_warned(bench: Bench) -> None:
    with bench.world.database.write() as session:
        session.add(
            Mentorship(
                person_id=bench.visiting.person_id,
                school_id=bench.visiting.visit().school_id,
                guest_id=keep_guest(
                    session, bench.world.registration_id, "Mo Tor", "mo@oak.trust.org.uk"
                ),
                role="leadership",
                started_on=bench.visiting.visit().visit_on,
                created_at=our_clock.now(),
            )
        )
    other = begin_visiting(bench.world, "6", "Ben Whitlock")
    tutor = _tutor(bench)
    record = f"placement/confirmations/{bench.visiting.visit_id}"
    for email, hint in (
        ("jo@gmail.com", "gmail.com is free mail"),
        ("amara@example.org", "the participant’s own address"),
        ("sue@oak.trust.org.uk", "at the participant’s own school"),
        ("sue@mail.oak.trust.org.uk", "at the participant’s own school"),
    ):
        assert bench.ask(email).status_code == 303
        assert hint in text_of(tutor.get(record)), email
        assert hint in text_of(tutor.get("placement/confirmations"))
    code = bench.code_in(text_of(bench.visitor.get("placement/visits/1/confirm")))
    bench.confirm(bench.post("/confirm", code=code).headers["Location"])
    assert "no address shows who it was" in text_of(tutor.get(record))
    other.visitor.get("placement/visits/1/confirm")
    for visiting in (other, begin_visiting(bench.world, "7", "Cat Low")):
        visiting.visitor.get("placement/visits/1/confirm")
        who = {"name": "Jo Field", "email": HOST}
        assert visiting.visitor.post("placement/visits/1/confirm/ask", who).status_code == 303
    assert "visits of another participant" in text_of(tutor.get("placement/confirmations"))


def test_the_list_takes_a_fixed_number_of_queries(bench: Bench) -> None:
    counts = []
    for _ in range(2):
        asked = 0

        def note(*_: Any) -> None:
            nonlocal asked
            asked += 1

        with bench.world.database.read() as session:
            listen(bench.world.database, note)
            found = list_confirmations(
                session, bench.world.settings.config_dir, bench.visiting.assignment_id
            )
            stop_listening(bench.world.database, note)
        counts.append((len(found), asked))
        for number in range(4):
            other = begin_visiting(bench.world, f"1{number}", f"Person 1{number}")
            other.visitor.get("placement/visits/1/confirm")
            who = {"name": "Jo Field", "email": HOST}
            other.visitor.post("placement/visits/1/confirm/ask", who)
    (few, queries), (many, again) = counts
    assert (few, many) == (1, 5) and queries == again <= 12


@on_sqlite
def test_only_tutors_of_the_course_see_it(bench: Bench) -> None:
    record = f"placement/confirmations/{bench.visiting.visit_id}"
    for path in ("placement/confirmations", record):
        assert bench.visitor.get(path).status_code == 403
    other = {"custom": {"activity": "placement-log"}, "context_id": "77", "resource_link_id": "9"}
    stranger = bench.world.let_in("4", "tutor", **other)
    assert stranger.get(record).status_code == 404
    assert stranger.post(f"{record}/paper", PAPER).status_code == 404
    neighbour = begin_visiting(bench.world, "6", "Ben Whitlock").visitor
    assert neighbour.get("placement/visits/2/confirm").status_code == 404
    assert bench.state() == "done"


@on_sqlite
def test_not_before_it_is_done_and_not_twice(bench: Bench) -> None:
    bench.visiting.change(state="approved")
    page = text_of(bench.visitor.get("placement/visits/1/confirm"))
    assert "Mark the visit as done first" in page
    for act in ("ask", "code", "again"):
        data = {"name": "Jo", "email": HOST}
        assert bench.visitor.post(f"placement/visits/1/confirm/{act}", data).status_code == 409
    bench.visiting.change(state="done")
    bench.confirm()
    assert bench.ask().status_code == 409
    refused = bench.visitor.post("placement/visits/1/confirm/ask", {"name": "", "email": "x"})
    assert refused.status_code == 422
    assert bench.visitor.get("placement/visits/99/confirm").status_code == 404
    assert bench.visitor.get("placement/visits/99999999999999999999/confirm").status_code == 404


@on_sqlite
def test_a_known_guest_keeps_their_name(bench: Bench) -> None:
    """Whoever asks a host cannot rename an examiner, a mentor or another school's host."""
    with bench.world.database.write() as session:
        keep_guest(session, bench.world.registration_id, "Prof. Ada Quill", HOST)
    bench.ask(name="Silly Name")
    assert bench.visiting.asked()[0].guest_name == "Prof. Ada Quill"


def test_lti_tool_doctor_asks_every_activity(bench: Bench) -> None:
    bench.confirm()
    (good,) = [x for x in doctor._activities(bench.world.settings) if x.what == "seals"]
    assert good.is_ok and "1 answers" in good.words
    bench.visiting.change(half_days=1)
    found = [x for x in doctor._activities(bench.world.settings) if x.what == "seals"]
    assert [one.is_ok for one in found] == [False, False]
    assert "The length is not as the host confirmed." in found[0].words
    assert "Amara" not in found[0].words + found[1].words and SIGNED["yes-name"] not in str(found)


@on_sqlite
def test_a_long_list_is_shown_in_parts(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tutor_views, "_ON_A_PAGE", 2)
    for _ in range(4):
        bench.visiting.add()
    tutor = _tutor(bench)
    seen = []
    for start in ("0", "2", "4", "9", "x", "-1"):
        page = text_of(tutor.get(f"placement/confirmations?from={start}"))
        seen.append((page.count("Amara Okafor:"), "Those before" in page, "Those after" in page))
    first = (2, False, True)
    assert seen == [first, (2, True, True), (1, True, False), first, first, first]
