"""A visit in words, for the pages of its participant and of tutors: the part that the host sees,
and the part that the host does not."""

from dataclasses import dataclass

from lti_tool.activities.placement_log.visits import days
from lti_tool.activities.placement_log.visits.bench import Bench
from lti_tool.activities.placement_log.visits.queries import Host, VisitRead
from lti_tool.programme.schools import SchoolRead

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """What pages show of a visit."""

    title: str
    """Its day, or that none is chosen."""
    plan: Pairs
    shared: Pairs
    """What the host sees of what was written; texts keep their lines."""
    private: Pairs
    reflection: Pairs
    model: str
    actions: Pairs
    """What is to be done, and by when."""
    outcomes: list[str]
    outcomes_are_placeholder: bool


def _school(bench: Bench, school: SchoolRead | None) -> str:
    if school is None:
        return ""
    words = bench.schools
    more = [
        words.phases.get(school.phase, ""),
        words.kinds.get(school.kind, ""),
        f"URN {school.urn}" if school.urn else "",
    ]
    said = ", ".join(one for one in more if one)
    return f"{school.name} ({said})" if said else school.name


def _hours(visit: VisitRead) -> str:
    if visit.arrives_at and visit.leaves_at:
        return f"{visit.arrives_at} to {visit.leaves_at}"
    return f"from {visit.arrives_at}" if visit.arrives_at else ""


def shown_of(
    bench: Bench, visit: VisitRead, school: SchoolRead | None, host: Host | None
) -> ShownVisit:
    """A visit in words."""
    document = visit.document
    chosen = bench.outcome_sets.get(document["outcome_set"])
    model = bench.models.get(document["reflection"]["model"])
    parts = document["reflection"]["parts"]
    steps = [step for one in bench.models.values() for step in one.steps]
    return ShownVisit(
        title=days.in_words(visit.visit_on) if visit.visit_on else "A day not yet chosen",
        plan=[
            ("Host school", _school(bench, school)),
            ("Contact", f"{host.name}, {host.email}" if host else ""),
            ("Day", days.in_words(visit.visit_on) if visit.visit_on else ""),
            ("Hours", _hours(visit)),
            ("Length", days.length_in_words(visit.half_days)),
            ("Agreed focus", document["focus"]),
        ],
        shared=[("What I saw", document["shared"])],
        private=[
            ("What I saw, not for the host", document["private"]),
            ("What I would change at my school", document["change"]),
        ],
        reflection=[(step.title, parts[step.key]) for step in steps if parts.get(step.key)],
        model=model.title if model else "",
        actions=[
            (one["what"], days.day_typed(one["by"]))
            for one in document["actions"]
            if one["what"] or one["by"]
        ],
        outcomes=chosen.titles(document["outcomes"]) if chosen else [],
        outcomes_are_placeholder=bool(chosen and not chosen.is_official_text),
    )
