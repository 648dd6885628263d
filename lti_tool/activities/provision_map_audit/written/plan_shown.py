"""The action plan as it reads, the same in the frozen work, the report and the workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit.document import Document
from lti_tool.activities.provision_map_audit.written.plan import PRIORITIES

HEADINGS = {
    "action": "What will change",
    "priority": "Priority",
    "owner": "Who leads it",
    "by": "By when",
    "success": "How we will know",
    "evidence": "Evidence",
}
_ALWAYS = ("action", "owner", "by", "success")


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """The fields that are used with their headings, the lines, and why more than three come first.

    The usual four fields are always there; a priority and evidence only where a line has one.
    """

    fields: Mapping[str, str]
    lines: list[list[str]]
    reason: str


def plan_of(document: Document) -> ShownPlan:
    """The plan of a document in the newest shape; plans of older work have fewer fields."""
    picked = {
        one["id"]: f"{one['label']}: {one['text']}"
        for answer in document["answers"].values()
        for one in answer.get("picked", [])
    }
    lines = [_in_words(action, picked) for action in document["actions"]]
    held = {field for line in lines for field, text in line.items() if text}
    fields = {key: said for key, said in HEADINGS.items() if key in _ALWAYS or key in held}
    reason = str(document.get("priorities_reason", ""))
    return ShownPlan(fields, [[line[key] for key in fields] for line in lines], reason)


def _in_words(action: Mapping[str, Any], picked: Mapping[str, str]) -> dict[str, str]:
    """One line: its priority in words, and a figure picked beside evidence in one's own words."""
    said = {field: str(action.get(field, "")) for field in HEADINGS}
    said["priority"] = PRIORITIES.get(said["priority"], said["priority"])
    figure = picked.get(str(action.get("picked", "")), "")
    said["evidence"] = "; ".join(filter(None, (figure, said["evidence"])))
    return said
