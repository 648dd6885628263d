"""Double marking through its pages: naming, marking blind, agreeing, a third marker."""

import pytest
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.coursework.queries import HandedIn
from lti_tool.marking.deciding import find_deciding
from lti_tool.marking.moderation.gate import list_blocked
from lti_tool.marking.queries import SECOND, THIRD
from tests.integration.pages import work as works
from tests.support.cohorts import Cohort, make_cohort
from tests.support.visiting import Visitor, World, numbers_read

FIRST_MARKS = ("44", "62")


def _text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def pair(quick_world: World) -> Cohort:
    """Two pieces, first-marked 44 and 62, double-marked by rule."""
    return make_cohort(quick_world, FIRST_MARKS, rules="half-marks-double")


@pytest.fixture
def second(pair: Cohort) -> Visitor:
    """The second tutor, named for both pieces."""
    visitor = pair.world.let_in("4", "tutor")
    visitor.get(_list(pair))
    answer = visitor.post(_list(pair), {"marker": str(pair.person("4"))})
    assert answer.status_code == 303, _text(answer)
    return visitor


def _list(pair: Cohort) -> str:
    return f"marking/{pair.assignment.id}/double"


def _at(pair: Cohort, work: HandedIn, page: str) -> str:
    return f"marking/{pair.assignment.id}/{work.candidate_code}/{page}"


def _mark(visitor: Visitor, at: str, mark: str, number: str = "0", **more: str):
    visitor.get(at)
    return visitor.post(at, {**works.marks(*[mark] * 6), "number": number, **more})


def _counts(pair: Cohort, work: HandedIn) -> str | None:
    with pair.world.database.read() as session:
        row = find_deciding(session, work.submission_id, pair.rules())
    return None if row is None else str(row.overall)


def test_an_activity_with_one_marker_has_no_such_page(cohort: Cohort) -> None:
    answer = cohort.tutor.get(f"marking/{cohort.assignment.id}/double")
    assert answer.status_code == 404 and "not double-marked" in _text(answer)


def test_nobody_is_second_to_themselves(pair: Cohort) -> None:
    pair.tutor.get(_list(pair))
    answer = pair.tutor.post(_list(pair), {"marker": str(pair.course.tutor_id)})
    assert answer.status_code == 422 and "they mark it already" in _text(answer)


def test_neither_sees_the_others_marks_until_both_are_in(pair: Cohort, second: Visitor) -> None:
    low = pair.works[0]
    page = _text(second.get(_list(pair)))
    assert ">44<" not in page and "Given" in page
    desk = _at(pair, low, "second")
    page = _text(second.get(desk))
    assert "hidden until" in page and "Clear." not in page and 'value="44' not in page
    assert second.get(_at(pair, low, "agree")).status_code == 409
    assert _mark(second, desk, "56", feedback="Second view.").status_code == 303
    assert "Clear." in _text(second.get(_at(pair, low, "agree")))
    page = _text(pair.tutor.get(_at(pair, low, "agree")))
    assert "Second view." in page and "Clear." in page
    again = _mark(second, desk, "44", number="1")
    assert again.status_code == 409 and "were shown to both of you" in _text(again)


def test_only_the_named_second_marker_marks_second(pair: Cohort, second: Visitor) -> None:
    other = pair.world.let_in("6", "tutor")
    for visitor in (other, pair.tutor):
        answer = _mark(visitor, _at(pair, pair.works[0], "second"), "60")
        assert answer.status_code == 403, _text(answer)
        assert _mark(visitor, _at(pair, pair.works[0], "third"), "60").status_code == 403


def test_within_a_band_the_first_mark_stands_by_one_click(pair: Cohort, second: Visitor) -> None:
    work = pair.works[1]
    _mark(second, _at(pair, work, "second"), "66")
    agree = _at(pair, work, "agree")
    assert "We agree: the first mark stands" in _text(second.get(agree))
    assert _counts(pair, work) is None, "before agreement no mark counts"
    assert second.post(f"{agree}/stands", {"number": "9" * 5000}).status_code == 409
    assert second.post(f"{agree}/stands", {"number": "0"}).status_code == 303
    assert _counts(pair, work) == "62.0"
    answer = second.post(f"{agree}/stands", {"number": "0"})
    assert answer.status_code == 409 and "was agreed since" in _text(answer)


def test_across_bands_no_mark_stands_by_itself(pair: Cohort, second: Visitor) -> None:
    work = pair.works[0]
    _mark(second, _at(pair, work, "second"), "56")
    agree = _at(pair, work, "agree")
    assert "mark stands" not in _text(second.get(agree))
    answer = second.post(f"{agree}/stands", {"number": "0"})
    assert answer.status_code == 409 and "Agree a mark with a reason" in _text(answer)
    assert _counts(pair, work) is None


def test_a_mark_is_agreed_with_a_reason(pair: Cohort, second: Visitor) -> None:
    work = pair.works[0]
    _mark(second, _at(pair, work, "second"), "56")
    agree = _at(pair, work, "agree")
    second.get(agree)
    form = {**works.marks(*["50"] * 6), "number": "0", "feedback": "Agreed feedback."}
    answer = second.post(agree, form)
    assert answer.status_code == 422 and "Agreed feedback." in _text(answer), "a reason is needed"
    answer = second.post(agree, {**form, "mark_impact": "", "private_note": "Middle."})
    assert answer.status_code == 422 and "every criterion" in _text(answer)
    assert _counts(pair, work) is None
    assert second.post(agree, {**form, "private_note": "We met in the middle."}).status_code == 303
    assert _counts(pair, work) == "50.0"
    assert "We met in the middle." in _text(pair.tutor.get(agree))
    stale = second.post(agree, {**form, "private_note": "Again."})
    assert stale.status_code == 409 and "Again." in _text(stale)
    with pair.world.database.read() as session:
        entry = session.execute(
            select(AuditEntry.was, AuditEntry.reason).where(AuditEntry.act == "mark agreed")
        ).one()
        blocked = list_blocked(session, pair.assignment, pair.rules(), [work.submission_id])
    assert entry.was["first"].startswith("44") and entry.was["second"].startswith("56")
    assert entry.reason == "We met in the middle."
    assert "must be moderated" in blocked[work.submission_id], "no longer held back for its pair"


def test_a_stranger_to_the_piece_does_not_agree_its_mark(pair: Cohort, second: Visitor) -> None:
    work = pair.works[1]
    _mark(second, _at(pair, work, "second"), "66")
    other = pair.world.let_in("6", "tutor")
    other.get(_at(pair, work, "agree"))
    assert other.post(f"{_at(pair, work, 'agree')}/stands", {"number": "0"}).status_code == 403
    assert _counts(pair, work) is None


@pytest.mark.parametrize(("third_mark", "stands"), [("54", "56.0"), ("47", "44.0"), ("50", None)])
def test_a_third_marker_settles_it_by_the_nearest_mark(
    pair: Cohort, second: Visitor, third_mark: str, stands: str | None
) -> None:
    work = pair.works[0]
    _mark(second, _at(pair, work, "second"), "56")
    third = pair.world.let_in("6", "tutor")
    agree = _at(pair, work, "agree")
    second.get(agree)
    taken = second.post(f"{agree}/third", {"marker": str(pair.person("4"))})
    assert taken.status_code == 422 and "they mark it already" in _text(taken)
    answer = second.post(f"{agree}/third", {"marker": str(pair.person("6"))})
    assert answer.status_code == 303, _text(answer)
    waiting = second.post(f"{agree}/stands", {"number": "0"})
    assert waiting.status_code == 409 and "Wait for their mark" in _text(waiting)
    desk = _at(pair, work, "third")
    page = _text(third.get(desk))
    assert "Clear." not in page and "hidden until" in page, "the third is blind too"
    assert not {"44", "56"} & numbers_read(_text(third.get(agree)))
    assert _mark(third, desk, third_mark).status_code == 303
    answer = second.post(f"{agree}/stands", {"number": "0"})
    assert answer.status_code == (303 if stands else 409)
    assert _counts(pair, work) == stands


def test_what_the_markers_gave_stays_beside_the_agreed_mark(pair: Cohort, second: Visitor) -> None:
    work = pair.works[1]
    _mark(second, _at(pair, work, "second"), "66")
    second.get(_at(pair, work, "agree"))
    second.post(f"{_at(pair, work, 'agree')}/stands", {"number": "0"})
    with pair.world.database.read() as session:
        from lti_tool.marking.queries import find_judgement

        assert find_judgement(session, work.submission_id, SECOND).overall == 66
        assert find_judgement(session, work.submission_id, THIRD) is None


@pytest.mark.parametrize("mark", ["101", "NaN", "50.005"])
def test_a_second_mark_that_is_none_gets_a_sentence(
    pair: Cohort, second: Visitor, mark: str
) -> None:
    answer = _mark(second, _at(pair, pair.works[0], "second"), mark)
    assert answer.status_code == 422 and f'value="{mark}"' in _text(answer)


def test_a_tutor_of_another_course_finds_nothing(pair: Cohort, second: Visitor) -> None:
    other = pair.world.let_in("8", "tutor", context_id="77", resource_link_id="9")
    for page in ("second", "third", "agree"):
        at = _at(pair, pair.works[0], page)
        assert other.get(at).status_code == other.post(at, {}).status_code == 404
    assert other.get(_list(pair)).status_code == 404
    for page in ("agree/stands", "agree/third"):
        assert other.post(_at(pair, pair.works[0], page), {}).status_code == 404
