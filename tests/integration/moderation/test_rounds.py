"""A round of sampled moderation through its pages: draw, look, decide."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.coursework.models import Assignment
from lti_tool.marking.models import Judgement, Moderation, ModerationPiece, Outcome
from lti_tool.marking.moderation.queries import get_round, list_pieces
from lti_tool.marking.moderation.scaling import find_scaling
from tests.support.builders import build_person, build_work
from tests.support.cohorts import Cohort
from tests.support.visiting import Visitor, numbers_read, words_of


def _text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def moderator(cohort: Cohort) -> Visitor:
    return cohort.world.let_in("4", "tutor")


def _home(cohort: Cohort) -> str:
    return f"moderation/{cohort.assignment.id}"


def _draw(cohort: Cohort, moderator: Visitor, **more: str) -> str:
    """Draw a sample for the second tutor; the round's address."""
    moderator.get(_home(cohort))
    answer = moderator.post(
        f"{_home(cohort)}/start", {"moderator": str(cohort.person("4")), **more}
    )
    assert answer.status_code == 303, _text(answer)
    return f"{_home(cohort)}/1"


def _look_at_all(cohort: Cohort, moderator: Visitor, at: str, view: str = "agrees") -> int:
    with cohort.world.database.read() as session:
        count = len(list_pieces(session, get_round(session, cohort.assignment.id, 1).id))
    for place in range(1, count + 1):
        moderator.get(f"{at}/piece/{place}")
        answer = moderator.post(f"{at}/piece/{place}", {"view": view, "version": "0"})
        assert answer.status_code == 303, _text(answer)
    return count


def _kept(cohort: Cohort) -> list[tuple]:
    """Every judgement and outcome, to the letter."""
    with cohort.world.database.read() as session:
        return [
            tuple(row)
            for model in (Judgement, Outcome)
            for row in session.execute(select(*model.__table__.c).order_by(model.id))
        ]


def test_the_preview_says_what_will_be_taken(cohort: Cohort, moderator: Visitor) -> None:
    page = _text(moderator.get(_home(cohort)))
    assert "9 handed in. 9 marked and not moderated yet." in page
    plain = words_of(page)
    assert re.search(r"square root of the number of pieces, by lot, at least 5\.\s+5, drawn", plain)
    assert re.search(r"Every mark below 50\.\s+2 ", plain)
    assert re.search(r"lower edge of a band\.\s+6 ", plain), "48, 50, 59, 62, 68 and 71"


def test_the_sample_is_kept_with_its_seed_and_comes_out_again(
    cohort: Cohort, moderator: Visitor
) -> None:
    at = _draw(cohort, moderator)
    assert "Drawn again just now: the same sample" in _text(moderator.get(at))
    with cohort.world.database.write() as session:
        piece = session.scalars(select(ModerationPiece).limit(1)).one()
        piece.why = "bands"
    assert "not the same sample" in _text(moderator.get(at))


def test_whoever_gave_all_the_marks_does_not_moderate_them(
    cohort: Cohort, moderator: Visitor
) -> None:
    moderator.get(_home(cohort))
    answer = moderator.post(
        f"{_home(cohort)}/start", {"moderator": str(cohort.course.tutor_id), "is_blind": "y"}
    )
    page = _text(answer)
    assert answer.status_code == 422
    assert "gave all these marks. Choose somebody else" in page and 'href="#moderator"' in page
    assert re.search(r'name="is_blind"[^>]*checked|checked[^>]*name="is_blind"', page)


def test_the_only_marker_may_moderate_and_it_is_said(cohort: Cohort) -> None:
    tutor = cohort.tutor
    tutor.get(_home(cohort))
    answer = tutor.post(f"{_home(cohort)}/start", {"moderator": str(cohort.course.tutor_id)})
    assert answer.status_code == 303
    assert "You gave this first mark yourself" in _text(tutor.get(f"{_home(cohort)}/1/piece/1"))


@pytest.mark.parametrize("moderator_id", ["", "999", "abc"])
def test_a_moderator_who_is_none_gets_a_sentence(
    cohort: Cohort, moderator: Visitor, moderator_id: str
) -> None:
    moderator.get(_home(cohort))
    answer = moderator.post(f"{_home(cohort)}/start", {"moderator": moderator_id})
    assert answer.status_code == 422 and 'href="#moderator"' in _text(answer)


def test_a_second_round_waits_for_the_first(cohort: Cohort, moderator: Visitor) -> None:
    _draw(cohort, moderator)
    answer = moderator.post(f"{_home(cohort)}/start", {"moderator": str(cohort.person("4"))})
    assert answer.status_code == 409 and "open already" in _text(answer)


def test_a_blind_moderator_sees_no_first_mark_before_their_own(
    cohort: Cohort, moderator: Visitor
) -> None:
    at = _draw(cohort, moderator, is_blind="y")
    main = _text(moderator.get(at)).split("<main")[1].split("</main>")[0]
    assert not {"38", "48", "59", "83"} & numbers_read(main.split("How the sample was")[0])
    page = _text(moderator.get(f"{at}/piece/1"))
    assert "Hidden until you have given your own mark." in page and "Clear." not in page
    answer = moderator.post(f"{at}/piece/1", {"version": "0", "note": "Mine."})
    assert answer.status_code == 422 and "Mine." in _text(answer)
    answer = moderator.post(f"{at}/piece/1", {"version": "0", "mark": "57", "note": "Mine."})
    assert answer.headers["Location"].split("?")[0].endswith("/piece/1")
    page = _text(moderator.get(f"{at}/piece/1"))
    assert "Clear." in page and "<strong>57</strong>" in page
    assert moderator.post(f"{at}/piece/1", {"version": "1", "view": "higher", "mark": "99"})
    with cohort.world.database.read() as session:
        piece = list_pieces(session, get_round(session, cohort.assignment.id, 1).id)[0]
    assert (piece.mark, piece.view) == (Decimal(57), "higher"), "their mark stays as first given"


def test_two_tabs_never_overwrite_each_other(cohort: Cohort, moderator: Visitor) -> None:
    at = _draw(cohort, moderator)
    moderator.get(f"{at}/piece/1")
    moderator.post(f"{at}/piece/1", {"version": "0", "view": "higher", "note": "First tab."})
    answer = moderator.post(f"{at}/piece/1", {"version": "0", "view": "lower", "note": "Second."})
    page = _text(answer)
    assert answer.status_code == 409 and "First tab." in page and "Second." in page
    again = moderator.post(f"{at}/piece/1", {"version": "1", "view": "lower", "note": "Both."})
    assert again.status_code == 303


@pytest.mark.parametrize("mark", ["101", "NaN", "50.005", "-1", "sixty"])
def test_a_mark_that_is_none_gets_a_sentence(cohort: Cohort, moderator: Visitor, mark: str) -> None:
    at = _draw(cohort, moderator)
    moderator.get(f"{at}/piece/1")
    form = {"version": "0", "view": "agrees", "mark": mark, "note": "Kept."}
    answer = moderator.post(f"{at}/piece/1", form)
    page = _text(answer)
    assert answer.status_code == 422 and f'value="{mark}"' in page and "Kept." in page


def test_only_the_moderator_says_what_they_make_of_it(cohort: Cohort, moderator: Visitor) -> None:
    at = _draw(cohort, moderator)
    other = cohort.world.let_in("6", "tutor")
    page = _text(other.get(f"{at}/piece/1"))
    assert "The moderator’s view" in page and "Keep and go on" not in page
    other.get(at)
    answer = other.post(f"{at}/piece/1", {"version": "0", "view": "agrees"})
    assert answer.status_code == 403


def test_a_round_is_confirmed_only_when_all_is_looked_at(
    cohort: Cohort, moderator: Visitor
) -> None:
    at = _draw(cohort, moderator)
    answer = moderator.post(f"{at}/decide", {"decision": "confirmed"})
    assert answer.status_code == 409 and "not looked at yet" in _text(answer)
    _look_at_all(cohort, moderator, at)
    assert moderator.post(f"{at}/decide", {"decision": "confirmed"}).status_code == 303
    answer = moderator.post(f"{at}/decide", {"decision": "abandoned", "reason": "Oops."})
    assert answer.status_code == 409 and "is decided" in _text(answer)
    answer = moderator.post(f"{at}/piece/1", {"version": "1", "view": "lower"})
    assert answer.status_code == 409
    with cohort.world.database.read() as session:
        acts = list(session.scalars(select(AuditEntry.act)))
    assert acts.count("moderation drawn") == acts.count("moderation decided") == 1


@pytest.mark.parametrize("decision", ["remark", "abandoned"])
def test_a_reason_is_asked_for_and_nothing_typed_is_lost(
    cohort: Cohort, moderator: Visitor, decision: str
) -> None:
    at = _draw(cohort, moderator)
    _look_at_all(cohort, moderator, at)
    answer = moderator.post(f"{at}/decide", {"decision": decision})
    assert answer.status_code == 422 and 'href="#reason"' in _text(answer)
    answer = moderator.post(f"{at}/decide", {"decision": decision, "reason": "Too generous."})
    assert answer.status_code == 303 and "Too generous." in _text(moderator.get(at))


@pytest.mark.parametrize("decision", ["confirmed", "remark", "abandoned", "scaled"])
def test_sampled_moderation_never_changes_a_mark(
    cohort: Cohort, moderator: Visitor, decision: str
) -> None:
    """The law: whatever a moderator does, judgements and outcomes stay to the letter."""
    before = _kept(cohort)
    at = _draw(cohort, moderator, **({"is_blind": "y"} if decision == "remark" else {}))
    with cohort.world.database.read() as session:
        count = len(list_pieces(session, get_round(session, cohort.assignment.id, 1).id))
    for place in range(1, count + 1):
        moderator.get(f"{at}/piece/{place}")
        for version, view in (("0", "higher"), ("1", "lower")):
            form = {"version": version, "view": view, "mark": str(90 - place), "note": "No."}
            assert moderator.post(f"{at}/piece/{place}", form).status_code == 303
    if decision == "scaled":
        form = {"kind": "shift", "amount": "3", "reason": "All too low."}
        assert moderator.post(f"{at}/scale", form).status_code == 303
    else:
        form = {"decision": decision, "reason": "Because."}
        assert moderator.post(f"{at}/decide", form).status_code == 303
    assert _kept(cohort) == before


def test_every_mark_is_shown_before_and_after_a_scaling(cohort: Cohort, moderator: Visitor) -> None:
    at = _draw(cohort, moderator)
    assert moderator.get(f"{at}/scale").status_code == 409, "first look at the sample"
    _look_at_all(cohort, moderator, at)
    page = _text(moderator.get(f"{at}/scale?kind=shift&amount=3"))
    assert "Below the pass mark: 2 before, 1 after." in page
    rows = re.findall(r"<tr><th[^>]*>\w+</th><td[^>]*>(\d+)</td><td[^>]*>(\d+)</td>", page)
    assert rows == [
        (mark, str(int(mark) + 3))
        for mark in ("38", "48", "50", "55", "59", "62", "68", "71", "83")
    ]
    with cohort.world.database.read() as session:
        assert find_scaling(session, cohort.assignment.id) is None, "looking changes nothing"
    answer = moderator.post(f"{at}/scale", {"kind": "shift", "amount": "3"})
    assert answer.status_code == 422 and 'href="#reason"' in _text(answer)
    moderator.post(f"{at}/scale", {"kind": "shift", "amount": "3", "reason": "Too low."})
    with cohort.world.database.read() as session:
        found = find_scaling(session, cohort.assignment.id)
    assert found == {"kind": "shift", "amount": "3"}
    assert "3 marks added to every mark" in _text(moderator.get(at))


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("shift", "31"),
        ("shift", "0"),
        ("shift", "1.005"),
        ("factor", "2"),
        ("factor", "1"),
        ("factor", "NaN"),
        ("root", "1.2"),
        ("shift", ""),
    ],
)
def test_a_scaling_that_is_none_gets_a_sentence(
    cohort: Cohort, moderator: Visitor, kind: str, amount: str
) -> None:
    at = _draw(cohort, moderator)
    _look_at_all(cohort, moderator, at)
    answer = moderator.get(f"{at}/scale?kind={kind}&amount={amount}")
    assert answer.status_code == 422 and "There is a problem" in _text(answer)
    form = {"kind": kind, "amount": amount, "reason": "Why."}
    assert moderator.post(f"{at}/scale", form).status_code == 422


def test_scaling_is_refused_where_it_would_not_meet_everybody(
    cohort: Cohort, moderator: Visitor
) -> None:
    at = _draw(cohort, moderator)
    _look_at_all(cohort, moderator, at)
    with cohort.world.database.write() as session:
        kept = session.scalars(select(Moderation.population)).one()
        left_out = next(iter(kept))
        fewer = {key: value for key, value in kept.items() if key != left_out}
        session.execute(update(Moderation).values(population=fewer))
    form = {"kind": "shift", "amount": "3", "reason": "Why."}
    answer = moderator.post(f"{at}/scale", form)
    assert answer.status_code == 409 and "Scaling is for a whole cohort" in _text(answer)


def test_a_tutor_of_another_course_finds_nothing(cohort: Cohort, moderator: Visitor) -> None:
    at = _draw(cohort, moderator)
    other = cohort.world.let_in("8", "tutor", context_id="77", resource_link_id="9")
    for path in (_home(cohort), at, f"{at}/piece/1", f"{at}/scale"):
        assert other.get(path).status_code == 404, path
    for path in (f"{_home(cohort)}/start", f"{at}/decide", f"{at}/piece/1", f"{at}/scale"):
        assert other.post(path, {"decision": "confirmed"}).status_code == 404, path


def test_work_marked_later_is_drawn_by_itself(cohort: Cohort, moderator: Visitor) -> None:
    at = _draw(cohort, moderator)
    _look_at_all(cohort, moderator, at)
    assert moderator.post(f"{at}/decide", {"decision": "confirmed"}).status_code == 303
    page = _text(moderator.get(_home(cohort)))
    assert "There is no mark to moderate now." in page
    again = {"moderator": str(cohort.person("4"))}
    answer = moderator.post(f"{_home(cohort)}/start", again)
    assert answer.status_code == 409 and "no mark to moderate" in _text(answer)
    with cohort.world.database.write() as session:
        late = build_work(session, cohort.assignment, build_person(session, cohort.course, "late"))
    cohort.judge(late, "61")
    assert "1 marked and not moderated yet, 9 moderated" in _text(moderator.get(_home(cohort)))
    assert moderator.post(f"{_home(cohort)}/start", again).status_code == 303
    second = f"{_home(cohort)}/2"
    assert "The sample: 1 of 1" in _text(moderator.get(second))
    moderator.get(f"{second}/piece/1")
    moderator.post(f"{second}/piece/1", {"view": "agrees", "version": "0"})
    assert "Or scale all marks" not in _text(moderator.get(second))
    form = {"kind": "shift", "amount": "3", "reason": "Why."}
    assert moderator.post(f"{second}/scale", form).status_code == 409


def test_re_marking_is_done_before_another_sample_is_drawn(
    cohort: Cohort, moderator: Visitor
) -> None:
    at = _draw(cohort, moderator)
    _look_at_all(cohort, moderator, at, "lower")
    form = {"decision": "remark", "reason": "Too generous throughout."}
    assert moderator.post(f"{at}/decide", form).status_code == 303
    assert "9 still to do" in _text(moderator.get(_home(cohort)))
    again = {"moderator": str(cohort.person("4"))}
    assert moderator.post(f"{_home(cohort)}/start", again).status_code == 409
    for work in cohort.works:
        cohort.judge(work, "52")
    assert moderator.post(f"{_home(cohort)}/start", again).status_code == 303


def test_a_closed_activity_is_read_and_no_longer_moderated(
    cohort: Cohort, moderator: Visitor
) -> None:
    at = _draw(cohort, moderator)
    moderator.get(f"{at}/piece/1")
    with cohort.world.database.write() as session:
        session.execute(update(Assignment).values(closed_at=clock.now()))
    assert moderator.get(at).status_code == 200
    for path, form in (
        (f"{at}/piece/1", {"view": "agrees", "version": "0"}),
        (f"{at}/decide", {"decision": "abandoned", "reason": "Reset."}),
        (f"{_home(cohort)}/start", {"moderator": str(cohort.person("4"))}),
    ):
        answer = moderator.post(path, form)
        assert answer.status_code == 409 and "was closed" in _text(answer), path
