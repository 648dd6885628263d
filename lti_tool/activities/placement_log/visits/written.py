"""The written part of a visit as its page posts it: its fields, and the document made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.outcomes import OutcomeSet
from lti_tool.activities.placement_log.reflection import Model
from lti_tool.privacy.posted import Field, Held, Posted

MOST_ACTIONS = 10
SHARED, PRIVATE, CHANGE = "shared", "private", "change"
SEALED = "sealed"
"""The name under which it is said that the host confirmed what is being changed."""
_LONG, _LONGEST, _CELL = 5_000, 10_000, 500


@dataclass(frozen=True, slots=True)
class Line:
    """One action on the page."""

    number: int
    what: str
    by: str


def fields_of(document: visit_document.Document, models: Iterable[Model]) -> list[Field]:
    """Every text field of the page, with what is stored of it."""
    parts = document["reflection"]["parts"]
    found = [
        Field(SHARED, "What I saw", _LONG, document["shared"]),
        Field(PRIVATE, "What I saw, not for the host", _LONGEST, document["private"]),
        Field(CHANGE, "What I would change at my school", _LONG, document["change"]),
    ]
    found += [
        Field(f"part-{step.key}", step.title, _LONG, parts.get(step.key, ""))
        for model in models
        for step in model.steps
    ]
    for line in lines_of(document, MOST_ACTIONS):
        number = line.number
        found.append(Field(f"action-{number}", f"Action {number}", _CELL, line.what))
        found.append(Field(f"by-{number}", f"Action {number}, by when", 20, line.by))
    return found


def lines_of(document: visit_document.Document, least: int) -> list[Line]:
    """The actions by their place on the page, with empty ones up to `least`."""
    stored = document["actions"]
    count = min(MOST_ACTIONS, max(least, len(stored)))
    return [
        Line(
            number,
            stored[number - 1]["what"] if number <= len(stored) else "",
            stored[number - 1]["by"] if number <= len(stored) else "",
        )
        for number in range(1, count + 1)
    ]


def hold_odd_days(posted: Posted) -> None:
    """Hold back what is no day in an action's "by when"."""
    for name, typed in posted.typed.items():
        if not name.startswith("by-") or not typed:
            continue
        try:
            date.fromisoformat(typed)
        except ValueError:
            label = posted.fields[name].label
            posted.held[name] = Held(f"{label}: give a day, such as 2027-03-31.")


def document_of(
    document: visit_document.Document,
    form: Mapping[str, str],
    ticked: list[str],
    posted: Posted,
    models: Mapping[str, Model],
    sets: Mapping[str, OutcomeSet],
    *,
    as_typed: bool = False,
) -> visit_document.Document:
    """The document with what was posted: what may be stored of it, or all as typed for the page.

    :param form: what was posted; fields that are not in it stay as they were.
    :param ticked: outcomes that were ticked, each as set and id.
    """
    said = posted.typed.__getitem__ if as_typed else posted.kept
    chosen = form.get("outcome_set", document["outcome_set"])
    chosen = chosen if chosen in sets else ""
    model = form.get("model", document["reflection"]["model"])
    parts = {
        step.key: said(f"part-{step.key}")
        for one in models.values()
        for step in one.steps
        if said(f"part-{step.key}")
    }
    return visit_document.with_not_a_child(
        {
            **document,
            "outcome_set": chosen,
            "outcomes": _outcomes(document, chosen, ticked, sets, is_posted="outcome_set" in form),
            "shared": said(SHARED),
            "private": said(PRIVATE),
            "change": said(CHANGE),
            "reflection": {"model": model if model in models else "", "parts": parts},
            "actions": _actions(said),
        },
        posted.cleared,
    )


def _outcomes(
    document: visit_document.Document,
    chosen: str,
    ticked: list[str],
    sets: Mapping[str, OutcomeSet],
    *,
    is_posted: bool,
) -> list[str]:
    if not is_posted:
        return list(document["outcomes"])
    if not chosen:
        return []
    return [one.id for one in sets[chosen].items if f"{chosen}|{one.id}" in ticked]


def _actions(said: Any) -> list[dict[str, str]]:
    """The actions in their places; empty ones only between others, so that places stay."""
    lines = [
        {"what": said(f"action-{number}"), "by": said(f"by-{number}")}
        for number in range(1, MOST_ACTIONS + 1)
    ]
    while lines and not any(lines[-1].values()):
        lines.pop()
    return lines
