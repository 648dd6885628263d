"""The texts around confirming: checked at start, every outcome of an asking has one."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from lti_tool.activities.placement_log.confirming.words import load_wording
from lti_tool.core.errors import Unusable

CONFIG = Path(__file__).resolve().parents[3] / "config"


def _changed(folder: Path, change: Any) -> Path:
    document = yaml.safe_load((CONFIG / "words" / "placement.yaml").read_text("utf-8"))
    document = copy.deepcopy(document)
    change(document["confirmation"])
    (folder / "words").mkdir()
    (folder / "words" / "placement.yaml").write_text(yaml.safe_dump(document), "utf-8")
    return folder


def test_what_is_kept_is_said_in_two_sentences() -> None:
    wording = load_wording(CONFIG)
    values = {"participant": "Amara", "university": "Moodle", "contact": "the office"}
    kept = " ".join(wording.said(wording.kept, **values))
    assert kept.count(". ") == 1 and kept.endswith(".") and "{" not in kept


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one: one["kept"].append("More."), "2 sentences"),
        (lambda one: one.pop("kept"), "“kept” needs a list"),
        (lambda one: one["help"].append("{name}"), "help names {name}"),
        (lambda one: one["help"].append("{"), "brace"),
        (lambda one: one["outcomes"].pop("paper"), "paper is missing"),
        (lambda one: one["outcomes"].update(maybe="x"), "maybe is not known"),
        (lambda one: one["outcomes"].update(paper="{participant}"), "it may name nothing"),
        (lambda one: one.pop("outcomes"), "cannot be read"),
    ],
)
def test_a_wrong_file_stops_the_start(tmp_path: Path, change: Any, said: str) -> None:
    with pytest.raises(Unusable, match=said):
        load_wording(_changed(tmp_path, change))
