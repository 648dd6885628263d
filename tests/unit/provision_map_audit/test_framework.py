"""The written parts as data: what ships, and mistakes named by file and line."""

import re
from pathlib import Path

import pytest

from lti_tool.activities.provision_map_audit.framework import (
    EVIDENCE,
    WordLimit,
    load_framework,
)
from lti_tool.core.errors import Unusable

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "config" / "frameworks"


def test_what_ships() -> None:
    framework = load_framework(ROOT / "config")
    assert len(framework.parts) == 10 and framework.status == "reconstruction"
    assert all(part.prompts and set(part.evidence) <= set(EVIDENCE) for part in framework.parts)
    assert {one.step for part in framework.parts for one in part.prompts} == {
        *("assess", "plan", "do", "review"),
    }
    assert [part.id for part in framework.parts if part.reflects_outcomes] == ["reflection"]
    assert all("," in one.means or one.id == "secure" for one in framework.judgements)


def _broken(tmp_path: Path, name: str, before: str, after: str) -> Path:
    folder = tmp_path / "frameworks"
    folder.mkdir()
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text("utf-8")
        if path.name == name:
            assert before in text, before
            text = text.replace(before, after, 1)
        (folder / path.name).write_text(text, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("before", "after", "field", "said"),
    [
        ("has_judgement: false", "has_judgement: maybe", "has_judgement", "true or false"),
        ("- id: context", "- id: map", "id", "this id too"),
        ("    title: Impact\n", "", "title", "words"),
        ("      assess: Which", "      asess: Which", "asess", "not known"),
        ("evidence: [school,", "evidence: [schools,", "evidence", "schools"),
        ("    outcomes: true", "    words: {least: 9, most: 5}", "least", "more than the most"),
        ("    outcomes: true", "    words: {most: lots}", "most", "whole number"),
        ("    outcomes: true", "    outcome: true", "outcome", "not known"),
        ('"Works in part, or we', "Works in part, or we", "", "not known"),
        ("status: reconstruction", "status: final", "status", "one of"),
        ("parts:", "pieces:", "pieces", "not known"),
        ("parts:\n", "parts: none\nold:\n", "", ""),
        ("key: prov", "key: [prov", "", "cannot be read"),
        ("kind: written-parts", "kind: outcomes", "kind", "one of"),
    ],
)
def test_a_mistake_in_the_framework_is_named(
    tmp_path: Path, before: str, after: str, field: str, said: str
) -> None:
    config = _broken(tmp_path, "provision-map-audit.yaml", before, after)
    with pytest.raises(Unusable) as refused:
        load_framework(config)
    assert "provision-map-audit.yaml" in refused.value.sentence
    assert said in refused.value.sentence
    if field:
        assert re.search(rf"line \d+, {field}: ", refused.value.sentence), refused.value.sentence


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="is not there"):
        load_framework(tmp_path)


@pytest.mark.parametrize(
    ("limit", "count", "said"),
    [
        (WordLimit(None, None), 1, "1 word"),
        (WordLimit(None, 500), 212, "212 of 500 words"),
        (WordLimit(None, 500), 512, "512 of 500 words: 12 too many"),
        (WordLimit(300, None), 1200, "1,200 words"),
        (WordLimit(300, 500), 20, "20 of 500 words; at least 300 are asked for"),
    ],
)
def test_limits_in_words(limit: WordLimit, count: int, said: str) -> None:
    assert limit.said(count) == said
