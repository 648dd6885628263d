"""Evidence picked from the map's own rows and figures, kept as it read when it was picked.

Figures come from the ledger of statements, whose ids stay while the map changes; so a picked one
can say what it was and what it is now. Nothing in the written work changes unless the person
updates it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.figures.rates import RoleRates
from lti_tool.activities.provision_map_audit.figures.rules import FigureRules
from lti_tool.activities.provision_map_audit.figures.statements import Statement, list_statements
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.activities.provision_map_audit.written.framework import Part
from lti_tool.core import clock

MOST_PICKED = 40
"""Pieces of evidence in one part."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A figure in a part: as it was when picked, and as it is now; None where it is gone."""

    id: str
    label: str
    text: str
    as_of: str
    now: str | None

    @property
    def has_changed(self) -> bool:
        """Whether the map says something else now."""
        return self.now != self.text

    @property
    def said(self) -> str:
        """The figure in words, with what became of it."""
        line = f"{self.label}: {self.text}"
        if self.now is None:
            return f"{line} when picked; it is no longer in the map"
        if self.has_changed:
            return f"{self.label}: was {self.text} when picked, now {self.now}"
        return line


def statements_of(
    document: documents.Document, words: Words, rates: RoleRates, rules: FigureRules
) -> dict[str, Statement]:
    """Every figure of the map by its id, as it is today."""
    today = clock.in_london(clock.now()).date()
    return {one.id: one for one in list_statements(document, words, rates, rules, today)}


def fitting(statements: Iterable[Statement], part: Part, row_id: str) -> list[Statement]:
    """The figures that fit a part, and those of one row where one is chosen."""
    kinds = {f"row.{row_id}."} if row_id else {f"{kind}." for kind in part.evidence}
    return [one for one in statements if one.id.startswith(tuple(kinds))]


def others(statements: Iterable[Statement], part: Part) -> list[Statement]:
    """The figures of the whole map that were not thought of for a part."""
    kinds = ("row.", *(f"{kind}." for kind in part.evidence))
    return [one for one in statements if not one.id.startswith(kinds)]


def picked_in(
    document: documents.Document, part_id: str, statements: Mapping[str, Statement] | None = None
) -> list[Picked]:
    """The evidence of a part.

    :param statements: today's figures; where left out, nothing is said to have changed.
    """
    found = document["answers"].get(part_id, {}).get("picked", [])
    return [
        Picked(one["id"], one["label"], one["text"], one["as_of"], _now(one, statements))
        for one in found
    ]


def _now(one: Mapping[str, str], statements: Mapping[str, Statement] | None) -> str | None:
    if statements is None:
        return one["text"]
    return statements[one["id"]].text if one["id"] in statements else None


def has_picked(document: documents.Document) -> bool:
    """Whether any part has evidence picked."""
    return any(answer.get("picked") for answer in document["answers"].values())


def with_picked(
    document: documents.Document, part_id: str, chosen: Sequence[Statement]
) -> documents.Document:
    """The document with more evidence in a part, as it reads now; what was there is not doubled."""
    there = document["answers"].get(part_id, {}).get("picked", [])
    known = {one["id"] for one in there}
    new = [_entry(one) for one in chosen if one.id not in known]
    return _with(document, part_id, (there + new)[:MOST_PICKED])


def with_updated(
    document: documents.Document, part_id: str, statement: Statement
) -> documents.Document:
    """The document with one piece of evidence as it reads now."""
    there = document["answers"].get(part_id, {}).get("picked", [])
    new = [_entry(statement) if one["id"] == statement.id else one for one in there]
    return _with(document, part_id, new)


def without_picked(
    document: documents.Document, part_id: str, statement_id: str
) -> documents.Document:
    """The document without one piece of evidence."""
    there = document["answers"].get(part_id, {}).get("picked", [])
    return _with(document, part_id, [one for one in there if one["id"] != statement_id])


def _entry(one: Statement) -> dict[str, str]:
    today = clock.in_london(clock.now()).date()
    return {"id": one.id, "label": one.label, "text": one.text, "as_of": today.isoformat()}


def _with(
    document: documents.Document, part_id: str, picked: list[dict[str, Any]]
) -> documents.Document:
    answer = {"judgement": "", "evidence": "", **document["answers"].get(part_id, {})}
    answers = {**document["answers"], part_id: {**answer, "picked": picked}}
    return documents.with_answers(document, answers)
