"""Settling what the cells of a row say of its pupils: group size, groups, and how many in all.

Called by `row_combining.py`; where the numbers do not fit together, the row says so.
"""

from __future__ import annotations

from decimal import Decimal

from lti_tool.activities.provision_map_audit.importing.gathered import Gathered
from lti_tool.activities.provision_map_audit.words import heading_tokens
from lti_tool.core.numerals import plain


def settle_groups(got: Gathered) -> None:
    """Group size, groups and pupils; a group count of 1 stands when nothing is said."""
    adults = None
    for name, attribute in (
        ("group_size", "group_size"),
        ("groups", "groups"),
        ("pupils_reached", "pupils"),
    ):
        stated = [
            (c, cell, value)
            for c, cell, parts in got.groups
            if (value := getattr(parts, attribute)) is not None
        ]
        stated.sort(key=lambda item: item[0].field != name)
        if stated:
            got.values[name] = stated[0][2]
            if any(item[2] != stated[0][2] for item in stated[1:]):
                got.problem(stated[1][0], stated[1][1], "Two cells about the pupils disagree.")
    for column, cell, parts in got.groups:
        if parts.adults is not None and parts.adults > 1:
            adults = (column, cell, parts.adults)
    _check_groups(got)
    if adults:
        got.values["_adults"] = adults


def _check_groups(got: Gathered) -> None:
    size, pupils = got.values.get("group_size"), got.values.get("pupils_reached")
    groups = got.values.get("groups")
    if size and groups and pupils and size * groups != pupils:
        got.problem(
            None,
            None,
            f"{plain(groups)} groups of {plain(size)} are not {plain(pupils)} pupils. We divide "
            f"the cost by {plain(pupils)}. Correct one of them.",
        )
    elif pupils and pupils > 1 and not groups and _one_at_a_time(got, size):
        got.values["groups"] = pupils
        got.values["group_size"] = Decimal(1)
        got.problem(
            None,
            None,
            f"The {plain(pupils)} pupils are taught one at a time, so we counted the time "
            f"{plain(pupils)} times. Type 1 group if they share it.",
        )
    elif size and pupils and not groups and pupils > size:
        got.problem(
            None,
            None,
            f"{plain(pupils)} pupils in groups of {plain(size)} need more than one group. We "
            "counted the staff time of 1 group. Type the number of groups if each has its own "
            "sessions.",
        )


def _one_at_a_time(got: Gathered, size: Decimal | None) -> bool:
    """'1:1', or a heading that gives the time of each pupil, such as 'Minutes per pupil a week'."""
    if size is not None:
        return size == 1
    return got.each_pupil or any(
        {"pupil", "per"} <= {*heading_tokens(c.heading)} for c, _, _ in got.lengths
    )
