"""The page to choose activities on: what is sent twice at once is set once."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.coursework.models import Assignment
from lti_tool.db import Database
from lti_tool.launch.picker.operations import Wish, choose
from lti_tool.people import visits
from tests.support.racing import one_behind_the_other
from tests.support.visiting import make_world


def test_a_double_click_sets_the_work_once(tmp_path: Path, database: Database) -> None:
    """Both clicks saw the visit before either was answered."""
    world = make_world(tmp_path, database)
    asked = {"accepts_links": True, "accepts_line_item": True, "return_url": "https://m.example/"}
    tutor = world.let_in("3", "tutor", deep_linking=asked)
    with database.read() as session:
        visit = visits.load(session, tutor.handle, tutor.secret)
    wish = Wish("provision-map-audit", None, "Clicked at once", "", 100, None, None)
    answers: list[Any] = []

    def click(session: Session) -> None:
        answers.append(choose(session, world.settings, visit, [wish]))

    assert one_behind_the_other(database, click, click) is None
    assert answers[0] == answers[1]
    with database.read() as session:
        asked_for = select(Assignment.id).where(Assignment.title == "Clicked at once")
        assert len(session.scalars(asked_for).all()) == 1
