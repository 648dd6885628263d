"""What two tabs or two devices typed into the same row, brought together.

A three-way comparison of texts by field: what the page was filled in from, what was typed there,
and what is saved now. A field that only one side changed takes that side's text; one that both
changed differently is a conflict, and nobody's text is overwritten unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """The texts to keep, with mine standing where both changed; and those fields with theirs."""

    texts: dict[str, str]
    conflicts: dict[str, str]


def is_conflict(base: str, mine: str, theirs: str) -> bool:
    """Whether both sides changed a text, and not to the same."""
    return theirs not in (base, mine) and mine != base


def merge(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merged:
    """Bring three states of one row's texts together; a missing field is an empty one."""
    texts: dict[str, str] = {}
    conflicts: dict[str, str] = {}
    for field in dict.fromkeys((*base, *mine, *theirs)):
        was, typed, saved = (side.get(field, "") for side in (base, mine, theirs))
        texts[field] = saved if typed == was else typed
        if is_conflict(was, typed, saved):
            conflicts[field] = saved
    return Merged(texts, conflicts)
