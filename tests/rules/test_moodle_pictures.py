"""The sketches in the Moodle administrator's guide: in step with their data, shown, described."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.support.moodle_forms import PICTURES, ROOT, WIDTH, draw, read_data

GUIDE = (ROOT / "docs" / "moodle-admin.md").read_text("utf-8")
DATA = read_data()


@pytest.fixture(params=DATA, ids=lambda one: one["name"])
def picture(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def _marks(value: Any) -> list[int]:
    """Every number that the data put beside something."""
    if isinstance(value, list):
        return [number for one in value for number in _marks(one)]
    if isinstance(value, dict):
        own = [value[key] for key in value if key.endswith("mark")]
        return own + [number for one in value.values() for number in _marks(one)]
    return []


def test_drawn_again_it_is_the_same(picture: dict[str, Any]) -> None:
    kept = (PICTURES / f"{picture['name']}.svg").read_text("utf-8")
    assert draw(picture) == kept, "run: .venv/bin/python -m tests.support.moodle_forms"


def test_every_picture_comes_from_the_data_and_is_shown() -> None:
    names = sorted(one["name"] for one in DATA)
    assert sorted(path.stem for path in PICTURES.iterdir()) == names
    assert sorted(re.findall(r"\(pictures/moodle/([\w-]+)\.svg\)", GUIDE)) == names


def test_the_guide_has_the_same_words_for_those_who_do_not_see_it(
    picture: dict[str, Any],
) -> None:
    (alt,) = re.findall(rf"!\[([^]]+)\]\(pictures/moodle/{picture['name']}\.svg\)", GUIDE)
    assert alt == picture["alt"]
    root = ET.fromstring(draw(picture))
    assert root[0].text == alt
    assert not {"script", "image", "foreignObject", "style"} & {
        element.tag.rpartition("}")[2] for element in root.iter()
    }


def test_each_number_has_its_step_beside_the_picture(picture: dict[str, Any]) -> None:
    marks = sorted(_marks(picture["parts"]))
    assert marks == list(range(1, len(marks) + 1)) and marks
    after = GUIDE.split(f"pictures/moodle/{picture['name']}.svg)", 1)[1]
    steps = re.match(r"\n\n((?:\d+\. .+\n)+)", after)
    assert steps, "the steps stand right below the picture"
    assert [int(n) for n in re.findall(r"^(\d+)\. ", steps[1], re.MULTILINE)] == marks
    drawn = re.findall(r'font-weight="700" text-anchor="middle">(\d+)<', draw(picture))
    assert sorted(map(int, drawn)) == marks


def test_nothing_is_drawn_outside_its_ground(picture: dict[str, Any]) -> None:
    root = ET.fromstring(draw(picture))
    height = float(root.attrib["height"])
    for element in root.iter():
        x, y = float(element.attrib.get("x", 0)), float(element.attrib.get("y", 0))
        if element.tag.endswith("text"):
            size = float(element.attrib["font-size"])
            is_middle = element.attrib.get("text-anchor") == "middle"
            half = len(element.text or "") * size * 0.6 / (2 if is_middle else 1)
            assert x + half <= WIDTH and y <= height, element.text
        elif element.tag.endswith("rect"):
            assert x + float(element.attrib["width"]) <= WIDTH
            assert y + float(element.attrib["height"]) <= height


def test_links_within_the_guide_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)
    }
    assert set(re.findall(r"\(#([^)]+)\)", GUIDE)) <= anchors
