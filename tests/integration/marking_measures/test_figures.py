"""What the measures of marking find, and that they look at nothing beside their scope."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from lti_tool.catalogue.measures import list_measures
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment, Extension, FurtherAttempt
from lti_tool.coursework.queries import HandedIn
from lti_tool.marking.decisions import Decision
from lti_tool.marking.desk.turns import allocate
from lti_tool.marking.holds import INTEGRITY, lift_hold, place_hold
from lti_tool.marking.models import Hold, Outcome
from lti_tool.marking.moderation.decisions import decide as decide_round
from lti_tool.marking.moderation.queries import get_round, list_pieces
from lti_tool.marking.moderation.rounds import Looked, keep_view, start_round
from lti_tool.marking.queries import AGREED, FIRST, rubric_of
from lti_tool.marking.retaking import AFTER_FAIL, open_second_attempt
from lti_tool.marking.standing import MISCONDUCT
from lti_tool.marking.timed_work import read_timed
from lti_tool.people.models import Membership
from tests.integration.marking_measures.looking import (
    ask,
    days,
    decide,
    extend,
    hand_in_on,
    labels,
    release,
    scope_of,
    set_due,
    take_back,
    terms_of,
    write,
)
from tests.support.builders import build_person
from tests.support.cohorts import Cohort, make_cohort
from tests.support.visiting import World

KEYS = ("feedback-turnaround", "moderation-done", "rules-even", "named-tutor", "risk-followed-up")


@pytest.fixture
def cohort(world: World) -> Cohort:
    """Four pieces marked by one tutor under the standard rules, the first a fail."""
    return make_cohort(world, ("38", "52", "62", "71"))


def _hold(cohort: Cohort, work: HandedIn) -> None:
    write(
        cohort,
        lambda session: place_hold(
            session,
            work,
            kind=INTEGRITY,
            reason="Like another’s.",
            actor_id=cohort.course.tutor_id,
        ),
    )


def _hide_names(cohort: Cohort) -> None:
    write(cohort, lambda session: session.execute(update(Assignment).values(is_anonymous=True)))


def test_feedback_in_time_late_overdue_and_not_yet_due(cohort: Cohort) -> None:
    early, late, overdue, fresh = cohort.works
    hand_in_on(cohort, early, days(-90), None)
    hand_in_on(cohort, late, days(-95), days(-90))
    hand_in_on(cohort, overdue, days(-90), None)
    release(cohort, early, days_ago=80)
    release(cohort, late, days_ago=20)
    _hold(cohort, overdue)
    figure = ask(cohort, "feedback-turnaround")
    assert (figure.count, figure.of, len(figure.lines)) == (1, 3, 4)
    assert figure.words.startswith("1 of 3 pieces had feedback within 20 working days.")
    assert "Overdue: 1. Of these held back" in figure.words and "not yet due: 1." in figure.words
    assert "and came on" in labels(figure, late.person_id)[0]
    assert "not out yet; held back" in labels(figure, overdue.person_id)[0]
    assert "not out and not yet due" in labels(figure, fresh.person_id)[0]
    take_back(cohort, early)
    assert ask(cohort, "feedback-turnaround").count == 0
    with cohort.world.database.read() as session:
        timed = read_timed(session, scope_of(cohort)).timed
    assert {one.tutor_id for one in timed} == {cohort.course.tutor_id}


def test_a_candidate_without_a_released_mark_is_tied_to_nobody(cohort: Cohort) -> None:
    failed, held = cohort.works[:2]
    _hide_names(cohort)
    release(cohort, failed)
    _hold(cohort, held)
    assert [one.person_id for one in ask(cohort, "feedback-turnaround").lines].count(None) == 3
    assert labels(ask(cohort, "rules-even"), held.person_id) == []
    risks = ask(cohort, "risk-followed-up")
    assert len(labels(risks, failed.person_id)) == 1 and labels(risks, held.person_id) == []
    assert any("result held back" in label for label in labels(risks, None))
    take_back(cohort, failed)
    for key in ("feedback-turnaround", "rules-even", "risk-followed-up"):
        assert all(one.person_id is None for one in ask(cohort, key).lines), key


def _draw(cohort: Cohort) -> None:
    tutor_id = cohort.course.tutor_id
    with cohort.world.database.write() as session:
        rubric = rubric_of(session, cohort.assignment)
        start_round(
            session,
            cohort.assignment,
            cohort.rules(),
            rubric,
            markers={tutor_id: "Dr Helen Marsh"},
            moderator_id=tutor_id,
            is_blind=False,
            actor_id=tutor_id,
        )


def _confirm(cohort: Cohort) -> None:
    assignment, tutor_id = cohort.assignment, cohort.course.tutor_id
    with cohort.world.database.write() as session:
        one = get_round(session, assignment.id, 1)
        for piece in list_pieces(session, one.id):
            looked = Looked("agrees", None, "")
            keep_view(session, assignment, one, piece, looked, version=0, actor_id=tutor_id)
        decide_round(
            session,
            assignment,
            cohort.rules(),
            one,
            "confirmed",
            reason="All agree.",
            actor_id=tutor_id,
        )


def test_moderation_counts_once_decided_for_every_mark_that_is_out(cohort: Cohort) -> None:
    release(cohort, cohort.works[0])
    apart = ask(cohort, "moderation-done")
    assert apart.of == 0 and "whose rules require none, and none was done: 1" in apart.words
    _draw(cohort)
    assert "not decided yet" in ask(cohort, "moderation-done").lines[0].label
    _confirm(cohort)
    release(cohort, *cohort.works[1:3])
    done = ask(cohort, "moderation-done")
    assert (done.count, done.of) == (1, 1) and done.words.startswith("1 of 1 assignment moderated")
    assert done.lines[0].person_id is None and "3 of 3 marks" in done.lines[0].label
    cohort.judge(cohort.works[3], "40")  # given anew after the draw
    release(cohort, cohort.works[3])
    after = ask(cohort, "moderation-done")
    assert (after.count, after.of) == (0, 1) and "3 of 4 marks" in after.lines[0].label


def test_two_markers_need_an_agreed_mark_and_the_sample_its_rules_ask_for(cohort: Cohort) -> None:
    cohort.use_rules("half-marks-double")
    for work in cohort.works:
        cohort.judge(work, "60", kind=AGREED)
    _draw(cohort)
    _confirm(cohort)
    release(cohort, *cohort.works)
    label = ask(cohort, "moderation-done").lines[0].label
    assert "agreed mark: 4 of 4" in label and "moderated: 4 of 4" in label
    assert ask(cohort, "moderation-done").count == 1


def test_rules_are_even_with_a_reason_and_with_the_penalty_they_give(cohort: Cohort) -> None:
    failed, late, other, plain = cohort.works
    assert ask(cohort, "rules-even").of == 0
    set_due(cohort, days(-30))
    hand_in_on(cohort, late, days(-28), days(-30))
    release(cohort, failed, late, plain)
    penalised = labels(ask(cohort, "rules-even"), late.person_id)
    assert penalised == [
        f"{cohort.assignment.title}: late or capped, and the mark is as the rules give it"
    ]
    extend(cohort, late.person_id, days(-27))
    spared = ask(cohort, "rules-even")
    assert (spared.count, spared.of) == (1, 2)  # no longer late, but the mark out still is cut
    assert "not what the rules give" in " ".join(labels(spared, late.person_id))
    write(
        cohort,
        lambda session: open_second_attempt(
            session,
            cohort.assignment,
            failed,
            terms_of(cohort, session),
            why=AFTER_FAIL,
            due_at=days(28),
            reason="Released fail.",
            actor_id=cohort.course.tutor_id,
        ),
    )
    _hold(cohort, other)
    decide(cohort, plain, Decision(MISCONDUCT, Decimal(40), "Two sources left out."))
    found = ask(cohort, "rules-even")
    assert (found.count, found.of) == (4, 5)
    assert "attempt 2, capped" in labels(found, failed.person_id)[0]
    assert "integrity case" in labels(found, other.person_id)[0]
    assert "integrity panel" in labels(found, plain.person_id)[0]
    for model in (Extension, FurtherAttempt, Hold, Outcome):
        write(cohort, lambda session, one=model: session.execute(update(one).values(reason=" ")))
    assert ask(cohort, "rules-even").count == 0


def test_a_tutor_is_named_while_they_still_teach_there(cohort: Cohort) -> None:
    people = {work.person_id: cohort.course.tutor_id for work in cohort.works[:3]}
    assert (ask(cohort, "named-tutor").count, ask(cohort, "named-tutor").of) == (0, 4)
    write(
        cohort,
        lambda session: allocate(
            session, cohort.assignment, people, kind=FIRST, actor_id=cohort.course.tutor_id
        ),
    )
    named = ask(cohort, "named-tutor")
    assert named.words == "3 of 4 participants have a tutor named who marks their work."
    assert labels(named, cohort.works[3].person_id) == ["no tutor is named"]
    leaves = update(Membership).values(is_active=False)
    gone = (cohort.works[0].person_id, cohort.works[3].person_id)
    write(
        cohort, lambda session: session.execute(leaves.where(Membership.person_id.in_(gone)))
    )  # who left needs no tutor
    assert ask(cohort, "named-tutor").words.startswith("2 of 2 participants have")
    tutors = leaves.where(Membership.person_id == cohort.course.tutor_id)
    write(cohort, lambda session: session.execute(tutors))
    assert ask(cohort, "named-tutor").count == 0


def test_who_is_at_risk_and_whether_somebody_did_something(cohort: Cohort) -> None:
    failed, held, other, _ = cohort.works
    assert ask(cohort, "risk-followed-up").of == 0
    silent = write(cohort, lambda session: build_person(session, cohort.course, "silent"))
    everybody = (*(work.person_id for work in cohort.works), silent)
    set_due(cohort, days(-10))
    release(cohort, failed, other)
    _hold(cohort, held)
    found = ask(cohort, "risk-followed-up", person_ids=everybody)
    assert (found.count, found.of) == (0, 3)
    assert "no later date is agreed" in labels(found, silent)[0]
    extend(cohort, silent, days(-5))
    found = ask(cohort, "risk-followed-up", person_ids=everybody)
    assert "a later date has passed, too" in labels(found, silent)[0] and found.count == 0
    extend(cohort, silent, days(5))
    write(
        cohort,
        lambda session: open_second_attempt(
            session,
            cohort.assignment,
            failed,
            terms_of(cohort, session),
            why=AFTER_FAIL,
            due_at=days(28),
            reason="Released fail.",
            actor_id=cohort.course.tutor_id,
        ),
    )
    write(cohort, lambda session: lift_hold(session, held, actor_id=cohort.course.tutor_id))
    found = ask(cohort, "risk-followed-up", person_ids=everybody)
    assert found.words == "3 of 3 signs of somebody at risk followed up."
    assert "a further attempt was opened" in labels(found, failed.person_id)[0]


def test_only_the_scope_is_looked_at(cohort: Cohort) -> None:
    set_due(cohort, days(-60))
    for work in cohort.works:
        hand_in_on(cohort, work, days(-60), days(-70))
    _hold(cohort, cohort.works[1])
    release(cohort, cohort.works[0], *cohort.works[2:])
    _draw(cohort)
    today, first = clock.today(), cohort.works[0].person_id
    outside = (
        {"context_ids": (cohort.course.context_id + 99,)},
        {"context_ids": ()},
        {"person_ids": ()},
        {"first": today - timedelta(days=900), "last": today - timedelta(days=600)},
    )
    for key in KEYS:
        for changes in outside:
            if key != "named-tutor" or "first" not in changes:  # that one is about today
                assert ask(cohort, key, **changes).of == 0, (key, changes)
        one = ask(cohort, key, person_ids=(first,))
        assert {line.person_id for line in one.lines} <= {first, None}
        assert one.of == (0 if key == "rules-even" and not one.lines else len(one.lines))


def test_the_standards_without_data_are_left_without_a_measure() -> None:
    given = {standard for one in list_measures() for standard in one.standards}
    assert {"Q5.1", "Q5.5", "Q7.2", "Q7.4", "Q7.5"} <= given
    assert not {"Q8.1", "Q8.2", "Q9.4"} & given
