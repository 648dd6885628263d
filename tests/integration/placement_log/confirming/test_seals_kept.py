"""Seals over what is kept: whole, broken by a change, broken past the tool, signer erased."""

from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from lti_tool.activities.placement_log.confirming import seals, sweeping
from lti_tool.activities.placement_log.confirming.checking import check_seals, seals_of
from lti_tool.activities.placement_log.confirming.queries import confirmations_of, find_asked
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.core import clock as our_clock
from lti_tool.people.models import GuestSignature
from lti_tool.programme.models import School
from tests.integration.placement_log.confirming.bench import HOST, Bench, on_sqlite, text_of


def _tamper(bench: Bench, table: Any, number: int | None, **values: Any) -> None:
    with bench.world.database.write() as session:
        session.execute(update(table).where(table.id == number).values(**values))


def _found(bench: Bench) -> seals.Seal:
    config_dir = bench.world.settings.config_dir
    with bench.world.database.read() as session:
        asked = find_asked(session, config_dir, bench.visiting.visit())
    assert asked is not None and asked.seal is not None
    return asked.seal


def _checks(bench: Bench) -> tuple[bool, list[str]]:
    with bench.world.database.read() as session:
        found = list(check_seals(session, bench.world.settings))
    return all(one.is_ok for one in found), [one.words for one in found]


@on_sqlite
def test_what_only_the_participant_sees_breaks_nothing(bench: Bench) -> None:
    bench.confirm()
    document = bench.visiting.visit().document
    bench.visiting.change(document={**document, "private": "x", "change": "y", "actions": []})
    assert _found(bench).state == seals.WHOLE
    assert _checks(bench) == (True, ["1 answers of host schools looked at; 0 broken."])


@on_sqlite
def test_a_change_past_the_tool_is_named_in_words(bench: Bench) -> None:
    one = bench.confirm()
    document = bench.visiting.visit().document
    bench.visiting.change(document={**document, "shared": "x"}, half_days=1)
    found = _found(bench)
    assert (found.state, found.sentence) == (
        seals.BROKEN,
        "The length and the shared observations are not as the host confirmed.",
    )
    is_ok, words = _checks(bench)
    assert not is_ok and f"Confirmation {one.id} of visit" in words[0] and "1 broken" in words[1]


@on_sqlite
def test_a_changed_record_is_found(bench: Bench) -> None:
    one = bench.confirm()
    for column, value in (("reason", "x"), ("by", "paper"), ("signer_digest", "0" * 64)):
        _tamper(bench, Confirmation, one.id, **{column: value})
        assert "no longer what was sealed" in _found(bench).sentence
        assert not _checks(bench)[0]
        _tamper(bench, Confirmation, one.id, **{column: getattr(one, column)})
    assert _checks(bench)[0]
    _tamper(bench, Confirmation, one.id, answer="wrong")
    assert "no longer what was sealed" in text_of(bench.visitor.get("placement/visits/1/confirm"))


@on_sqlite
def test_a_changed_name_is_found_and_an_erased_one_is_not_a_fault(bench: Bench) -> None:
    one = bench.confirm()
    _tamper(bench, GuestSignature, one.signature_id, name="Somebody Else")
    assert "not the one that was sealed" in _found(bench).sentence
    _tamper(bench, GuestSignature, one.signature_id, name="Jo Field")
    assert _found(bench).state == seals.WHOLE
    assert one.signature_id is not None
    with bench.world.database.write() as session:
        seals.erase_signer(session, one.signature_id)
    assert _found(bench).state == seals.ERASED
    assert _checks(bench)[0] and "1 with the signer’s name erased" in _checks(bench)[1][0]
    assert bench.visiting.asked()[0].signer_salt is None
    page = text_of(bench.visitor.get("placement/visits/1/confirm"))
    assert "Jo Field" not in page.partition("<main")[2].partition("Asked before")[0]
    bench.visiting.change(half_days=1)
    assert _found(bench).state == seals.BROKEN, "what was confirmed is still held against it"


@on_sqlite
def test_a_school_spelt_otherwise_is_no_change_of_the_visit(bench: Bench) -> None:
    bench.confirm()
    _tamper(bench, School, bench.visiting.visit().school_id, name="Hillside Primary School")
    assert _found(bench).state == seals.WHOLE
    bench.visiting.add(school="Riverside Academy")
    bench.visiting.change(school_id=bench.visiting.visit(bench.visiting.visit_ids[1]).school_id)
    assert _found(bench).sentence == "The school is not as the host confirmed."


def _change_shared(bench: Bench, text: str) -> bool:
    """What a participant's save does: the row first, then the seal."""
    document = bench.visiting.visit().document
    bench.visiting.change(document={**document, "shared": text})
    with bench.world.database.write() as session:
        return seals.break_seal(session, bench.visiting.visit(), bench.visiting.person_id)


def test_a_later_change_breaks_the_seal_and_asks_again(bench: Bench, clock: Any) -> None:
    first = bench.confirm()
    bench.work()
    assert _change_shared(bench, "I had forgotten the best part.")
    assert bench.state() == "done"
    assert (
        "The visit was changed after the host confirmed it, on 25 September 2026: the shared"
        in (_found(bench).sentence)
    )
    assert _checks(bench)[0], "it is known, so the doctor does not cry"
    assert not _change_shared(bench, "And this."), "once is enough"
    sweeping.sweep(bench.world.database, bench.world.settings)
    bench.work()
    assert len(bench.letters()) == 1, "a while is left to finish the change"
    clock.shift(16 * 60)
    for _ in range(2):
        sweeping._rounds.forget()
        sweeping.sweep(bench.world.database, bench.world.settings)
    bench.work()
    assert len(bench.letters()) == 2
    again = bench.link_in(bench.letters()[1])
    assert "And this." in text_of(bench.get(again))
    second = bench.confirm(again)
    assert second.id != first.id and bench.state() == "confirmed"
    assert _found(bench).state == seals.WHOLE
    with bench.world.database.read() as session:
        latest = confirmations_of(session, [bench.visiting.visit_id])
    assert latest[bench.visiting.visit_id].id == second.id
    assert _checks(bench)[0]


@on_sqlite
def test_an_accepted_visit_goes_back_too(bench: Bench) -> None:
    bench.confirm()
    bench.visiting.change(state="accepted")
    assert _change_shared(bench, "x")
    assert bench.state() == "done"


@on_sqlite
def test_nothing_to_break(bench: Bench) -> None:
    assert not _change_shared(bench, "x")
    assert bench.state() == "done"


def test_the_database_takes_no_second_confirmation(bench: Bench) -> None:
    """Whatever the code above it does."""
    bench.confirm()
    now = our_clock.now()
    values = {"visit_id": bench.visiting.visit_id, "asked_at": now, "expires_at": now}
    for more in ({"answer": "yes", "answered_at": now}, None):
        with pytest.raises(IntegrityError), bench.world.database.write() as session:
            session.execute(insert(Confirmation).values(**values, **(more or {})))
            if more is None:
                session.execute(insert(Confirmation).values(**values))


def test_the_doctor_looks_in_batches(bench: Bench) -> None:
    bench.confirm()
    for number in (2, 3, 4):
        bench.visiting.add()
        bench.visitor.post(f"placement/visits/{number}/confirm/code")
        code = bench.code_in(text_of(bench.visitor.get(f"placement/visits/{number}/confirm")))
        where = bench.post("/confirm", code=code).headers["Location"]
        assert bench.say(where, act="not_mine").status_code == 303
    config_dir = bench.world.settings.config_dir
    with bench.world.database.read() as session:
        for batch in (1, 2, 3, 500):
            found = list(seals_of(session, config_dir, batch=batch))
            assert [one.id for one, _ in found] == [1, 2, 3, 4]
            assert {seal.state for _, seal in found} == {seals.WHOLE}


@on_sqlite
def test_hosts_are_asked_to_the_limit(bench: Bench, clock: Any) -> None:
    for _ in range(5):
        assert bench.ask().status_code == 303
    refused = bench.ask("sam@hillside.sch.uk")
    assert refused.status_code == 409 and "written to 5 times within a day" in text_of(refused)
    assert 'value="sam@hillside.sch.uk"' in text_of(refused)
    again = bench.visitor.post("placement/visits/1/confirm/again")
    assert again.status_code == 409
    assert len(bench.visiting.asked()) == 1, "the same person, the same link"
    bench.work()
    assert len(bench.letters()) == 5 and len({bench.link_in(one) for one in bench.letters()}) == 1
    assert bench.visiting.asked()[0].guest_email == HOST
