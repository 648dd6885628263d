"""The action plan's lines: ids, order and the prompts that make them SMART."""

from datetime import date

import pytest

from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.activities.provision_map_audit.written import plan

TODAY = date(2026, 11, 22)
WHOLE = {
    "action": "Move two programmes into groups of three.",
    "success": "Nine pupils in 10 measured by March.",
    "owner": "SENCo",
    "by": "2027-03-26",
}


def _line(**changed: str) -> plan.Line:
    return {**plan.empty_line("a1"), **WHOLE, **changed}


def test_older_lines_get_ids_of_their_own() -> None:
    lines = plan.with_ids([dict(WHOLE), {**WHOLE, "id": "a1"}, dict(WHOLE)])
    assert len({line["id"] for line in lines}) == 3 and lines[1]["id"] == "a1"
    assert all(line["priority"] == "" for line in lines)
    assert not set(plan.new_ids(lines, 3)) & {line["id"] for line in lines}


def test_moving_and_ordering_keep_every_line() -> None:
    lines = [
        {**_line(), "id": key, "priority": p} for key, p in (("a", ""), ("b", "2"), ("c", "1"))
    ]
    assert [one["id"] for one in plan.moved(lines, "c", -1)] == ["a", "c", "b"]
    assert plan.moved(lines, "a", -1) == lines and plan.moved(lines, "x", 1) == lines
    assert [one["id"] for one in plan.by_priority(lines)] == ["c", "b", "a"]
    assert [one["id"] for one in plan.without(lines, "b")] == ["a", "c"]
    assert plan.count_first(lines) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, None),
        ({"by": ""}, "Give a day"),
        ({"by": "2026-01-01"}, "has passed"),
        ({"success": ""}, "how you will know"),
        ({"success": "It is better."}, "measure"),
        ({"owner": "Jack Carter"}, "Name a role"),
        ({"owner": ""}, "which role"),
        ({"action": "Train TAs"}, "a little more"),
        ({"action": ""}, "what will change"),
    ],
)
def test_prompts(words: Words, changed: dict[str, str], said: str | None) -> None:
    found = plan.prompts_for(_line(**changed), words, TODAY)
    assert found == [] if said is None else len(found) == 1 and said in found[0]


def test_an_empty_line_is_not_prompted(words: Words) -> None:
    assert plan.prompts_for(plan.empty_line("a1"), words, TODAY) == []
