"""The dashboard and the alert rules name nothing but what the tool exports."""

import json
import re
from pathlib import Path

import pytest
import yaml

from lti_tool.lti.errors import REASONS
from lti_tool.web.meters import key_set_errors, launches, token_errors
from tests.support.scraping import Scraped, read
from tests.support.visiting import make_world

FOLDER = Path(__file__).resolve().parents[2] / "config" / "monitoring"
_NAMES = re.compile(r"\blti_tool_[a-z_]+\b")
_LABELS = re.compile(r"(?:by|ignoring|on) ?\(([a-z_, ]*)\)|([a-z_]+)=~?\"")
_PANELS = {"stat", "timeseries"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Scraped:
    """Everything the tool exports, each at least once."""
    world = make_world(tmp_path_factory.mktemp("exported"))
    launches.labels("launched", "none").inc(0)
    token_errors.labels("1", "unreachable").inc(0)
    key_set_errors.labels("1", "unreachable").inc(0)
    client = world.app.test_client()
    client.get("/healthz")
    return read(client.get("/metrics").get_data(as_text=True))


def _expressions() -> dict[str, list[str]]:
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))
    dashboard = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    return {
        "alerts": [rule["expr"] for group in rules["groups"] for rule in group["rules"]],
        "dashboard": [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]],
    }


@pytest.mark.parametrize("which", ["alerts", "dashboard"])
def test_every_name_is_one_we_export(exported: Scraped, which: str) -> None:
    samples = {name for name, _, _ in exported.samples} | set(exported.families)
    labels = {label for _, its, _ in exported.samples for label in its} | {
        "registration",
        "job",
    }
    expressions = _expressions()[which]
    for expression in expressions:
        for name in _NAMES.findall(expression):
            assert name in samples, name
        for several, one in _LABELS.findall(expression):
            assert {x.strip() for x in f"{several},{one}".split(",") if x.strip()} <= labels
        assert expression.count("(") == expression.count(")")
        assert expression.count("{") == expression.count("}")
    named = set(_NAMES.findall(" ".join(expressions)))
    if which == "dashboard":
        for family in exported.families:
            if family.startswith("lti_tool_"):
                assert any(name.startswith(family) for name in named), f"{family} is not shown"


def test_every_rule_says_what_people_notice_and_what_to_do() -> None:
    rules = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))
    for group in rules["groups"]:
        assert set(group) == {"name", "rules"}
        names = [rule["alert"] for rule in group["rules"]]
        assert len(set(names)) == len(names)
        for rule in group["rules"]:
            assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
            assert re.fullmatch(r"\d+[smhd]", rule["for"]), rule["alert"]
            assert rule["labels"]["severity"] in {"page", "ticket"}
            assert set(rule["annotations"]) == {"summary", "notice", "to_do"}


def test_panels_stand_beside_one_another() -> None:
    dashboard = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert panel["type"] in _PANELS and panel["title"] and panel["description"]
        assert at["x"] + at["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells


def test_labels_are_few_and_tell_of_nobody(exported: Scraped) -> None:
    """Their values are our own words, route rules and row numbers: bounded, and never a person."""
    for name, its, _ in exported.samples:
        for label, value in its.items():
            if label in {"registration"}:
                assert value.isdigit(), name
            elif label == "route":
                assert value == "none" or value.startswith("/"), value
            elif label == "reason" and name.startswith("lti_tool_launches"):
                assert value in REASONS or value == "none"
            else:
                assert re.fullmatch(r"[0-9.+a-zA-Z_]+", value), (name, label, value)
