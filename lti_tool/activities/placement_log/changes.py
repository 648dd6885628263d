"""What is different between an earlier copy of a log and a later one, as a tutor reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.placement_log import said
from lti_tool.activities.placement_log.marking_view import STATE_WORDS, requirements_of
from lti_tool.activities.placement_log.snapshot import Snapshot, current
from lti_tool.core.text_changes import Piece, shortened, text_changes

_TEXTS = {
    "focus": "Focus",
    "shared": "Observations for the host",
    "private": "Observations of one’s own",
    "change": "What to change at one’s own school",
}


@dataclass(frozen=True, slots=True)
class VisitChange:
    """A visit that is in both copies and differs."""

    name: str
    cells: tuple[tuple[str, str, str], ...]
    """What, before, now."""
    texts: tuple[tuple[str, tuple[Piece, ...]], ...]
    """A text's title, and its pieces with what was added and removed."""


def _name(visit: Mapping[str, Any]) -> str:
    day = said.iso_day(visit["on"]) or "no date"
    return f"{visit['school']['name'] or 'School not named'}, {day}"


def _facts(visit: Mapping[str, Any]) -> dict[str, str]:
    answer = visit.get("answer") or {}
    return {
        "School": visit["school"]["name"],
        "Day": said.iso_day(visit["on"]),
        "Times": " to ".join(filter(None, (visit["arrives_at"], visit["leaves_at"]))),
        "Length": said.say_days(visit["half_days"]),
        "State": STATE_WORDS.get(visit["state"], visit["state"]),
        "Outcomes": "; ".join(one["words"] for one in visit["outcomes"]),
        "Seal": answer.get("sentence", ""),
        "Actions": "; ".join(
            " by ".join(filter(None, (one.get("what", ""), one.get("by", ""))))
            for one in visit["actions"]
        ),
    }


def _texts(visit: Mapping[str, Any]) -> dict[str, str]:
    reflected = "\n\n".join(one["text"] for one in visit["reflection"]["parts"])
    return {**{label: visit[key] for key, label in _TEXTS.items()}, "Reflection": reflected}


def _visit_change(before: Mapping[str, Any], after: Mapping[str, Any]) -> VisitChange | None:
    old, new = _facts(before), _facts(after)
    cells = tuple((label, old[label], new[label]) for label in new if old[label] != new[label])
    was, now = _texts(before), _texts(after)
    texts = tuple(
        (label, tuple(shortened(text_changes(was[label], now[label]))))
        for label in now
        if was[label] != now[label]
    )
    return VisitChange(_name(after), cells, texts) if cells or texts else None


def _totals(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, str, str]]:
    was = {one.key: one for one in requirements_of(before)}
    for one in requirements_of(after):
        if was[one.key].done != one.done:
            yield one.label, was[one.key].shown, one.shown


def render_changes(before: Snapshot, after: Snapshot) -> Markup:
    """Totals, visits and meetings that differ; headings begin at level 2."""
    old, new = current(before), current(after)
    was = {one["number"]: one for one in old["visits"]}
    now = {one["number"]: one for one in new["visits"]}
    changed = [_visit_change(was[number], now[number]) for number in now if number in was]
    return Markup(
        render_template(
            "placement_log/changes.html",
            is_same=old == new,
            totals=list(_totals(old, new)),
            added=[_name(one) for number, one in now.items() if number not in was],
            removed=[_name(one) for number, one in was.items() if number not in now],
            changed=[one for one in changed if one is not None],
            meetings=(len(old["meetings"]), len(new["meetings"])),
        )
    )
