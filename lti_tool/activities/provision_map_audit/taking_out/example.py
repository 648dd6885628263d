"""The finished, fictional audit of `config/examples/`, as a document like anybody's work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from lti_tool.activities.provision_map_audit.document import (
    Document,
    new_document,
    rates_in_force,
    with_rows,
)
from lti_tool.activities.provision_map_audit.figures.statements import Statement, list_statements
from lti_tool.activities.provision_map_audit.framework import load_framework
from lti_tool.activities.provision_map_audit.rows import AREAS, TIERS, ProvisionRow
from lti_tool.activities.provision_map_audit.words import (
    WordsUnusable,
    read_yaml,
    section,
)
from lti_tool.activities.provision_map_audit.workbench import (
    rules_in_force,
    shipped_rates,
    words_in_force,
)
from lti_tool.frameworks.shipped import find_outcome_set

_KNOWN = frozenset(item.name for item in fields(ProvisionRow))


@dataclass(frozen=True, slots=True)
class Example:
    """The made-up school's name, a sentence that says so, and its work."""

    title: str
    note: str
    document: Document


@cache
def load_example(config_dir: Path) -> Example:
    """The example.

    :raises WordsUnusable: naming the file and what is wrong in it.
    """
    path = config_dir / "examples" / "provision-map-audit.yaml"
    loaded = read_yaml(path)
    rows = loaded.get("rows")
    if not isinstance(rows, list) or not rows:
        raise WordsUnusable(f"{path}: 'rows' must be a list of provisions.")
    made: list[tuple[ProvisionRow, dict[str, str]]] = [
        (_row(one, f"{path}: row {number}"), {}) for number, one in enumerate(rows, 1)
    ]
    document = with_rows(new_document(), made, replace=True)
    answers = section(loaded, "answers", path)
    known = {part.id for part in load_framework(config_dir).parts}
    if unknown := set(answers) - known:
        raise WordsUnusable(f"{path}: 'answers.{min(unknown)}' is no part of the audit.")
    document["profile"] = _texts(section(loaded, "profile", path))
    document["rates"] = _texts(section(loaded, "rates", path))
    document["answers"] = {
        part: {"judgement": "", **_texts(given, f"{path}: 'answers.{part}'")}
        for part, given in answers.items()
    }
    _add_reflections(document, loaded, path)
    document["references"] = str(loaded.get("references", ""))
    document["actions"] = [
        {"id": f"a{number}", **_texts(action, f"{path}: action {number}")}
        for number, action in enumerate(loaded.get("actions") or [], start=1)
    ]
    _add_picked(document, loaded, path)
    return Example(str(loaded.get("title", "")), str(loaded.get("note", "")), document)


def _add_reflections(document: Document, loaded: Mapping[str, Any], path: Path) -> None:
    """What is said of the outcomes of the set it names, if any."""
    key = str(loaded.get("outcome_set") or "")
    chosen = find_outcome_set(path.parent.parent, key)
    if key and chosen is None:
        raise WordsUnusable(f"{path}: 'outcome_set' names no set of frameworks/: {key}.")
    texts = _texts(loaded.get("reflections") or {}, f"{path}: 'reflections'")
    ids = {one.id for one in chosen.judged} if chosen else set()
    if unknown := set(texts) - ids:
        raise WordsUnusable(f"{path}: 'reflections.{min(unknown)}' is no outcome of its set.")
    document["outcome_set"], document["reflections"] = key, texts


def _add_picked(document: Document, loaded: Mapping[str, Any], path: Path) -> None:
    """The figures put beside the parts, as the example's own map says them."""
    picked = loaded.get("picked") or {}
    if not isinstance(picked, Mapping):
        raise WordsUnusable(f"{path}: 'picked' must be a list of parts, each with its figures.")
    day = loaded.get("picked_on")
    if not picked:
        return
    if not isinstance(day, dt.date):
        raise WordsUnusable(f"{path}: 'picked_on' must be a day, such as 2026-11-09.")
    found = _statements(document, path.parent.parent, day)
    for part, ids in picked.items():
        if part not in document["answers"]:
            raise WordsUnusable(f"{path}: 'picked.{part}' is no part with an answer.")
        if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
            raise WordsUnusable(f"{path}: 'picked.{part}' must be a list of ids of figures.")
        if unknown := set(ids) - set(found):
            raise WordsUnusable(f"{path}: 'picked.{part}': {min(unknown)} is no figure of its map.")
        document["answers"][part]["picked"] = [
            {"id": key, "label": found[key].label, "text": found[key].text, "as_of": str(day)}
            for key in ids
        ]


def _statements(document: Document, config_dir: Path, day: dt.date) -> dict[str, Statement]:
    rates = rates_in_force(document, shipped_rates(config_dir))
    words = words_in_force(config_dir)
    listed = list_statements(document, words, rates, rules_in_force(config_dir), day)
    return {one.id: one for one in listed}


def _texts(given: object, place: str = "") -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise WordsUnusable(f"{place} must be a list of fields, each with its text.")
    return {str(name): str(text).strip() for name, text in given.items()}


def _row(given: object, place: str) -> ProvisionRow:
    """A provision as the file has it: numbers and days as they are, staff as a list."""
    if not isinstance(given, Mapping) or not given.get("name"):
        raise WordsUnusable(f"{place} needs a name.")
    if unknown := set(given) - _KNOWN:
        raise WordsUnusable(f"{place}: '{min(unknown)}' is no field of a provision.")
    stored: dict[str, Any] = {
        name: str(value) for name, value in given.items() if name not in {"staff", "more_measures"}
    }
    try:
        stored["staff"] = [
            {"role": one["role"], "count": one["count"], "hourly_rate": one.get("rate")}
            for one in given.get("staff", [])
        ]
        row = ProvisionRow.from_dict(stored)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WordsUnusable(f"{place} ({given['name']}): {error}.") from None
    if row.area not in {*AREAS, None} or row.tier not in {*TIERS, None}:
        raise WordsUnusable(f"{place} ({given['name']}): the area or tier is not known.")
    return row
