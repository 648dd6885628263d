"""Columns, headings and sheets that look as if they were about single children: left out whole.

What a short text gives away is `lti_tool/privacy/`'s to know; this is about a spreadsheet's shape.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from lti_tool.activities.provision_map_audit.sheets.cells import Cell
from lti_tool.activities.provision_map_audit.words import (
    Words,
    fold,
    heading_key,
    heading_tokens,
)
from lti_tool.privacy.guard import (
    Suspicion,
    clear_key,
    is_cleared,
    names_one_child,
    without_interventions,
)
from lti_tool.privacy.person_shapes import (
    CODE,
    EMAIL,
    UPN,
    is_initials,
    is_person_shaped,
    is_year_group,
    list_parts,
)

_GROUPS = frozenset({"group", "groups", "class", "year", "stage", "phase"})
_SHORT_CODE = re.compile(r"[PC]\d{1,3}")


def suspect_column(
    heading: str,
    cells: Sequence[Cell],
    field: str | None,
    words: Words,
    cleared: frozenset[str],
    today: dt.date,
) -> Suspicion | None:
    """Look at a column by heading and by values; a finding means: leave the column out.

    A column found by its values alone can be cleared by its heading's key.
    """
    kind = words.pupil_headings.get(heading_key(heading))
    if field == "pupil":
        return _column(f"the {kind or 'name'}s of single pupils", heading, False)
    texts = [cell.text for cell in cells if cell.text]
    if not texts or field in ("staff", "area", "tier"):
        return None
    if _share(texts, UPN.search) >= 0.5:
        return _column("unique pupil numbers", heading, False)
    if _share(texts, EMAIL.search) >= 0.5:
        return _column("e-mail addresses", heading, False)
    if is_cleared(heading, cleared):
        return None
    if field not in ("start_on", "end_on", "review_on") and _births(cells, today):
        return _column("dates of birth", heading, True)
    return _by_shape(texts, heading, field, words, cleared)


def _by_shape(
    texts: list[str], heading: str, field: str | None, words: Words, cleared: frozenset[str]
) -> Suspicion | None:
    texts = [text for text in texts if not is_cleared(text, cleared)]
    if not texts or field not in (
        None,
        "name",
        "target_group",
        "notes",
        "group_size",
        "measure",
        "pupils_reached",
        "ignore",
    ):
        return None
    people = {
        text: names_codes(heading, text)
        or _all_people(without_interventions(text, words), words, field)
        for text in set(texts)
    }
    named = _share(texts, people.__getitem__)
    if named >= 0.5 and (len(set(texts)) >= 2 or field not in ("name", "notes")):
        return _column("names, initials or codes of single pupils", heading, True)
    return None


def names_codes(heading: str, text: str) -> bool:
    """Whether a cell under a heading about pupils is nothing but codes: 'P1', 'P1, P2'.

    Under another heading, and under one about groups of pupils, P1 to P7 are Scottish years.
    """
    about, parts = set(heading_tokens(heading)), list_parts(text)
    if "pupil" not in about or about & _GROUPS or not parts:
        return False
    return all(_SHORT_CODE.fullmatch(part) for part in parts)


def _all_people(text: str, words: Words, field: str | None) -> bool:
    parts = list_parts(text)
    if not parts or "|" in text:
        return False
    if field == "name":
        return all(CODE.fullmatch(part.strip()) or is_person_shaped(part, words) for part in parts)
    return all(
        is_person_shaped(part, words) or is_initials(part, words) or CODE.fullmatch(part.strip())
        for part in parts
    )


def _share(texts: Sequence[str], test: object) -> float:
    assert callable(test)
    return sum(1 for text in texts if test(text)) / len(texts) if texts else 0.0


def _births(cells: Sequence[Cell], today: dt.date) -> bool:
    """Most of the filled cells are dates that lie 3 to 20 years back."""
    filled = [cell for cell in cells if cell.text]
    years = []
    for cell in filled:
        if isinstance(cell.value, dt.date):
            years.append((today - _day(cell.value)).days / 365.25)
        elif found := re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d{2})", cell.text):
            year = int(found[1]) if len(found[1]) == 4 else 2000 + int(found[1])
            years.append(float(today.year - year))
    births = [age for age in years if 3 <= age <= 20]
    return len(births) >= 2 and len(births) >= 0.6 * len(filled)


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value


def _column(kind: str, heading: str, can_clear: bool) -> Suspicion:
    sentence = (
        f"Column '{heading or 'without a heading'}' looks like {kind}, so it is left out. Nothing "
        "in it is kept."
    )
    if can_clear:
        sentence += " If it is not about pupils, tick the box here and press “Read again”."
    return Suspicion(kind, sentence, clear_key(heading), can_clear)


def suspect_heading(heading: str, words: Words, cleared: frozenset[str]) -> Suspicion | None:
    """A heading we do not know that is a child's name: pupils stand across the top."""
    if not heading or not names_one_child(heading, words, cleared):
        return None
    sentence = (
        "The heading of this column looks like a pupil's name, so the column is left out. Nothing "
        "in it is kept. Type how many pupils each provision reaches. If it is not about a pupil, "
        "tick the box here and press “Read again”."
    )
    return Suspicion("one pupil", sentence, clear_key(heading), True)


def tells_of_one_child(text: str, words: Words) -> bool:
    """Whether a cell in a column about pupils names or codes exactly one child."""
    text = text.strip()
    if not text or is_year_group(text) or fold(text) in words.unknown:
        return False
    if re.fullmatch(r"\d{1,3}(?:\s*(?:x\s*)?(?:pupils|children|chn|students))?", text, re.I):
        return False
    if re.search(
        r"\b(?:group|various|several|all|whole|class|cohort|pupils|children|identified)\b",
        text,
        re.I,
    ):
        return False
    parts = list_parts(text)
    if len(parts) == 2 and "," in text and not any(" " in part for part in parts):
        # "Carter, Ben" is one child; "Ben, Zara" and "AB, CD" are two.
        named_first = parts[0].casefold() in words.first_names | words.weak_names
        return not named_first and not is_initials(parts[0], words)
    return len(parts) == 1


def whole_sheet_left_out(name: str, can_clear: bool) -> Suspicion:
    """The finding for a sheet about one child."""
    sentence = (
        "This sheet looks as if it is about one pupil, so all of it is left out. Nothing in it is "
        "kept. Bring the map in by provision instead."
    )
    if can_clear:
        sentence += " If it is not about a pupil, tick the box here and press “Read again”."
    return Suspicion("one pupil", sentence, clear_key(name), can_clear)


ONE_CHILD = (
    "This row is about one named or coded pupil, and the tool keeps no such row. Bring the map in "
    "by provision instead: one row for each intervention, with the number of pupils it reaches."
)
