"""Short ways to get a piece of work to where a test begins."""

import io
import re
from pathlib import Path

from sqlalchemy import select

from lti_tool.coursework.models import Assignment
from lti_tool.lti.vocabulary import DEEP_LINKING_REQUEST
from tests.support.visiting import ISSUER, Visitor, World

MAP = Path(__file__).parents[2] / "fixtures" / "provision_maps" / "05_area_heading_rows.xlsx"
CHOOSING = {
    "message_type": DEEP_LINKING_REQUEST,
    "deep_linking": {
        "return_url": f"{ISSUER}/mod/lti/contentitem_return.php",
        "accepts_links": True,
        "accepts_many": True,
        "accepts_line_item": True,
        "is_moodle": True,
    },
    "resource_link_id": "",
    "custom": {},
}
DECLARATIONS = ["own_work", "ai_use", "head_knows", "no_names"]
CRITERIA = (
    "need_and_fit",
    "cost_and_value",
    "impact",
    "literature",
    "leadership",
    "writing_and_ethics",
)


def bring_in(visitor: Visitor, path: Path = MAP) -> None:
    """Bring a spreadsheet in."""
    visitor.get("audit/map/bring-in")
    page = visitor.post(
        "audit/map/bring-in",
        {"file": (io.BytesIO(path.read_bytes()), path.name)},
        content_type="multipart/form-data",
    )
    assert page.status_code == 200, page.get_data(as_text=True)
    text = page.get_data(as_text=True)
    data = re.search(r'name="file_data" value="([^"]+)"', text)
    assert data is not None
    kept = visitor.post(
        "audit/map/bring-in", {"act": "keep", "file_data": data.group(1), "file_name": path.name}
    )
    assert kept.status_code == 303, kept.get_data(as_text=True)


def hand_in(visitor: Visitor) -> None:
    """Declare everything and hand in."""
    visitor.get("audit/hand-in")
    answer = visitor.post("audit/hand-in", {"declaration": DECLARATIONS})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def desk_of(tutor: Visitor) -> str:
    """The address of the first piece of work in the tutor's queue, within the visit."""
    text = tutor.get("marking/").get_data(as_text=True)
    found = re.search(r"/v/\w+/(marking/\d+/[A-Z0-9]+)", text)
    assert found is not None, text
    return found.group(1)


def marks(*given: str) -> dict[str, str]:
    """A marking form with these marks, in the rubric's order."""
    return {f"mark_{name}": value for name, value in zip(CRITERIA, given, strict=True)}


def mark_and_release(tutor: Visitor, *given: str) -> None:
    """Mark the first piece of work and release it."""
    desk = desk_of(tutor)
    tutor.get(desk)
    assert (
        tutor.post(desk, {**marks(*given), "number": "0", "feedback": "Good."}).status_code == 303
    )
    assert tutor.post(f"{desk}/release", {"number": "1"}).status_code == 303


def choose(world: World, title: str) -> str:
    """A tutor chooses an audit for the course by deep linking; its resource id. Nothing says yet
    that the course site has kept the link."""
    tutor = world.let_in("3", "tutor", **CHOOSING)
    tutor.get("choose")
    row = {"item0-what": "new:provision-map-audit", "item0-title": title, "item0-maximum": "100"}
    answer = tutor.post("choose", {"count": "1", **row})
    assert answer.status_code == 200 and 'name="JWT"' in answer.get_data(as_text=True)
    with world.database.read() as session:
        return session.scalars(
            select(Assignment.resource_id)
            .where(Assignment.title == title)
            .order_by(Assignment.id.desc())
        ).first()
