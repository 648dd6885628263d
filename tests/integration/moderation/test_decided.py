"""What counts after a release: a cohort scaled since, boards, appeals, holds, further attempts."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from lti_tool.activities.provision_map_audit import ACTIVITY
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.extensions import deadline_for, grant_extension
from lti_tool.coursework.handing_in import hand_in
from lti_tool.coursework.models import Assignment, FurtherAttempt, HandedInCopy
from lti_tool.coursework.own_work import get_work
from lti_tool.coursework.queries import HandedIn, get_assignment, list_handed_in
from lti_tool.gradebook.models import Delivery, ShownResult
from lti_tool.lti.messages import AgsEndpoint
from lti_tool.marking.board.matching import look, record_board
from lti_tool.marking.board.reading import BoardLine
from lti_tool.marking.decisions import Decision, record_decision
from lti_tool.marking.examiner.queries import get_pack
from lti_tool.marking.holds import APPEAL, INTEGRITY, place_hold
from lti_tool.marking.models import Moderation, ModerationPiece, Outcome
from lti_tool.marking.moderation.gate import list_blocked
from lti_tool.marking.moderation.sampling import rule_of
from lti_tool.marking.queries import find_judgement, rubric_of
from lti_tool.marking.releasing import release_mark
from lti_tool.marking.results import get_own_results
from lti_tool.marking.retaking import AFTER_FAIL, DEFERRAL, open_second_attempt
from lti_tool.marking.terms import get_terms
from tests.support.builders import ALL_SCOPES, launch_again
from tests.support.cohorts import Cohort


def _text(answer) -> str:
    return answer.get_data(as_text=True)


def _terms(cohort: Cohort, session):
    return get_terms(session, cohort.world.settings.config_dir, cohort.assignment)


def _release(cohort: Cohort, *works: HandedIn) -> None:
    for work in works:
        with cohort.world.database.write() as session:
            terms, judgement = _terms(cohort, session), find_judgement(session, work.submission_id)
            release_mark(
                session,
                cohort.assignment,
                work,
                terms,
                number=judgement.number,
                actor_id=cohort.course.tutor_id,
            )


def _open_again(cohort: Cohort, work: HandedIn, why: str = AFTER_FAIL) -> None:
    with cohort.world.database.write() as session:
        open_second_attempt(
            session,
            cohort.assignment,
            work,
            _terms(cohort, session),
            why=why,
            due_at=clock.now() + timedelta(days=20),
            reason="Rework it.",
            actor_id=cohort.course.tutor_id,
        )


def _hand_in_again(cohort: Cohort, work: HandedIn) -> None:
    with cohort.world.database.write() as session:
        mine = get_work(session, cohort.assignment.id, work.person_id, ACTIVITY.new_document())
        config, assignment = cohort.world.settings.config_dir, cohort.assignment
        deadline = deadline_for(session, config, assignment, work.person_id)
        hand_in(session, assignment, work.person_id, ACTIVITY, mine, {}, deadline)


def _attempts(cohort: Cohort, work: HandedIn) -> dict[int, HandedIn]:
    with cohort.world.database.read() as session:
        found = list_handed_in(session, (cohort.course.context_id,), every_attempt=True)
        return {one.attempt: one for one in found if one.person_id == work.person_id}


def _decide_round(cohort: Cohort, decision: str, **more: object) -> None:
    """A round over all marks, decided."""
    with cohort.world.database.write() as session:
        population = {
            str(n): {"judgement": int(found.id), "mark": str(found.overall)}
            for n in cohort.ids
            if (found := find_judgement(session, n)) is not None
        }
        session.add(
            Moderation(
                assignment_id=cohort.assignment.id,
                number=1,
                rule=rule_of(cohort.rules(), rubric_of(session, cohort.assignment)).as_document(),
                seed="s",
                population=population,
                moderator_id=cohort.course.tutor_id,
                is_blind=False,
                drawn_by_id=cohort.course.tutor_id,
                drawn_at=clock.now(),
                decision=decision,
                **more,
            )
        )


def _decide(cohort: Cohort, work: HandedIn, final: str, source: str = "appeal") -> None:
    with cohort.world.database.write() as session:
        decision = Decision(source, Decimal(final), "Heard on 3 June.")
        record_decision(
            session,
            cohort.assignment,
            work,
            _terms(cohort, session),
            decision,
            actor_id=cohort.course.tutor_id,
        )


def _outcome(cohort: Cohort, work: HandedIn):
    with cohort.world.database.read() as session:
        return session.execute(
            select(Outcome.raw, Outcome.penalty, Outcome.working)
            .where(Outcome.submission_id == work.submission_id)
            .order_by(Outcome.number.desc())
        ).first()


def _page(cohort: Cohort, work: HandedIn, part: str = "marking") -> str:
    address = f"{part}/{cohort.assignment.id}/{work.candidate_code}"
    return _text(cohort.tutor.get(address + ("/" if part == "decisions" else "")))


def _hold(cohort: Cohort, work: HandedIn, kind: str = INTEGRITY) -> None:
    with cohort.world.database.write() as session:
        actor = cohort.course.tutor_id
        place_hold(session, work, kind=kind, reason="Looked into.", actor_id=actor)


def _own(cohort: Cohort, work: HandedIn):
    with cohort.world.database.read() as session:
        config = cohort.world.settings.config_dir
        return get_own_results(session, config, cohort.assignment, work.person_id)


def _look(cohort: Cohort, *lines: BoardLine):
    with cohort.world.database.read() as session:
        return look(session, cohort.assignment, _terms(cohort, session), list(lines))


def _line(work: HandedIn, final: str) -> BoardLine:
    return BoardLine(2, work.candidate_code, "", None, None, None, Decimal(final))


# -- released, and counting otherwise since ------------------------------------------------


def test_a_mark_scaled_since_its_release_is_shown_as_changed_and_no_board_confirms_it(
    cohort: Cohort,
) -> None:
    work = cohort.works[5]
    _release(cohort, work)
    assert "Problem (0)" in _text(cohort.tutor.get("marking/"))
    _decide_round(cohort, "scaled", scaling={"kind": "shift", "amount": "3"})
    queue = _text(cohort.tutor.get("marking/?show=problem"))
    assert "Problem (1)" in queue and "Changed since" in queue and ">62<" in queue
    desk = _page(cohort, work)
    assert "Released: 62 out of 100" in desk and "Release it again below" in desk
    assert "Release 65 out of 100" in desk
    (row,) = _look(cohort, _line(work, "62")).rows
    assert "counts otherwise than when it was released" in row.line.problem
    _release(cohort, work)
    assert "Problem (0)" in _text(cohort.tutor.get("marking/"))
    assert "Release it again" not in _page(cohort, work)
    (row,) = _look(cohort, _line(work, "65")).rows
    assert not row.line.problem


def test_what_a_board_decided_is_released_and_not_changed_since(cohort: Cohort) -> None:
    work, other = cohort.works[1], cohort.works[5]
    _release(cohort, work, other)
    _decide(cohort, work, "50", source="board")
    queue = _text(cohort.tutor.get("marking/"))
    assert "Problem (0)" in queue and ">50<" in queue, "the mark that is out, not the marker's"
    page = _text(cohort.tutor.get("releases/"))
    assert "Not ready (0)" in page and "Released already (2)" in page
    assert not _look(cohort, _line(other, "62")).missing, "a recorded mark is not provisional"


def test_released_days_late_are_told_as_they_were_counted(cohort: Cohort) -> None:
    work, now = cohort.works[5], clock.now()
    with cohort.world.database.write() as session:
        session.execute(update(Assignment).values(due_at=now - timedelta(days=9)))
        session.execute(update(HandedInCopy).values(due_at=now - timedelta(days=9)))
        context = (cohort.course.context_id,)
        cohort.assignment = get_assignment(session, cohort.assignment.id, context)
    work = _attempts(cohort, work)[1]
    _release(cohort, work)
    penalty = _outcome(cohort, work).penalty
    assert penalty > 0
    with cohort.world.database.write() as session:
        grant_extension(
            session,
            cohort.assignment,
            person_id=work.person_id,
            kind="extension",
            due_at=now + timedelta(days=9),
            reason="Ill.",
            actor_id=cohort.course.tutor_id,
        )
    page = _page(cohort, work, "decisions")
    assert re.search(r"<dt>Late</dt><dd>[1-9]\d* days?, \d+ marks taken off", page)
    assert "Release it again below" in _page(cohort, work)


# -- decisions -----------------------------------------------------------------------------


def test_a_raw_mark_of_nought_is_a_mark(cohort: Cohort) -> None:
    work = cohort.works[0]
    cohort.judge(work, "0")
    _decide(cohort, work, "45")
    found = _outcome(cohort, work)
    assert found.raw == 0 and found.working["steps"][0]["mark"] == "0"


def test_work_without_numbers_is_decided_without_one(cohort: Cohort) -> None:
    cohort.use_rules("pass-or-fail")
    work = cohort.works[5]
    with cohort.world.database.read() as session:
        assert _terms(cohort, session).rules.mode == "pass_fail"
    (row,) = _look(cohort, _line(work, "40")).rows
    _release(cohort, work)
    (row,) = _look(cohort, _line(work, "40")).rows
    assert row.line.problem.endswith("give 100 for Pass, 0 for Not yet.")
    assert not _look(cohort, _line(work, "100")).rows[0].line.problem
    _decide(cohort, work, "40")
    assert "Released: Not yet" in _page(cohort, work), "as its author reads it"
    (own,) = _own(cohort, work).results
    assert own.result == "not passed"
    assert not [one for one in own.what_next if "50" in one], "no pass mark where none is given"


def test_a_deferral_keeps_the_conditions_of_the_attempt_it_defers(cohort: Cohort) -> None:
    work = cohort.works[0]
    _release(cohort, work)
    _open_again(cohort, work)
    _hand_in_again(cohort, work)
    _open_again(cohort, _attempts(cohort, work)[2], DEFERRAL)
    fresh = cohort.works[1]
    _open_again(cohort, fresh, DEFERRAL)
    with cohort.world.database.read() as session:
        rows = session.execute(
            select(FurtherAttempt.person_id, FurtherAttempt.attempt, FurtherAttempt.is_capped)
        ).all()
    assert set(rows) == {
        (work.person_id, 2, True),
        (work.person_id, 3, True),
        (fresh.person_id, 2, False),
    }


def test_a_board_that_changes_nothing_leaves_what_the_gradebook_keeps(cohort: Cohort) -> None:
    with cohort.world.database.write() as session:
        ags = AgsEndpoint(None, "https://moodle.example/lineitem/1", ALL_SCOPES)
        launch_again(session, cohort.course, cohort.assignment, link="1", ags=ags)
    kept, sent = cohort.works[5], cohort.works[6]
    _release(cohort, kept, sent)
    with cohort.world.database.write() as session:
        session.execute(update(Delivery).values(state="delivered", delivered_at=clock.now()))
        row = session.scalars(select(Delivery).where(Delivery.person_id == kept.person_id)).one()
        session.add(
            ShownResult(
                line_item_id=row.line_item_id,
                person_id=kept.person_id,
                finding="overridden",
                result_score=Decimal(80),
                result_maximum=Decimal(100),
                read_at=clock.now(),
                decision="keep",
            )
        )
    preview = _look(cohort, _line(kept, "62"), _line(sent, "68"))
    with cohort.world.database.write() as session:
        terms, actor = _terms(cohort, session), cohort.course.tutor_id
        record_board(
            session, cohort.assignment, terms, preview, reason="Board of July.", actor_id=actor
        )
    with cohort.world.database.read() as session:
        states = dict(session.execute(select(Delivery.person_id, Delivery.state)).all())
    assert states == {kept.person_id: "delivered", sent.person_id: "waiting"}


# -- holds ---------------------------------------------------------------------------------


def test_a_result_that_is_seen_is_not_said_to_be_held_back(cohort: Cohort) -> None:
    work = cohort.works[5]
    _release(cohort, work)
    with pytest.raises(Conflict, match="Take the release back, then hold it"):
        _hold(cohort, work)
    _decide(cohort, work, "62", source="board")
    _hold(cohort, work, APPEAL)
    own = _own(cohort, work)
    assert own.results and own.hold == "", "a recorded result stands while an appeal is heard"
    waiting = cohort.works[6]
    _hold(cohort, waiting)
    assert _own(cohort, waiting).hold


# -- further attempts ----------------------------------------------------------------------


def test_a_later_date_for_a_resit_leaves_the_first_attempt_as_it_was(cohort: Cohort) -> None:
    work = cohort.works[0]
    _release(cohort, work)
    _open_again(cohort, work)
    _hand_in_again(cohort, work)
    with cohort.world.database.write() as session:
        session.execute(update(HandedInCopy).values(due_at=clock.now() - timedelta(days=3)))
        session.execute(update(Assignment).values(due_at=clock.now() - timedelta(days=3)))
        context = (cohort.course.context_id,)
        cohort.assignment = get_assignment(session, cohort.assignment.id, context)
        grant_extension(
            session,
            cohort.assignment,
            person_id=work.person_id,
            kind="extension",
            due_at=clock.now() + timedelta(days=40),
            reason="Ill during the resit.",
            actor_id=cohort.course.tutor_id,
        )
    both = _attempts(cohort, work)
    assert both[1].is_late and not both[2].is_late


def test_everyones_later_date_is_held_against_everyones_latest(cohort: Cohort) -> None:
    with cohort.world.database.write() as session:
        session.execute(update(Assignment).values(due_at=clock.now() + timedelta(days=1)))
        context = (cohort.course.context_id,)
        cohort.assignment = get_assignment(session, cohort.assignment.id, context)

    def grant(days: int) -> None:
        with cohort.world.database.write() as session:
            grant_extension(
                session,
                cohort.assignment,
                person_id=None,
                kind="outage",
                due_at=clock.now() + timedelta(days=days),
                reason="Power cut.",
                actor_id=cohort.course.tutor_id,
            )

    grant(20)
    with pytest.raises(Conflict, match="no later than the due date that holds now"):
        grant(15)


def test_an_attempt_that_is_overtaken_keeps_nobody_waiting_for_a_re_marking(
    cohort: Cohort,
) -> None:
    failed = cohort.works[0]
    _release(cohort, failed)
    _open_again(cohort, failed)
    _decide_round(cohort, "remark")
    queue = _text(cohort.tutor.get("marking/"))
    assert f"To mark ({len(cohort.works)})" in queue
    _hand_in_again(cohort, failed)
    for work in cohort.works[1:]:
        cohort.judge(work, "60")
    with cohort.world.database.read() as session:
        rest = cohort.ids[1:]
        assert list_blocked(session, cohort.assignment, cohort.rules(), rest) == {}


def test_marks_to_be_given_again_stand_under_to_mark(cohort: Cohort) -> None:
    _decide_round(cohort, "remark")
    assert f"To mark ({len(cohort.works)})" in _text(cohort.tutor.get("marking/"))
    cohort.judge(cohort.works[0], "60")
    assert f"To mark ({len(cohort.works) - 1})" in _text(cohort.tutor.get("marking/"))


def test_the_examiner_goes_on_seeing_the_fails_that_were_handed_in_anew(cohort: Cohort) -> None:
    _decide_round(cohort, "confirmed")
    with cohort.world.database.write() as session:
        for number in cohort.ids[:3]:
            session.add(
                ModerationPiece(
                    moderation_id=session.scalars(select(Moderation.id)).one(),
                    submission_id=number,
                    judgement_id=find_judgement(session, number).id,
                    why="fails",
                    view="agrees",
                    note="",
                    version=1,
                    seen_at=clock.now(),
                )
            )

    def pack():
        with cohort.world.database.read() as session:
            return get_pack(session, cohort.world.settings.config_dir, cohort.assignment.id)

    before = pack()
    assert sorted(one.mark for one in before.pieces) == [38, 48, 50]
    for work in cohort.works[:2]:
        _release(cohort, work)
        _open_again(cohort, work)
        _hand_in_again(cohort, work)
    after = pack()
    assert {one.code for one in after.pieces} == {one.code for one in before.pieces}
    assert after.spread == before.spread, "an attempt that nobody marked yet takes no mark away"
