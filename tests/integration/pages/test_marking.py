"""Marking: the queue, the desk, release, and what the participant sees and when."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.audit.models import AuditEntry
from lti_tool.core import clock
from lti_tool.gradebook.models import Delivery
from tests.conformance.cases import case
from tests.integration.pages import work
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World, words_of


def _text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def author(world: World) -> Visitor:
    visitor = world.let_in("5", "participant", name="Amara <Okafor>")
    work.bring_in(visitor)
    work.hand_in(visitor)
    return visitor


@pytest.fixture
def tutor(world: World, author: Visitor) -> Visitor:
    return world.let_in("3", "tutor")


@case(159, "scores out of range and no numbers")
@pytest.mark.parametrize(
    "typed", ["101", "-1", "NaN", "1e2", "sixty", "50.005", "62.5", "Infinity"]
)
def test_a_mark_that_is_no_mark_gets_a_sentence_and_changes_nothing(
    tutor: Visitor, typed: str
) -> None:
    desk = work.desk_of(tutor)
    tutor.get(desk)
    answer = tutor.post(desk, {"mark_impact": typed, "feedback": "Kept.", "number": "0"})
    text = _text(answer)
    assert answer.status_code == 422
    assert 'href="#mark_impact"' in text and f'value="{typed}"' in text and "Kept." in text
    assert "Not marked" in _text(tutor.get("marking/"))


def test_marking_can_be_left_half_done(tutor: Visitor) -> None:
    desk = work.desk_of(tutor)
    tutor.get(desk)
    assert tutor.post(desk, {"mark_impact": "62", "number": "0"}).status_code == 303
    assert 'value="62"' in _text(tutor.get(desk))
    assert "In marking" in _text(tutor.get("marking/"))
    answer = tutor.post(f"{desk}/release", {"number": "1"})
    assert answer.status_code == 409 and "Every criterion needs a mark" in _text(answer)


def test_two_markers_never_overwrite_each_other(world: World, tutor: Visitor) -> None:
    desk = work.desk_of(tutor)
    second = world.let_in("4", "tutor")
    tutor.get(desk), second.get(desk)
    first_marks = {
        **work.marks("60", "60", "60", "60", "60", "60"),
        "number": "0",
        "comment_impact": "Thin on measures.",
    }
    assert tutor.post(desk, first_marks).status_code == 303
    answer = second.post(
        desk, {**work.marks(*["70"] * 6), "number": "0", "comment_impact": "Rich in measures."}
    )
    text = _text(answer)
    assert answer.status_code == 409
    assert "Thin on measures." in text and "Rich in measures." in text
    again = second.post(desk, {**work.marks(*["70"] * 6), "number": "1"})
    assert again.status_code == 303, "having seen both, the second may save"


def test_before_release_nothing_about_a_mark_reaches_the_participant(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    desk = work.desk_of(tutor)
    tutor.get(desk)
    tutor.post(desk, {**work.marks(*["61"] * 6), "number": "0", "feedback": "Thoughtful."})
    for path in ("", "audit/", "audit/receipt", "audit/map"):
        main = _text(author.get(path)).partition("<main")[2].partition("</main>")[0]
        words = re.sub(r"£[\d,.]+", " ", words_of(main))
        assert words and "Thoughtful" not in words and not re.search(r"(?<!\w)61(?!\w)", words)
    with world.database.read() as session:
        assert session.scalar(select(Delivery.id)) is None


def test_release_shows_the_mark_and_promises_it_once(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    work.mark_and_release(tutor, "60", "62", "58", "70", "65", "50")
    page = _text(author.get("audit/"))
    assert "Your mark: 62 out of 100, Merit" in page and "Good." in page
    with world.database.read() as session:
        (delivery,) = session.execute(select(*Delivery.__table__.c)).all()
        acts = list(session.scalars(select(AuditEntry.act)))
    assert (str(delivery.score_given), delivery.state) == ("62.00", "waiting")
    assert "Mark: 62 out of 100 (Merit)." in delivery.comment and "Good." in delivery.comment
    assert acts.count("mark released") == 1
    answer = tutor.post(f"{work.desk_of(tutor)}/release", {"number": "1"})
    assert answer.status_code == 409 and "released already" in _text(answer)


def test_a_changed_mark_is_released_anew(world: World, author: Visitor, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["60"] * 6)
    desk = work.desk_of(tutor)
    tutor.get(desk)
    assert tutor.post(desk, {**work.marks(*["66"] * 6), "number": "1"}).status_code == 303
    assert "Changed since" in _text(tutor.get("marking/"))
    assert "Your mark: 60" in _text(author.get("audit/"))
    stale = tutor.post(f"{desk}/release", {"number": "1"})
    assert stale.status_code == 409 and "changed since you opened" in _text(stale)
    assert tutor.post(f"{desk}/release", {"number": "2"}).status_code == 303
    assert "Your mark: 66" in _text(author.get("audit/"))
    with world.database.read() as session:
        (delivery,) = session.execute(select(*Delivery.__table__.c)).all()
    assert (str(delivery.score_given), delivery.revision) == ("66.00", 2)


def test_a_mark_is_provisional_until_the_board(
    world: World, author: Visitor, tutor: Visitor
) -> None:
    day = clock.in_london(clock.now() + timedelta(days=10)).date()
    tutor.get("dates")
    assert tutor.post("dates", {"board_on": day.isoformat(), "version": "1"}).status_code == 303
    work.mark_and_release(tutor, *["60"] * 6)
    shown = f"Provisional until the assessment board on {day.day} {day:%B %Y}"
    assert shown in _text(author.get("audit/"))
    with world.database.read() as session:
        assert shown in session.scalar(select(Delivery.comment))


def test_names_are_shown_as_text(tutor: Visitor) -> None:
    page = _text(tutor.get("marking/"))
    assert "Amara &lt;Okafor&gt;" in page and "<Okafor>" not in page


def test_addresses_of_marking_pages_hold_no_persons_id(tutor: Visitor) -> None:
    assert re.fullmatch(r"marking/\d+/[A-Z2-9]{6}", work.desk_of(tutor))


def test_the_queue_costs_the_same_however_long_it_is(world: World) -> None:
    def queries() -> int:
        seen: list[str] = []

        def note(_c, _cur, statement, *_rest) -> None:
            seen.append(statement)

        tutor = world.let_in("3", "tutor")
        listen(world.database, note)
        try:
            assert tutor.get("marking/").status_code == 200
        finally:
            stop_listening(world.database, note)
        return len([one for one in seen if one.startswith("SELECT")])

    for sub in ("11", "12"):
        visitor = world.let_in(sub, "participant")
        work.bring_in(visitor)
        work.hand_in(visitor)
    few = queries()
    for sub in range(20, 32):
        visitor = world.let_in(str(sub), "participant")
        work.bring_in(visitor)
        work.hand_in(visitor)
    assert queries() == few <= 20


@case(169, "no AGS claim at all")
def test_without_a_gradebook_marks_stay_in_the_tool(world: World) -> None:
    author = world.let_in("5", "participant", ags=None, resource_link_id="50")
    work.bring_in(author)
    work.hand_in(author)
    tutor = world.let_in("3", "tutor", ags=None, resource_link_id="50")
    work.mark_and_release(tutor, *["60"] * 6)
    assert "Your mark: 60" in _text(author.get("audit/"))
    assert "offers no gradebook" in _text(tutor.get("marking/"))


def test_send_again_asks_for_a_later_timestamp(world: World, tutor: Visitor) -> None:
    work.mark_and_release(tutor, *["60"] * 6)
    with world.database.read() as session:
        before = session.scalar(select(Delivery.scored_at))
    tutor.get("marking/")
    assert tutor.post("gradebook/1/send-again").status_code == 303
    with world.database.read() as session:
        after = session.scalar(select(Delivery.scored_at))
    assert after >= before + timedelta(seconds=1)
