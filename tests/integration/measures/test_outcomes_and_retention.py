"""Measures of outcomes, and of starts, retention and awards."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.catalogue.measures import NOTHING_YET, Line
from lti_tool.core import clock
from lti_tool.programme.cohorts.models import Award, ModuleResult, ProgrammeModule
from lti_tool.programme.cohorts.queries import find_cohort
from lti_tool.programme.outcomes.matrix import read_matrix
from lti_tool.programme.outcomes.models import EvidenceClaim, EvidencePiece, OutcomeState
from tests.support.builders import CONFIG
from tests.support.measured import Measured

ITEMS = [f"S{n}" for n in range(1, 9)]


def _offer(
    measured: Measured, person_id: int, *items: str, cohort_id: int = 0, **values: Any
) -> None:
    now = clock.now()
    piece = measured.add(
        EvidencePiece,
        cohort_id=cohort_id or measured.cohort_id,
        person_id=person_id,
        kind="note",
        reference={},
        title="Training in spring",
        revision=1,
        offered_at=now,
        updated_at=now,
        **values,
    )
    for item in items:
        measured.add(EvidenceClaim, piece_id=piece, item_id=item)


def _decide(measured: Measured, person_id: int, state: str, *items: str) -> None:
    for item in items:
        measured.add(
            OutcomeState,
            cohort_id=measured.cohort_id,
            person_id=person_id,
            item_id=item,
            state=state,
            by_id=measured.course.tutor_id,
            at=clock.now(),
        )


@pytest.mark.parametrize("key", ["outcomes-covered", "outcomes-signed-off", "retention"])
def test_over_nobody_there_is_nothing_to_look_at(measured: Measured, key: str) -> None:
    assert measured.find(key).words == NOTHING_YET


def test_outcomes_are_covered_by_evidence_of_whoever_stays(measured: Measured) -> None:
    one, other = measured.person(), measured.person()
    gone = measured.person("withdrawn", date(2026, 10, 1))
    _offer(measured, one, "S1", "S2")
    _offer(measured, one, "S1")
    _offer(measured, other, "S1", "unheard-of")
    _offer(measured, other, "S3", withdrawn_at=clock.now())
    _offer(measured, gone, "S4")
    _decide(measured, one, "met", "S5")
    found = measured.find("outcomes-covered")
    assert found.words == "At least one participant has evidence for 2 of 8 outcomes."
    assert "not the teaching plan" in found.how and "not the official text" in found.how
    assert found.lines[0].label.endswith(": evidence of 2 participants.")
    assert found.lines[1].label.endswith(": evidence of 1 participant.")
    assert found.lines[4].label.endswith(": nobody has offered evidence yet.")
    assert {line.person_id for line in found.lines} == {None}


def test_two_outcome_sets_are_told_apart(measured: Measured) -> None:
    older = measured.cohort("Older", date(2026, 9, 14), outcome_set="outcomes-2009")
    _offer(measured, measured.person(), "S1")
    who = measured.person(since_on=date(2026, 9, 14), cohort_id=older)
    found = measured.find("outcomes-covered")
    assert found.of > 8 and found.count == 1
    (covered,) = (one for one in found.lines if one.is_good)
    assert covered.label.count("(") >= 1
    signed = measured.find("outcomes-signed-off")
    assert signed.of == 2 and f"0 of {found.of - 8} outcomes" in _label(signed.lines, who)


def _label(lines: Sequence[Line], who: int) -> str:
    return next(one.label for one in lines if one.person_id == who)


def test_who_has_every_outcome_signed_off_as_the_matrix_shows_it(measured: Measured) -> None:
    done, begun, some, nothing = (measured.person() for _ in range(4))
    _decide(measured, done, "met", *ITEMS)
    _offer(measured, begun, *ITEMS)
    _decide(measured, begun, "met", *ITEMS[1:])
    _decide(measured, begun, "reopened", "S2")
    _offer(measured, some, "S1", "unheard-of")
    _decide(measured, some, "queried", "S2", "S3")
    _decide(measured, some, "met", "S3", "S4", "S5")
    _decide(measured, some, "reopened", "S5")
    gone = measured.person("withdrawn", date(2026, 10, 1))
    _decide(measured, gone, "met", *ITEMS)
    found = measured.find("outcomes-signed-off")
    assert found.words == (
        "Every outcome is signed off for 1 of 4 participants; for 2 there is evidence, a question "
        "or a sign-off on every one."
    )
    assert _label(found.lines, done) == "All 8 outcomes are signed off."
    said = "2 of 8 outcomes signed off, 2 with evidence or a question open, 4 not begun."
    assert _label(found.lines, some) == said
    assert _label(found.lines, nothing).startswith("0 of 8 outcomes signed off, 0 with")
    with measured.database.read() as session:
        cohort = find_cohort(session, measured.cohort_id)
        assert cohort is not None
        matrix = read_matrix(session, CONFIG, cohort)
    for row in matrix.counted:
        met, there = row.count("met"), len(row.cells) - row.count("not_started")
        said = _label(found.lines, row.person_id)
        assert met == 8 or said == (
            f"{met} of 8 outcomes signed off, {there - met} with evidence or a question open, "
            f"{8 - there} not begun."
        )


def test_evidence_of_the_cohort_somebody_left_is_not_that_of_their_own(measured: Measured) -> None:
    later = measured.cohort("October 2026", date(2026, 10, 5))
    moved = measured.person("transferred", date(2026, 10, 5))
    measured.take_part(moved, "active", date(2026, 10, 5), later)
    _decide(measured, moved, "met", *ITEMS)
    assert measured.find("outcomes-signed-off").count == 0
    _offer(measured, moved, "S1", cohort_id=later)
    assert "1 with evidence" in measured.label("outcomes-signed-off", moved)


def _award(measured: Measured, person_id: int, kind: str, on: date) -> None:
    measured.add(
        Award,
        person_id=person_id,
        cohort_id=measured.cohort_id,
        kind=kind,
        decided_on=on,
        facts={},
        recorded_by_id=measured.course.tutor_id,
        recorded_at=clock.now(),
    )


def _result(measured: Measured, person_id: int, *, passed: bool, **values: Any) -> None:
    with measured.database.read() as session:
        module_id = session.query(ProgrammeModule.id).scalar()
    kept = {"attempt": 1, "board_state": "confirmed", "decided_on": date(2026, 11, 2), **values}
    measured.add(
        ModuleResult,
        person_id=person_id,
        cohort_id=measured.cohort_id,
        module_id=module_id,
        mark=Decimal(62),
        is_passed=passed,
        recorded_by_id=measured.course.tutor_id,
        recorded_at=clock.now(),
        **kept,
    )


def test_starts_retention_awards_and_results(measured: Measured) -> None:
    key = "retention"
    done = measured.person("completed", date(2026, 11, 3))
    stays = measured.person()
    resits = measured.person("intermitting", date(2026, 10, 12))
    gone = measured.person("withdrawn", date(2026, 10, 1))
    measured.person("transferred", date(2026, 10, 1))
    january = measured.cohort("January 2027", date(2027, 1, 11))
    measured.person(since_on=date(2027, 1, 11), cohort_id=january)
    _award(measured, done, "none", date(2026, 11, 1))
    _award(measured, done, "pg_certificate", date(2026, 11, 3))
    _award(measured, stays, "pg_certificate", date(2026, 11, 29))
    _award(measured, resits, "none", date(2026, 11, 2))
    _result(measured, done, passed=True)
    _result(measured, resits, passed=False)
    _result(measured, stays, passed=True, board_state="provisional")
    found = measured.find(key)
    assert found.words == (
        "5 began: 1 taking part, 1 intermitting, 1 completed, 1 withdrew, 1 went elsewhere; "
        "3 retained. Awarded: 1 Postgraduate Certificate. Modules passed, of those a board has "
        "confirmed: 1 of 2."
    )
    assert "those who withdrew or went elsewhere stay in the number who began" in found.how
    assert measured.label(key, done) == (
        "September 2026: completed from 3 November 2026; 1 module passed; Postgraduate "
        "Certificate, decided on 3 November 2026."
    )
    assert measured.label(key, stays) == "September 2026: taking part."
    assert measured.label(key, gone) == "September 2026: withdrew from 1 October 2026."


def test_who_went_on_in_another_cohort_is_retained_and_counts_once(measured: Measured) -> None:
    later = measured.cohort("October 2026", date(2026, 10, 5))
    moved = measured.person("transferred", date(2026, 10, 5))
    measured.take_part(moved, "active", date(2026, 10, 5), later)
    found = measured.find("retention")
    assert found.words.startswith("1 began: 1 taking part; 1 retained.")
