"""A participant asks their head; the head answers once; the answer reaches the right places."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from lti_tool.coursework.letters import find_facts
from lti_tool.mail.models import Message
from lti_tool.people.models import GuestSignature
from lti_tool.programme import mentors
from lti_tool.programme.models import DbsCheck, Mentorship, SchoolAgreement
from lti_tool.programme.reminding import _rounds, remind_heads
from tests.integration.programme.steps import (
    AGREES,
    HEAD,
    SCHOOL,
    acts_of,
    asks,
    link_path,
    open_link,
    participant,
    rows_of,
    text_of,
)
from tests.support.visiting import World, make_settings


@pytest.fixture(autouse=True)
def _in_term() -> object:
    with time_machine.travel(datetime(2026, 11, 9, 10, 0, tzinfo=UTC), tick=True) as traveller:
        yield traveller


def test_asked_agreed_and_nothing_but_qts_is_missing(both: World) -> None:
    visitor = participant(both)
    first = text_of(visitor.get("programme/"))
    for what in ("School.", "School’s agreement.", "Mentor.", "DBS check.", "QTS."):
        assert f"<strong>{what}</strong>" in first
    asks(visitor)
    path = link_path(both)
    client = both.app.test_client()
    before = rows_of(both)
    looked = client.get(path, base_url="https://tool.example")
    assert looked.status_code == 200 and "Person 5" in text_of(looked)
    assert rows_of(both) == before, "a mail scanner that follows the link changes nothing"
    head = open_link(both, path)
    assert "example that came with the tool" in text_of(head.get())
    answered = head.post(AGREES)
    assert answered.status_code == 303, text_of(answered)
    receipt = text_of(head.get())
    assert "You agreed to this" in receipt and "I agree to this on behalf" in receipt
    page = text_of(visitor.get("programme/"))
    assert "Checked within our limit" in page and "Owen Blake" in page
    assert "1 September 2028" in page, "three years from becoming a SENCO"
    assert page.count("Who can put it right") == 1 and "<strong>QTS.</strong>" in page
    with both.database.read() as session:
        agreement = session.scalars(select(SchoolAgreement)).one()
        assert agreement.is_agreed and agreement.release_days == 5
        assert "Ruth" not in str(agreement.answer), "names stand with people alone"
        signed = session.get_one(GuestSignature, agreement.answer["signature"])
        assert signed.name == "Ruth Calder"
        assert session.scalars(select(Message.kind).order_by(Message.id)).all() == [
            "head_link",
            "head_answered",
        ]
    acts = acts_of(both)
    for act in ("head asked to agree", "head answered", "mentor named", "DBS check recorded",
                "standing of a participant recorded"):  # fmt: skip
        assert acts.count(act) == 1, act


def test_answered_once(both: World) -> None:
    asks(participant(both))
    path = link_path(both)
    one, two = open_link(both, path), open_link(both, path)
    assert one.post(AGREES).status_code == 303
    before = rows_of(both)
    late = two.post({**AGREES, "yes-release_days": "9"})
    assert late.status_code == 409 and "changed nothing" in text_of(late)
    refused = two.post({"act": "refuse", "no-reason": "No", "no-signed_name": "R"})
    assert refused.status_code == 409
    assert rows_of(both) == before


def test_a_refusal_has_a_reason_and_can_be_asked_anew(world: World) -> None:
    visitor = participant(world)
    asks(visitor)
    head = open_link(world, link_path(world))
    bare = head.post({"act": "refuse", "no-reason": "", "no-signed_name": "Ruth"})
    assert bare.status_code == 422 and '<details class="more" open>' in text_of(bare)
    head.post({"act": "refuse", "no-reason": "No cover this year.", "no-signed_name": "Ruth"})
    page = text_of(visitor.get("programme/"))
    assert "No cover this year." in page and "The head did not agree" in page
    assert visitor.post("programme/head", HEAD).status_code == 303
    assert "Waiting for the head" in text_of(visitor.get("programme/"))
    tutor = world.let_in("3", "tutor")
    assert "No cover" not in text_of(tutor.get("programme/cohort/")), "asked anew since"


WRONG = (
    ({"yes-agrees": ""}, "Tick the box"),
    ({"yes-mentor_email": "P5@ashgrove.sch.uk"}, "own address"),
    ({"yes-dbs_level": ""}, "Choose the level"),
    ({"yes-dbs_issued_on": "2027-01-01"}, "still to come"),
    ({"yes-dbs_checked_on": "2025-01-01"}, "before the day on which the check was issued"),
    ({"yes-release_days": "11"}, "at most 10 days"),
    ({"yes-dbs_checked_by": "Mrs Smith"}, "Choose one of the answers"),
    ({"yes-dbs_held": "no"}, "You gave facts of the check below"),
)


def test_what_cannot_be_is_said_at_its_field(world: World) -> None:
    asks(participant(world))
    head = open_link(world, link_path(world))
    before = rows_of(world)
    for changed, sentence in WRONG:
        answer = head.post({**AGREES, **changed})
        assert answer.status_code == 422 and sentence in text_of(answer), sentence
        assert 'value="Owen Blake"' in text_of(answer), "nothing typed is lost"
    assert rows_of(world) == before


def test_without_the_record_at_hand_the_office_is_asked(world: World) -> None:
    visitor = participant(world)
    asks(visitor)
    left_out = {name: "" for name in AGREES if name.startswith("yes-dbs")}
    head = open_link(world, link_path(world))
    sent = {**AGREES, **left_out, "yes-dbs_held": "no", "yes-senco_since": ""}
    assert head.post(sent).status_code == 303
    page = text_of(visitor.get("programme/"))
    assert "No DBS check from the school’s single central record" in page
    assert "Who can put it right: the programme office" in page
    assert "years after they became one" not in page, "an aspiring SENCO has no date"


def test_withdrawn_sent_again_and_limited(world: World) -> None:
    visitor = participant(world)
    asks(visitor)
    first = link_path(world)
    head = open_link(world, first)
    assert visitor.post("programme/head/again").status_code == 303
    assert link_path(world) != first
    gone = world.app.test_client().get(first, base_url="https://tool.example")
    assert gone.status_code == 410, "the link before ends"
    assert head.post(AGREES).status_code == 401
    assert visitor.post("programme/head/again").status_code == 303
    fourth = visitor.post("programme/head/again")
    assert fourth.status_code == 409 and "3 times within a day" in text_of(fourth)
    assert "3 times within a day" in text_of(visitor.post("programme/head", HEAD))
    assert visitor.post("programme/head/withdraw").status_code == 303
    again = visitor.post("programme/head/withdraw")
    assert again.status_code == 409 and "nothing to withdraw" in text_of(again)
    path = link_path(world)
    assert world.app.test_client().post(path, base_url="https://tool.example").status_code == 410


def test_the_link_ends_after_school_days_and_the_head_is_reminded_once(
    world: World, _in_term: time_machine.Traveller
) -> None:
    visitor = participant(world)
    asks(visitor)
    settings = make_settings(
        world.settings.instance_dir.parent,
        LTI_TOOL_MAIL_URL="smtp://127.0.0.1:25",
        LTI_TOOL_MAIL_FROM="senco@example.ac.uk",
    )

    def kinds() -> list[str]:
        _rounds.forget()
        remind_heads(world.database, settings)
        with world.database.read() as session:
            return list(session.scalars(select(Message.kind).order_by(Message.id)))

    assert kinds() == ["head_link"]
    _in_term.move_to(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))  # ten school days later
    visitor = participant(world)  # visits of a fortnight ago have ended
    assert kinds() == ["head_link", "head_reminder"]
    assert kinds() == ["head_link", "head_reminder"]
    with world.database.read() as session:
        row = session.execute(
            select(*Message.__table__.c).where(Message.kind == "head_reminder")
        ).one()
        facts = find_facts(session, settings, row)
    assert facts.address == "head@ashgrove.sch.uk" and facts.values is not None
    assert facts.values["participant"] == "Person 5" and "/g/open/" in facts.values["link"]
    _in_term.move_to(datetime(2026, 12, 8, 10, 0, tzinfo=UTC))  # after 20 school days
    with world.database.read() as session:
        assert find_facts(session, settings, row).is_moot
    assert "ended without an answer" in text_of(participant(world).get("programme/"))


def test_changing_school_keeps_history_and_ends_what_was_the_old_schools(both: World) -> None:
    visitor = participant(both)
    asks(visitor)
    open_link(both, link_path(both)).post(AGREES)
    with both.database.write() as session:
        mentorship = session.scalars(select(Mentorship)).one()
        from lti_tool.people.guest_links import give_link, list_links

        give_link(
            session, both.settings, mentorship.guest_id, purpose=mentors.MENTOR,
            subject=(mentors.SUBJECT, mentorship.id),
            expires_at=datetime.now(UTC) + timedelta(days=500), actor_id=None, context_id=None,
        )  # fmt: skip
        subject = (mentors.SUBJECT, mentorship.id)
    page = text_of(visitor.get("programme/school"))
    seen = page.split('name="seen" value="')[1].split('"')[0]
    new = {"name": "Oakfield School", "urn": "", "started_on": "2026-11-01"}
    stale = visitor.post("programme/school", {**new, "seen": "0"})
    assert stale.status_code == 409 and 'value="Oakfield School"' in text_of(stale)
    early = visitor.post("programme/school", {**new, "seen": seen, "started_on": "2019-01-01"})
    assert early.status_code == 422
    assert visitor.post("programme/school", {**new, "seen": seen}).status_code == 303
    page = text_of(visitor.get("programme/"))
    assert "Oakfield School" in page and "Owen Blake" not in page
    assert "Checked within our limit" in page, "a check is the person's"
    assert "The head has not been asked" in page
    with both.database.read() as session:
        assert [one.is_open for one in list_links(session, mentors.MENTOR, subject)] == [False]
        ended = session.scalars(select(Mentorship)).one()
        assert str(ended.ended_on) == "2026-11-09", "never before it began"
    tutor = both.let_in("3", "tutor")
    listed = text_of(tutor.get("programme/cohort/"))
    own = listed.split("/programme/cohort/")[1:]
    number = next(one.split('"')[0] for one in own if one[:1].isdigit())
    history = text_of(tutor.get(f"programme/cohort/{number}"))
    for line in ("Began at Ashgrove Primary", "Last day at Ashgrove Primary",
                 "Owen Blake was mentor until this day: the participant changed school",
                 "Ruth Calder agreed"):  # fmt: skip
        assert line in history, line


def test_bad_schools_and_heads(world: World) -> None:
    visitor = participant(world)
    early = visitor.post("programme/head", HEAD)
    assert early.status_code == 409 and "where you work" in text_of(early)
    wrong = visitor.post("programme/school", {**SCHOOL, "urn": "12345678", "seen": "0"})
    assert wrong.status_code == 422 and "six digits" in text_of(wrong)
    asks(visitor)
    for email, sentence in (("p5@ASHGROVE.sch.uk", "own address"), ("x", "one e-mail address")):
        answer = visitor.post("programme/head", {"name": "R", "email": email})
        assert answer.status_code == 422 and sentence in text_of(answer)


def test_only_the_named_hook_hears_of_a_mentor(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[int, int | None, int | None]] = []
    monkeypatch.setattr(mentors, "_on_named", [])
    mentors.on_named(lambda session, settings, *told: heard.append(told))
    asks(participant(world))
    open_link(world, link_path(world)).post(AGREES)
    assert len(heard) == 1 and heard[0][1] is not None and heard[0][2] is None


def test_dbs_facts_hold_no_certificate(world: World) -> None:
    columns = {column.name for column in DbsCheck.__table__.c}
    assert not {name for name in columns if "number" in name or "certificate" in name}
