"""Short ways to get a piece of work to where a test begins."""

import io
import re
from pathlib import Path

from tests.support.visiting import Visitor

MAP = Path(__file__).parents[2] / "fixtures" / "provision_maps" / "05_area_heading_rows.xlsx"
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
