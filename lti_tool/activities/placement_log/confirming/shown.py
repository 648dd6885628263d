"""What a host sees of a visit: plain data, which is sealed as it stands when they confirm.

No name of a person is in it; pages put the participant's beside it. The reflection, the private
observations and the actions never are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import visit_document
from lti_tool.activities.placement_log.models import PartnerVisit
from lti_tool.activities.placement_log.outcomes import list_sets
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.programme.models import School

Shown = dict[str, Any]

_PARTS = {
    "date": "the date",
    "arrives": "the time of arriving",
    "leaves": "the time of leaving",
    "half_days": "the length",
    "school": "the school",
    "focus": "the focus",
    "outcomes": "the outcomes",
    "shared": "the shared observations",
}
_LENGTHS = {1: "half a day", 2: "a whole day"}


@dataclass(frozen=True, slots=True)
class SchoolNamed:
    """The host school as it is called now."""

    id: int
    name: str
    urn: str | None


def outcome_words(config_dir: Path, key: str) -> Mapping[str, str]:
    """What each outcome of a set says, by its id; nothing where there is no such set."""
    found = list_sets(config_dir).get(key)
    return {one.id: one.in_words for one in found.items} if found else {}


def shown_of(
    config_dir: Path, visit: VisitRead | PartnerVisit, school: SchoolNamed | None
) -> Shown:
    """What is shown of a visit, the school being known."""
    document = visit_document.current(visit.document)
    words = outcome_words(config_dir, str(document["outcome_set"]))
    return {
        "date": visit.visit_on.isoformat() if visit.visit_on else "",
        "arrives": visit.arrives_at,
        "leaves": visit.leaves_at,
        "half_days": visit.half_days,
        "school": {
            "id": school.id if school else 0,
            "name": school.name if school else "",
            "urn": (school.urn if school else None) or "",
        },
        "focus": document["focus"],
        "outcomes": [{"key": key, "words": words.get(key, key)} for key in document["outcomes"]],
        "shared": document["shared"],
    }


def schools_named(session: Session, visits: Sequence[VisitRead]) -> dict[int, SchoolNamed]:
    """The host schools of visits, by row number, in one query."""
    rows = session.execute(
        select(School.id, School.name, School.urn).where(
            School.id.in_({one.school_id for one in visits if one.school_id is not None})
        )
    )
    return {row.id: SchoolNamed(*row) for row in rows}


def what_is_shown(session: Session, config_dir: Path, visit: VisitRead) -> Shown:
    """What a host sees of a visit as it stands now."""
    schools = schools_named(session, [visit])
    return shown_of(config_dir, visit, schools.get(visit.school_id or 0))


def _compared(part: str, value: Any) -> Any:
    """A part as it is compared: a school by its number and outcomes by their ids, since a
    corrected spelling in the register or in `config/` is no change of the visit."""
    if part == "school":
        return (value or {}).get("id")
    if part == "outcomes":
        return [one.get("key") for one in value or ()]
    return value


def list_differing(kept: Shown, now: Shown) -> list[str]:
    """Which parts of a visit are no longer as they were shown, in words."""
    return [
        words
        for part, words in _PARTS.items()
        if _compared(part, kept.get(part)) != _compared(part, now.get(part))
    ]


def day_in_words(shown: Shown) -> str:
    """The day of a visit as people say it: "Thursday 4 March 2027"."""
    return iso_in_words(shown.get("date", ""))


def iso_in_words(iso: str) -> str:
    """A day kept as text, as people say it."""
    if not iso:
        return "no date given"
    day = date.fromisoformat(iso)
    return f"{day:%A} {day.day} {day:%B %Y}"


def length_in_words(shown: Shown) -> str:
    """How long, with the times where they were given: "a whole day, 08:45 to 15:30"."""
    length = _LENGTHS.get(shown["half_days"], f"{shown['half_days']} half days")
    times = " to ".join(filter(None, (shown["arrives"], shown["leaves"])))
    return f"{length}, {times}" if times else length


def school_in_words(shown: Shown) -> str:
    """The school by name, with its number where that is known."""
    school = shown["school"]
    name = school["name"] or "a school not named"
    return f"{name} (URN {school['urn']})" if school["urn"] else name
