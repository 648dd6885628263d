"""The log as one document: what is frozen when it is handed in, and read by markers.

Made from the tables at the moment of handing in. It holds schools, roles and texts, never the
name of a person. Plain functions over plain data.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.entries import (
    ABSENT,
    BROKEN,
    MENTOR,
    ONLINE,
    TAUGHT_DAY,
    TUTORIAL,
    Answer,
    Attended,
    Entries,
    Meeting,
    Visit,
)
from lti_tool.activities.placement_log.outcomes import list_sets
from lti_tool.activities.placement_log.progress import Counts
from lti_tool.activities.placement_log.reflection import load_models
from lti_tool.core import clock
from lti_tool.programme.words import load_school_words

VERSION = 1
COUNTING = {states.CONFIRMED, states.ACCEPTED}
TO_COME = {states.PLANNED, states.APPROVED, states.DONE, states.RETURNED}

Snapshot = dict[str, Any]


def new_document() -> Snapshot:
    """A log in which nothing stands yet."""
    return {"visits": [], "meetings": [], "sessions": []}


def current(document: Mapping[str, Any]) -> Snapshot:
    """A snapshot of any version in the newest shape; what older ones have not is empty."""
    return {**new_document(), **document}


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "answer": answer.answer,
        "by": answer.by,
        "on": clock.in_london(answer.answered_at).date().isoformat(),
        "role": answer.role,
        "reason": answer.reason,
        "seal": answer.seal,
        "sentence": answer.sentence,
        "fingerprint": answer.fingerprint,
    }


def _reflection(given: Mapping[str, Any], config_dir: Path) -> dict[str, Any]:
    """The model by its title, and each step that something was written under, in its order.

    What was written under another model before stays in the log, after the chosen one.
    """
    models, parts = load_models(config_dir), given.get("parts", {})
    chosen = models.get(given.get("model", ""))
    steps = [*(chosen.steps if chosen else ()), *(s for m in models.values() for s in m.steps)]
    titles = {step.key: step.title for step in steps}
    written = [key for key in titles if parts.get(key, "").strip()]
    return {
        "model": chosen.title if chosen else "",
        "parts": [{"title": titles[key], "text": parts[key]} for key in written],
    }


def _visit(visit: Visit, config_dir: Path) -> dict[str, Any]:
    document = visit.document
    chosen = list_sets(config_dir).get(document.get("outcome_set", ""))
    linked = document.get("outcomes", ())
    school, words = visit.school, load_school_words(config_dir)
    return {
        "number": visit.number,
        "school": {
            "name": school.name if school else "",
            "urn": school.urn if school else "",
            "phase": words.phases.get(school.phase, "") if school else "",
            "kind": words.kinds.get(school.kind, "") if school else "",
        },
        "on": visit.visit_on.isoformat() if visit.visit_on else "",
        "arrives_at": visit.arrives_at,
        "leaves_at": visit.leaves_at,
        "half_days": visit.half_days,
        "state": visit.state,
        "focus": document.get("focus", ""),
        "outcome_set": chosen.title if chosen else "",
        "outcomes": [
            {"id": f"{chosen.key}:{one.id}", "words": one.in_words}
            for one in (chosen.items if chosen else ())
            if chosen and one.id in linked
        ],
        "shared": document.get("shared", ""),
        "private": document.get("private", ""),
        "reflection": _reflection(document.get("reflection", {}), config_dir),
        "change": document.get("change", ""),
        "actions": document.get("actions", []),
        "answer": _answer(visit.answer),
    }


def _meeting(meeting: Meeting, today: date) -> dict[str, Any]:
    return {
        "kind": meeting.kind,
        "on": meeting.held_on.isoformat(),
        "minutes": meeting.minutes,
        "mode": meeting.mode,
        "topics": meeting.document.get("topics", ""),
        "outcomes": meeting.document.get("outcomes", ""),
        "actions": meeting.document.get("actions", []),
        "written_by": meeting.written_by,
        "confirmed_on": (
            ""
            if meeting.confirmed_at is None
            else clock.in_london(meeting.confirmed_at).date().isoformat()
        ),
        "counts": meeting.confirmed_at is not None and meeting.held_on <= today,
        "query": meeting.query,
    }


def _session(session: Attended) -> dict[str, Any]:
    return {
        "kind": session.kind,
        "title": session.title,
        "on": session.held_on.isoformat(),
        "venue": session.venue,
        "mark": session.mark,
    }


def make_snapshot(entries: Entries, config_dir: Path) -> Snapshot:
    """Everything in a log now, as one document.

    :param config_dir: where the words of the outcomes are, which are kept as they read today.
    """
    today = clock.in_london(clock.now()).date()
    return {
        "visits": [_visit(one, config_dir) for one in entries.visits],
        "meetings": [_meeting(one, today) for one in entries.meetings],
        "sessions": [_session(one) for one in entries.sessions],
    }


def counts_visit(visit: Mapping[str, Any]) -> bool:
    """Whether a visit of a snapshot counts: its host confirmed it, and nothing changed since."""
    sealed = (visit.get("answer") or {}).get("seal")
    return visit["state"] in COUNTING and sealed != BROKEN


def counts_of(snapshot: Mapping[str, Any]) -> Counts:
    """What counts in a snapshot."""
    work = current(snapshot)
    good = [one for one in work["visits"] if counts_visit(one)]
    to_come = [one for one in work["visits"] if one["state"] in TO_COME]
    there = [one["kind"] for one in work["sessions"] if one["mark"] not in ("", ABSENT)]
    agreed = [one["kind"] for one in work["meetings"] if one["counts"]]
    return Counts(
        half_days=sum(one["half_days"] for one in good),
        half_days_to_come=sum(one["half_days"] for one in to_come),
        online=there.count(ONLINE),
        taught=there.count(TAUGHT_DAY),
        mentor=agreed.count(MENTOR),
        tutorials=agreed.count(TUTORIAL),
        outcomes=len({linked["id"] for one in good for linked in one["outcomes"]}),
    )


def is_empty(snapshot: Mapping[str, Any]) -> bool:
    """Whether nothing stands in a log that its participant did: sessions alone were set up."""
    work = current(snapshot)
    return not (work["visits"] or work["meetings"] or any(s["mark"] for s in work["sessions"]))
