"""A programme with its checklist begun, for tests of its pages."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lti_tool.activities.quality_standards.models import Checklist, StandardEntry
from lti_tool.activities.quality_standards.years import year_of
from lti_tool.catalogue import measures
from lti_tool.core import clock
from lti_tool.db.statements import insert_if_missing
from tests.support.programmes import Course, lead, make_course
from tests.support.visiting import Visitor, World

CUSTOM = {"activity": "quality-standards"}
ROW = re.compile(r'href="[^"]*/standard/([\w.-]+)"')


@dataclass
class Checking:
    """A checklist of this academic year, opened by the programme's leader."""

    world: World
    course: Course
    year: int

    @property
    def leader(self) -> Visitor:
        """Who leads the programme."""
        return self.course.leader

    def page(self, path: str = "", who: Visitor | None = None) -> str:
        """A page of the checklist, as text."""
        return (who or self.leader).get(f"standards/{self.year}/{path}").get_data(as_text=True)

    def save(self, item_id: str, who: Visitor | None = None, **values: str) -> Any:
        """Save a standard as its page stands; the answer."""
        visitor = who or self.leader
        page = self.page(f"standard/{item_id}", visitor)
        revision = re.search(r'name="revision" value="(\d+)"', page)
        form = {"judgement": "met", "revision": revision[1] if revision else "0", **values}
        return visitor.post(f"standards/{self.year}/standard/{item_id}", form)

    def move(self, became: str, **values: str) -> Any:
        """Move the checklist as its page stands; the answer."""
        self.page()
        return self.leader.post(f"standards/{self.year}/state", {"act": became, **values})

    def judge_all(self) -> None:
        """Judge every standard to be in place that nobody has written about yet."""
        item_ids = dict.fromkeys(ROW.findall(self.page()))
        with self.world.database.write() as session:
            (checklist_id,) = session.scalars(
                select(Checklist.id).where(Checklist.year == self.year)
            )
            for item_id in item_ids:
                values = {"checklist_id": checklist_id, "item_id": item_id, "judgement": "met"}
                who = {"updated_by_id": 1, "updated_at": clock.now(), "revision": 1}
                insert_if_missing(
                    session, StandardEntry, ("checklist_id", "item_id"), {**values, **who}
                )


def make_checklist(world: World) -> Checking:
    """A programme whose course has the checklist, begun for this year."""
    leader = lead(world, custom=CUSTOM, name="Lena Leader")
    course = make_course(leader)
    year = year_of(clock.today())
    leader.get("standards/")
    assert leader.post("standards/begin", {"year": str(year)}).status_code == 303
    return Checking(world, course, year)


def measure_of(standard: str, count: int = 3, of: int = 4) -> measures.Measure:
    """A live measure that always finds the same."""

    def find(session: Any, scope: measures.Scope) -> measures.Figure:
        as_of = datetime.fromisoformat("2026-10-01T09:00:00+00:00")
        line = measures.Line("DBS checked before the visit", is_good=True)
        words = f"{count} of {of} had it checked"
        return measures.Figure(count, of, words, "Counted from the log.", as_of, (line,))

    return measures.Measure("tried", "DBS before every visit", (standard,), find)
