"""What changed since the copy before, and what is typical of a group."""

from typing import Any

from sqlalchemy import select

from lti_tool.activities.provision_map_audit.document import with_answers, without_row
from lti_tool.coursework.models import Assignment, Submission
from lti_tool.coursework.queries import get_assignment
from lti_tool.lti.models import Context
from tests.integration.pages import work
from tests.support.builders import Course, build_person, build_work
from tests.support.statements import listen, stop_listening
from tests.support.visiting import Visitor, World


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _author(world: World, sub: str) -> Visitor:
    visitor = world.let_in(sub, "participant")
    work.bring_in(visitor)
    work.hand_in(visitor)
    return visitor


def test_work_taken_back_and_handed_in_again_shows_what_changed(world: World) -> None:
    author = _author(world, "5")
    tutor = world.let_in("3", "tutor")
    desk = work.desk_of(tutor)
    assert "What changed since" not in _text(tutor.get(desk))
    assert tutor.get(f"{desk}/changes").status_code == 404
    assert author.post("audit/take-back").status_code == 303
    with world.database.write() as session:
        draft = session.scalars(select(Submission)).one()
        told = {"fit": {"judgement": "not_yet", "evidence": "It fits badly."}}
        draft.document = without_row(with_answers(draft.document, told), "r1")
    work.hand_in(author)
    assert "What changed since the copy of" in _text(tutor.get(desk))
    page = _text(tutor.get(f"{desk}/changes"))
    assert "<ins>" in page and "[added: " in page and "It fits badly." in page
    assert "Rows removed" in page and "Judgement: " in page and "Not yet" in page
    for odd in ("0", "99", "x", "-1"):
        assert tutor.get(f"{desk}/changes?back={odd}").status_code == 200
    assert author.get(f"{desk}/changes").status_code == 403
    stranger = world.let_in("9", "tutor", context_id="77", resource_link_id="55")
    assert stranger.get(f"{desk}/changes").status_code == 404


def _more(world: World, count: int, begin: int) -> None:
    """Pieces handed in by people who never opened a page."""
    with world.database.write() as session:
        context = session.scalars(select(Context)).one()
        assignment_id = session.scalars(select(Assignment.id)).one()
        course = Course(world.registration_id, 1, 1, context.id, context.context_id, 1)
        assignment = get_assignment(session, assignment_id, (context.id,))
        for number in range(begin, begin + count):
            build_work(session, assignment, build_person(session, course, f"p{number}"))


def test_patterns_cost_the_same_queries_and_name_nobody(world: World) -> None:
    _author(world, "5")
    tutor = world.let_in("3", "tutor")
    path = work.desk_of(tutor).rsplit("/", 1)[0] + "/patterns"
    assert "Too few pieces" in _text(tutor.get(path))
    _more(world, 3, 0)
    assert "Too few pieces" in _text(tutor.get(path)), "four"
    counted = []
    for more in (1, 8):
        _more(world, more, 10 * more)
        asked: list[str] = []

        def note(_c: Any, _cu: Any, statement: str, *_: Any, into: list[str] = asked) -> None:
            into.append(statement)

        listen(world.database, note)
        page = _text(tutor.get(path))
        stop_listening(world.database, note)
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 13, counted
    assert "From 13 pieces" in page and "Person 5" not in page and "hidden" in page
    assert "Patterns in this group" in _text(tutor.get("marking/"))
    stranger = world.let_in("9", "tutor", context_id="77", resource_link_id="55")
    assert stranger.get(path).status_code == 404
    assert world.let_in("6", "participant").get(path).status_code == 403
