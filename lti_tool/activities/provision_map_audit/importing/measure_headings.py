"""Headings that name a measure: "Reading age entry", "SS exit", "Score at entry 2".

A sheet may hold several measures for one provision. What a heading says besides "entry" or "exit"
tells them apart. Called by `columns.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.importing.headings import look_up
from lti_tool.activities.provision_map_audit.words import (
    Words,
    fold_word_list,
    heading_tokens,
)

MEASURE_FIELDS = (
    "measure",
    "scale",
    "entry_score",
    "exit_score",
    "pupils_measured",
    "met_target",
    "months_between",
    "confidence_band",
)
_NUMBERED = re.compile(r"(.*[^\s(:#-])[\s(:#-]*\b([1-9])\)?\s*")
_FILLERS = frozenset({"score", "data", "on", "at", "per", "average", "mean", "assessment", "test"})


@dataclass(frozen=True)
class MeasureHeading:
    """What such a heading says. `label` is its number or its words, empty for the first."""

    field: str
    label: str
    scale: str = ""


def measure_heading(heading: str, words: Words) -> MeasureHeading | None:
    """A heading as one of several measures, or None."""
    numbered = _NUMBERED.fullmatch(heading.strip())
    if numbered:
        field, sure, _ = look_up(numbered[1], words)
        if sure and field in MEASURE_FIELDS:
            return MeasureHeading(field or "", "" if numbered[2] == "1" else numbered[2])
    return _by_ends(heading, words)


def _by_ends(heading: str, words: Words) -> MeasureHeading | None:
    tokens = heading_tokens(heading[:200])
    ends = {words.score_ends[token] for token in tokens if token in words.score_ends}
    if len(ends) != 1 or len(tokens) < 2 or "date" in tokens:
        return None
    kept = [
        word
        for word in re.findall(r"[^\s/():–-]+", heading)
        if not {*heading_tokens(word)} & {*words.score_ends, *_FILLERS}
    ]
    label = " ".join(kept)
    scale = scale_named(label, words)
    return MeasureHeading(ends.pop(), label, scale) if scale else None


def scale_named(text: str, words: Words) -> str:
    """The kind of score that a text names ("Salford reading age"), or an empty text."""
    folded = fold_word_list(text)
    if folded in words.scales:
        return words.scales[folded]
    for phrase in sorted(words.scales, key=len, reverse=True):
        if re.search(rf"\b{re.escape(phrase)}\b", folded):
            return words.scales[phrase]
    return ""
