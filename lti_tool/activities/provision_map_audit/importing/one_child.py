"""Telling a row about one named or coded child: no such row is kept. Called by `read_map.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lti_tool.activities.provision_map_audit.importing.columns import HeaderMatch
from lti_tool.activities.provision_map_audit.importing.headings import PUPIL
from lti_tool.activities.provision_map_audit.importing.readers import suspect_text
from lti_tool.activities.provision_map_audit.privacy.columns import (
    ONE_CHILD,
    names_codes,
    tells_of_one_child,
)
from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.privacy.guard import Suspicion, clear_key, found_in_text, is_cleared

_ALONE = re.compile(r"\b1\s*(?::|to|-)\s*1\b|\bone[- ]to[- ]one\b|\bindividual(?:ly)?\b", re.I)
_CODE = "a code for one pupil"
_CLEAR = " If it is not about a child, tick the box here and press “Read again”."


def one_child(
    cells: Sequence[Cell], match: HeaderMatch, words: Words, cleared: frozenset[str]
) -> Suspicion | None:
    """What tells that a row is about one child, or None.

    A column of pupils with one name or code; a target group that is one name or code; a provision
    named after a coded child, or after a named one where the row says that the group is one.
    """
    alone = any(
        _ALONE.search(cell.text)
        or (match.field_at.get(index) in ("group_size", "pupils_reached") and cell.text == "1")
        for index, cell in enumerate(cells)
        if cell.text
    )
    for column in match.columns:
        if column.index >= len(cells) or not cells[column.index].text:
            continue
        text = cells[column.index].text
        if column.field == PUPIL:
            if tells_of_one_child(text, words):
                return Suspicion("one pupil", ONE_CHILD, "", False)
            continue
        told = is_cleared(text, cleared) or is_cleared(column.heading, cleared)
        if names_codes(column.heading, text) and not told:
            return _refused(found_in_text(_CODE, text), text)
        if column.field not in ("name", "target_group"):
            continue
        group = column.field == "target_group"
        found = suspect_text(text, words, cleared, about_pupils=group)
        if found is None:
            continue
        named = tells_of_one_child(text, words) if group else alone and _is_name(found)
        if found.kind == _CODE or named:
            return _refused(found, text)
    return None


def _is_name(found: Suspicion) -> bool:
    return found.kind in ("a person's name", "a unique pupil number")


def _refused(found: Suspicion, text: str) -> Suspicion:
    sentence = ONE_CHILD + (_CLEAR if found.can_clear else "")
    return Suspicion("one pupil", sentence, clear_key(text), found.can_clear)
