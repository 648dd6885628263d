"""The frameworks that ship, and mistakes in their files named by file, line and field."""

import re
import shutil
from pathlib import Path

import pytest

from lti_tool.core.errors import Unusable
from lti_tool.frameworks.framework import OUTCOMES, STANDARDS
from lti_tool.frameworks.shipped import find_outcome_set, list_outcome_sets, load_frameworks

CONFIG = Path(__file__).parents[3] / "config"


def _broken(tmp_path: Path, name: str, before: str, after: str) -> Path:
    shutil.copytree(CONFIG / "frameworks", tmp_path / "frameworks")
    path = tmp_path / "frameworks" / name
    text = path.read_text("utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), "utf-8")
    return tmp_path


def test_the_outcome_sets_that_ship() -> None:
    sets = {one.key: one for one in list_outcome_sets(CONFIG)}
    assert {key: len(one.judged) for key, one in sets.items()} == {
        "npq-senco": 8,
        "outcomes-2014": 13,
        "outcomes-2009": 5,
    }
    assert list(sets) == ["npq-senco", "outcomes-2014", "outcomes-2009"], "those open come first"
    assert "1 September 2024" in sets["outcomes-2014"].closed and not sets["npq-senco"].closed
    assert not any(one.is_official_text for one in sets.values())
    award = sets["outcomes-2014"]
    b6 = award.find_item("B6")
    assert b6 is not None and len(b6.points) == 6
    area = award.area_of(b6)
    assert area is not None and area.title == "Leading and co-ordinating provision"
    assert [one.id for one in award.inside("B")] == ["B5", "B6", "B7", "B8", "B9"]
    assert find_outcome_set(CONFIG, "quality-standards") is None


def test_the_quality_standards_that_ship() -> None:
    framework = load_frameworks(CONFIG)["quality-standards"]
    assert framework.kind == STANDARDS and not framework.is_official_text
    assert (len(framework.areas), len(framework.judged)) == (10, 39)
    assert sum(one.core for one in framework.judged) == 26
    assert sum(one.auto for one in framework.judged) == 18
    assert all(one.status == "reconstruction" and one.source for one in framework.items)
    assert all(one.evidence and one.parent for one in framework.judged)
    assert framework.scale is not None and framework.overall is not None
    assert [one.id for one in framework.scale.levels if one.passes] == ["met", "strong", "na"]
    assert [one.id for one in framework.scale.levels if one.needs_reason] == ["na"]
    assert [one.id for one in framework.overall.states][-1] == "lapsed"
    assert framework.overall.validity_years == 3
    assert len(framework.attested) == 5 and all(one.source for one in framework.attested)
    words = " ".join(item.title for item in framework.items)
    assert "countersign" not in words and "placement" not in words


@pytest.mark.parametrize(
    ("name", "before", "after", "field", "said"),
    [
        ("npq-senco", "id: S2", "id: S1", "id", "the id S1 too"),
        ("npq-senco", "key: npq-senco", "key: npq", "key", "npq-senco"),
        ("npq-senco", "    points:", "    point:", "point", "not known"),
        ("npq-senco", "id: S2", "id: 'S 2'", "id", "letters, digits"),
        ("npq-senco", "kind: outcomes", "kind: outcome", "kind", "one of"),
        ("npq-senco", "version: 1", "version: one", "version", "whole number"),
        ("npq-senco", "is_official_text: false", "is_official_text: 0", "is_official_text", "true"),
        ("npq-senco", "items:", "scale: {levels: []}\nitems:", "scale", "only quality standards"),
        ("npq-senco", 'title: "School culture"', "title: [a]", "title", "write words"),
        ("npq-senco", 'title: "School culture"', 'title: "a\\0b"', "title", "cannot be seen"),
        ("npq-senco", "status: fact", "status: rumour", "status", "one of"),
        ("outcomes-2014", "parent: A", "parent: D", "parent", "no entry with the id D"),
        ("outcomes-2014", "parent: A", "parent: B5", "parent", "no area"),
        ("outcomes-2014", "kind: area", "kind: area\n    parent: A", "parent", "within itself"),
        ("outcomes-2014", 'label: "1"', 'label: "1"\n    label: "2"', "label", "twice"),
        ("quality-standards", "evidence: [minutes]", "evidence: [minute]", "evidence", "“minute”"),
        ("quality-standards", "core: true", "core: maybe", "core", "true or false"),
        ("quality-standards", "overall:", "all:", "all", "not known"),
        ("quality-standards", "value: 0", "value: -1", "value", "from 0"),
        ("quality-standards", "validity_years: 3", "validity_years:", "validity_years", "years"),
        ("quality-standards", "others_below: 5", "others_below: five", "others_below", "from 0"),
    ],
)
def test_a_mistake_is_named_by_line_and_field(
    tmp_path: Path, name: str, before: str, after: str, field: str, said: str
) -> None:
    config = _broken(tmp_path, f"{name}.yaml", before, after)
    with pytest.raises(Unusable, match=rf"{name}\.yaml, line \d+, ") as refused:
        load_frameworks(config)
    sentence = refused.value.sentence
    assert re.search(rf"line \d+, {field}: ", sentence) and said in sentence, sentence


def test_the_line_is_the_line_of_the_field(tmp_path: Path) -> None:
    config = _broken(tmp_path, "npq-senco.yaml", "id: S2", "id: S1")
    text = (config / "frameworks" / "npq-senco.yaml").read_text("utf-8")
    second = [n for n, line in enumerate(text.splitlines(), 1) if "id: S1" in line][1]
    with pytest.raises(Unusable, match=f"line {second}, id"):
        load_frameworks(config)


def test_standards_and_outcomes_are_both_needed(tmp_path: Path) -> None:
    shutil.copytree(CONFIG / "frameworks", tmp_path / "frameworks")
    (tmp_path / "frameworks" / "quality-standards.yaml").unlink()
    with pytest.raises(Unusable, match=f"{OUTCOMES} and one of the kind {STANDARDS}"):
        load_frameworks(tmp_path)
