"""The page Gradebook: everyone with what was sent and what is shown, in plain words."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from lti_tool.core import clock
from lti_tool.gradebook.models import Comparison, Delivery, LineItem, ShownResult
from lti_tool.lti.models import Registration
from tests.integration.pages import work
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World, words_of


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def tutor(world: World) -> Visitor:
    """A tutor of a course with one released mark and one participant who handed nothing in."""
    author = world.let_in("5", "participant", name="Amara <Okafor>")
    work.bring_in(author)
    work.hand_in(author)
    world.let_in("6", "participant", name="Bilal Khan")
    tutor = world.let_in("3", "tutor")
    work.mark_and_release(tutor, *["62"] * 6)
    return tutor


def _row(world: World, table: Any = Delivery) -> Any:
    with world.database.read() as session:
        return session.execute(select(*table.__table__.c)).one()


def _put(world: World, table: Any, **values: Any) -> None:
    with world.database.write() as session:
        session.execute(update(table).values(**values))


def _page(world: World, tutor: Visitor) -> str:
    return _text(tutor.get(f"gradebook/of/{_row(world, LineItem).assignment_id}"))


def _find(world: World, finding: str, score: str | None) -> None:
    row = _row(world)
    with world.database.write() as session:
        session.add(
            ShownResult(
                line_item_id=row.line_item_id,
                person_id=row.person_id,
                result_score=None if score is None else Decimal(score),
                result_maximum=Decimal(100),
                finding=finding,
                read_at=clock.now(),
            )
        )


def test_everyone_is_there_with_their_state_in_words(world: World, tutor: Visitor) -> None:
    page = _page(world, tutor)
    assert "Amara &lt;Okafor&gt;" in page and "On its way to the gradebook" in page
    assert "Bilal Khan" in page and "No mark is released yet." in page
    assert "Compare with the course site" in page, "nothing says that it is Moodle"
    assert "Dr Helen" not in page.split("Participants")[-1]
    for hidden in ("delivery", "outbox", "reconcile", "line item", "needs_person"):
        assert hidden not in words_of(page).lower()


def test_moodle_is_named_where_the_registration_says_so(world: World, tutor: Visitor) -> None:
    _put(world, Registration, product="moodle 5.1")
    assert "Compare with Moodle" in _page(world, tutor)


def test_the_home_page_says_how_all_marks_stand(world: World, tutor: Visitor) -> None:
    assert "0 marks in the gradebook, 1 on the way" in _text(tutor.get("marking/"))
    _put(world, Delivery, state="needs_person", reason="not_enrolled")
    home = _text(tutor.get("marking/"))
    assert "0 marks in the gradebook, 1 needs you" in home
    page = _page(world, tutor)
    assert "no longer enrolled" in page and "Send all that need you again (1)" in page
    assert 'href="' in home and "/gradebook/" in home


def test_sending_all_and_one_again(world: World, tutor: Visitor) -> None:
    _put(world, Delivery, state="needs_person", reason="not_enrolled")
    place = f"gradebook/of/{_row(world, LineItem).assignment_id}"
    tutor.get(place)
    answer = tutor.post(f"{place}/send-all")
    assert answer.status_code == 303
    assert (_row(world).state, _row(world).revision) == ("waiting", 2)
    answer = tutor.post(
        f"gradebook/{_row(world).id}/send-again", {"next": f"{tutor.url(place)}?done=sent-again"}
    )
    assert place in answer.headers["Location"] and _row(world).revision == 3


def test_asking_to_compare_shows_its_progress_and_its_trouble(world: World, tutor: Visitor) -> None:
    place = f"gradebook/of/{_row(world, LineItem).assignment_id}"
    assert "Not compared yet" in _page(world, tutor)
    assert tutor.post(f"{place}/compare").status_code == 303
    assert "The gradebook is being read." in _page(world, tutor)
    _put(world, Comparison, problem="busy")
    assert "We try again by ourselves." in _page(world, tutor)
    _put(world, Comparison, problem="not_allowed", asked_at=None)
    page = _page(world, tutor)
    assert "does not let the tool read this column" in page and "Being compared" not in page


def test_a_difference_is_shown_and_decided(world: World, tutor: Visitor) -> None:
    _put(world, Delivery, state="delivered", reason=None, delivered_at=clock.now())
    _find(world, "overridden", "58")
    page = _page(world, tutor)
    assert "58 out of 100, which somebody put over the mark from here" in page
    assert "Keep the gradebook’s" in page and "Send this mark" in page
    home = _text(tutor.get("marking/"))
    assert "0 marks in the gradebook, 1 needs you" in home, "one mark is counted once"
    assert "The gradebook shows something else." in home
    place = f"gradebook/of/{_row(world, LineItem).assignment_id}/decide"
    shown = str(_row(world, ShownResult).id)
    assert tutor.post(place, {"shown": shown, "act": "keep"}).status_code == 303
    page = _page(world, tutor)
    assert "You decided to keep the gradebook’s mark." in page and "Send this mark" not in page
    queue = _text(tutor.get("marking/"))
    assert "shows something else" not in queue and "The gradebook was left as it is." in queue
    assert "In the gradebook: 62" not in queue, "it is not, whoever decided so"
    assert "0 marks in the gradebook, 1 left as the gradebook has it<" in queue
    assert "0 marks in the gradebook, 1 left as the gradebook has it." in page
    assert "and 1 left as it was there" in _text(tutor.get("gradebook/"))
    for bad in ({"shown": "4711", "act": "keep"}, {"shown": shown, "act": "burn"}, {}):
        assert tutor.post(place, bad).status_code == 404


def test_a_participant_is_not_told_that_a_mark_is_there_which_another_covers(
    world: World, tutor: Visitor
) -> None:
    """As Moodle has it after a grade was typed in by hand, before and after a tutor keeps it."""
    author = world.let_in("5", "participant")
    _put(world, Delivery, state="delivered", reason=None, delivered_at=clock.now())
    assert "It is in your course’s gradebook too." in _text(author.get("audit/"))
    _find(world, "overridden", "58")
    for decision in (None, "keep"):
        _put(world, ShownResult, decision=decision)
        page = _text(author.get("audit/"))
        assert "Your course’s gradebook does not show this mark." in page, decision
        assert "gradebook too" not in page and "58 out of" not in page, decision
    _put(world, Delivery, delivered_at=clock.now())
    assert "gradebook too" in _text(author.get("audit/")), "sent again, not compared since"


def test_a_column_that_is_gone(world: World, tutor: Visitor) -> None:
    _put(world, LineItem, url="https://m.example/l", gone_at=clock.now())
    _put(world, Delivery, state="needs_person", reason="column_gone")
    assert tutor.post(f"gradebook/of/{_row(world, LineItem).assignment_id}/compare").status_code
    _put(world, Comparison, problem="column_gone", asked_at=None, read_at=clock.now())
    page = _page(world, tutor)
    assert "The gradebook column is no longer there." in page and "Make the column again" in page
    assert "Column gone" in _text(tutor.get("gradebook/"))
    place = f"gradebook/of/{_row(world, LineItem).assignment_id}/make-column"
    assert tutor.post(place).status_code == 303
    assert (_row(world, LineItem).gone_at, _row(world).state) == (None, "waiting")
    assert "no longer there" not in _page(world, tutor)
    assert tutor.post(place).status_code == 409


def test_the_tries_are_there_on_demand(world: World, tutor: Visitor) -> None:
    page = _text(tutor.get(f"gradebook/{_row(world).id}/tries"))
    assert "It was not tried yet" in page
    assert tutor.get("gradebook/4711/tries").status_code == 404


def test_others_see_nothing_of_it(world: World, tutor: Visitor) -> None:
    participant = world.let_in("5", "participant")
    place = f"gradebook/of/{_row(world, LineItem).assignment_id}"
    assert participant.get(place).status_code == 403
    assert participant.get("gradebook/").status_code == 403
    elsewhere = world.let_in("3", "tutor", context_id="99", resource_link_id="99")
    assert elsewhere.get(place).status_code == 404
    assert elsewhere.post(f"{place}/compare").status_code == 404
    assert elsewhere.get(f"gradebook/{_row(world).id}/tries").status_code == 404


def test_a_fixed_number_of_queries(world: World, tutor: Visitor) -> None:
    def count() -> int:
        seen: list[str] = []
        note = lambda *a: seen.append(a[2])  # noqa: E731
        listen(world.database, note)
        _page_text = _page(world, tutor)
        stop_listening(world.database, note)
        assert "Amara" in _page_text
        return len(seen)

    few = count()
    for number in range(7, 15):
        world.let_in(str(number), "participant", name=f"Person {number}")
    assert count() == few


def test_title_and_maximum_are_changed_with_the_column(world: World, tutor: Visitor) -> None:
    _put(world, Delivery, state="delivered", delivered_at=clock.now())
    assert "Maximum mark in the gradebook" in _text(tutor.get("dates"))
    form = {"title": "Audit of provision", "maximum": "40", "version": "1"}
    assert tutor.post("dates/column", form).headers["Location"].endswith("done=column-changing")
    item, delivery = _row(world, LineItem), _row(world)
    assert (item.label, item.maximum) == ("Audit of provision", 40)
    assert item.told_maximum == 100, "the worker has still to tell the platform"
    assert (delivery.state, delivery.score_given) == ("waiting", Decimal("24.80"))
    answer = tutor.post("dates/column", form)
    assert answer.status_code == 409 and "Someone else changed this" in _text(answer)


@pytest.mark.parametrize("maximum", ["0", "101", "12.5", "NaN", "", "-3"])
def test_a_maximum_that_moodle_would_not_keep(world: World, tutor: Visitor, maximum: str) -> None:
    tutor.get("dates")
    form = {"title": "Kept as typed", "maximum": maximum, "version": "1"}
    answer = tutor.post("dates/column", form)
    assert answer.status_code == 422 and "Kept as typed" in _text(answer)
    assert _row(world, LineItem).maximum == 100


def test_a_mark_taken_back_is_taken_out_on_a_word_only(world: World, tutor: Visitor) -> None:
    delivery_id = _row(world).id
    tries = f"gradebook/{delivery_id}/tries"
    assert "Take it out of the gradebook" not in _text(tutor.get(tries))
    refused = tutor.post(f"gradebook/{delivery_id}/clear", {"is_sure": "y"})
    assert refused.status_code == 409, "it is released"
    _put(world, Delivery, state="cancelled", reason="withdrawn_stands", delivered_at=clock.now())
    assert "Take it out of the gradebook" in _text(tutor.get(tries))
    assert tutor.post(f"gradebook/{delivery_id}/clear").status_code == 422
    assert not _row(world).clears
    assert tutor.post(f"gradebook/{delivery_id}/clear", {"is_sure": "y"}).status_code == 303
    assert (_row(world).clears, _row(world).state) == (True, "waiting")
