"""Rules of marking as data: every wrong value is named with its place."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from lti_tool.core.errors import Unusable
from lti_tool.coursework.rules import check_rules, list_rules, read_rules

CONFIG = Path(__file__).parents[3] / "config"
SHIPPED = yaml.safe_load((CONFIG / "rules" / "marking.yaml").read_text("utf-8"))


def test_every_shipped_set_can_be_used() -> None:
    found = {rules.key: rules for rules in list_rules(CONFIG)}
    assert set(found) == set(SHIPPED)
    assert found["half-marks-double"].is_double_marked
    assert found["half-marks-double"].round_to == Decimal("0.5")
    assert found["standard"].late.amount == 5


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d.pop("pass_mark"), "pass_mark"),
        (lambda d: d.update(pass_mark="fifty"), "pass_mark"),
        (lambda d: d.update(pass_mark=101), "from 0 to 100"),
        (lambda d: d.update(pass_mark=float("nan")), "pass_mark"),
        (lambda d: d.update(pass_mark=True), "pass_mark"),
        (lambda d: d.update(round_to=0), "round_to"),
        (lambda d: d.update(mode="letters"), "pass_fail"),
        (lambda d: d.update(anonymous="perhaps"), "true or false"),
        (lambda d: d.update(late=5), "late"),
        (lambda d: d["late"].update(kind="hourly"), "marks_per_day"),
        (lambda d: d["late"].update(most_days=1.5), "whole number"),
        (lambda d: d["moderation"].update(rules=[]), "one or more"),
        (lambda d: d["moderation"].update(rules=["tenth"]), "square_root"),
        (lambda d: d.update(title=" "), "title"),
    ],
)
def test_a_wrong_value_is_named(spoil: Any, said: str) -> None:
    document = copy.deepcopy(SHIPPED["standard"])
    spoil(document)
    with pytest.raises(Unusable, match=said) as caught:
        read_rules("standard", document)
    assert "config/rules/marking.yaml" in caught.value.sentence


def test_a_missing_file_and_a_missing_set_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"marking\.yaml cannot be read: No such file"):
        check_rules(tmp_path, "standard")
    with pytest.raises(Unusable, match="no rules named “none-such”"):
        check_rules(CONFIG, "none-such")
