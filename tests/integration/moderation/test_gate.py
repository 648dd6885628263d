"""What moderation and double marking hold back, and what they let go."""

import pytest

from lti_tool.core import clock
from lti_tool.marking.models import Moderation
from lti_tool.marking.moderation.gate import ModerationFacts, list_blocked, list_facts
from lti_tool.marking.queries import AGREED, SECOND
from tests.support.cohorts import Cohort
from tests.support.statements import listen, stop_listening


def _round(cohort: Cohort, decision: str | None, judgements: dict[int, int]) -> None:
    with cohort.world.database.write() as session:
        number = session.query(Moderation).count() + 1
        session.add(
            Moderation(
                assignment_id=cohort.assignment.id,
                number=number,
                rule={"rules": ["all_fails"]},
                seed="s",
                population={
                    str(key): {"judgement": value, "mark": "50"}
                    for key, value in judgements.items()
                },
                moderator_id=cohort.course.tutor_id,
                is_blind=False,
                drawn_by_id=cohort.course.tutor_id,
                drawn_at=clock.now(),
                decision=decision,
            )
        )


def _blocked(cohort: Cohort) -> dict[int, str]:
    with cohort.world.database.read() as session:
        return list_blocked(session, cohort.assignment, cohort.rules(), cohort.ids)


def _facts(cohort: Cohort) -> dict[int, ModerationFacts]:
    with cohort.world.database.read() as session:
        return list_facts(session, cohort.assignment, cohort.ids)


def _judgements(cohort: Cohort) -> dict[int, int]:
    from lti_tool.marking.deciding import list_latest

    with cohort.world.database.read() as session:
        return {key[0]: row.id for key, row in list_latest(session, cohort.ids).items()}


def test_where_the_rules_ask_for_none_nothing_is_held_back(cohort: Cohort) -> None:
    assert _blocked(cohort) == {}
    assert set(_facts(cohort).values()) == {ModerationFacts(False, False, False)}


def test_unmoderated_work_is_held_back_where_the_rules_ask(cohort: Cohort) -> None:
    cohort.use_rules("late-capped")
    assert set(_blocked(cohort)) == set(cohort.ids)
    assert "must be moderated before release" in _blocked(cohort)[cohort.ids[0]]
    assert all(one.awaits_moderation for one in _facts(cohort).values())


@pytest.mark.parametrize("decision", ["confirmed", "scaled"])
def test_a_decided_round_lets_go_only_the_marks_it_was_drawn_from(
    cohort: Cohort, decision: str
) -> None:
    cohort.use_rules("late-capped")
    _round(cohort, decision, _judgements(cohort))
    assert _blocked(cohort) == {}
    cohort.judge(cohort.works[0], "90")
    assert set(_blocked(cohort)) == {cohort.ids[0]}, "a mark changed since was not moderated"


def test_an_open_round_holds_back_its_marks_and_no_others(cohort: Cohort) -> None:
    some = dict(list(_judgements(cohort).items())[:4])
    _round(cohort, None, some)
    assert set(_blocked(cohort)) == set(some)
    facts = _facts(cohort)
    assert {number for number in cohort.ids if facts[number].in_open_round} == set(some)


def test_an_abandoned_round_counts_for_nothing(cohort: Cohort) -> None:
    cohort.use_rules("late-capped")
    _round(cohort, "abandoned", _judgements(cohort))
    assert set(_blocked(cohort)) == set(cohort.ids)


def test_after_re_mark_all_every_mark_has_to_be_given_again(cohort: Cohort) -> None:
    _round(cohort, "remark", _judgements(cohort))
    assert all(one.needs_remark for one in _facts(cohort).values())
    for work in cohort.works[:-1]:
        cohort.judge(work, "60")
    assert set(_blocked(cohort)) == set(cohort.ids), "none goes while one is still to be done"
    assert "1 still has to be" in _blocked(cohort)[cohort.ids[0]]
    facts = _facts(cohort)
    assert [facts[n].needs_remark for n in cohort.ids] == [False] * 8 + [True]
    assert all(one.awaits_moderation for one in facts.values())
    cohort.judge(cohort.works[-1], "83")
    assert _blocked(cohort) == {}, "the same mark given again counts"


def test_double_marked_work_needs_its_agreed_mark(cohort: Cohort) -> None:
    cohort.use_rules("half-marks-double")
    work = cohort.works[0]
    assert "needs a second marker" in _blocked(cohort)[work.submission_id]
    cohort.judge(work, "44", kind=SECOND)
    assert "Agree a mark first" in _blocked(cohort)[work.submission_id]
    agreed = cohort.judge(work, "41", kind=AGREED)
    assert "must be moderated" in _blocked(cohort)[work.submission_id]
    _round(cohort, "confirmed", {work.submission_id: agreed})
    assert work.submission_id not in _blocked(cohort)


def test_the_gate_costs_the_same_however_much_work_there_is(cohort: Cohort) -> None:
    _round(cohort, "remark", _judgements(cohort))
    rules, seen = cohort.rules(), []

    def note(_c, _cur, statement, *_rest) -> None:
        seen.append(statement)

    listen(cohort.world.database, note)
    try:
        with cohort.world.database.read() as session:
            list_blocked(session, cohort.assignment, rules, cohort.ids[:1])
            few = len([one for one in seen if one.startswith("SELECT")])
            list_blocked(session, cohort.assignment, rules, cohort.ids)
    finally:
        stop_listening(cohort.world.database, note)
    assert len([one for one in seen if one.startswith("SELECT")]) - few == few == 3
