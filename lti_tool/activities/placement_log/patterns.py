"""What is typical of a group's logs, with nobody to be recognised: counts, none of them small."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup

from lti_tool.activities.placement_log.marking_view import requirements_of
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.snapshot import Snapshot, counts_visit, current
from lti_tool.core.small_numbers import count_to_show
from lti_tool.people import visits

HIDDEN = "hidden"


def _shown(found: Mapping[str, int], total: int, fewest: int) -> list[list[str]]:
    """Lines of a table, the most first; hidden ones at the end."""
    counts = {key: count_to_show(count, total, fewest) for key, count in found.items()}
    ordered = sorted(counts.items(), key=lambda one: (one[1] is None, -(one[1] or 0), one[0]))
    return [[key, HIDDEN if count is None else str(count)] for key, count in ordered]


def _per_log(works: Sequence[Snapshot], keys: Any) -> Counter[str]:
    """In how many logs each key stands, counted once a log."""
    return Counter(key for work in works for key in set(keys(current(work))))


def _met(work: Snapshot) -> list[str]:
    return [one.label for one in requirements_of(work) if one.is_met]


def _outcomes(work: Snapshot) -> list[str]:
    good = [one for one in work["visits"] if counts_visit(one)]
    return [linked["words"] for one in good for linked in one["outcomes"]]


def _phases(work: Snapshot) -> list[str]:
    found = (one["school"]["phase"] for one in work["visits"] if counts_visit(one))
    return [phase or "Not said" for phase in found]


def render_cohort(works: Sequence[Snapshot]) -> Markup:
    """The patterns of these logs, or why there is nothing to show; headings begin at level 2."""
    fewest = load_numbers(visits.settings_of_app().config_dir).fewest_logs
    total = len(works)
    return Markup(
        render_template(
            "placement_log/patterns.html",
            total=total if total >= fewest else 0,
            fewest=fewest,
            met=_shown(_per_log(works, _met), total, fewest),
            outcomes=_shown(_per_log(works, _outcomes), total, fewest),
            phases=_shown(_per_log(works, _phases), total, fewest),
        )
    )
