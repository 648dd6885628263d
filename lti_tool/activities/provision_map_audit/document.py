"""The work as typed: one versioned document of the school, rows, answers and actions.

Plain functions over plain data: each takes a document and gives a new one. Nothing here knows
where it is kept.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.profile import Profile
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.core.errors import NotFound, Unusable

VERSION = 2
MOST_ROWS = 2000
MOST_ACTIONS = 30
MOST_WORDS = 500
LONGEST_WORD = 100

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of the map in the work: its own id, the provision, and text not yet understood."""

    id: str
    row: ProvisionRow
    unread: Mapping[str, str]


def new_document() -> Document:
    """Work not begun, in the newest shape.

    `profile` is the school, `rates` pounds an hour by role, `answers` the written parts by id,
    `commentary` one uploaded text or None, `references` the list of works cited, `reflections`
    what is said of each outcome of the chosen set, and `remembered` what the person has told us
    about their spreadsheets: columns by heading, and words that are no child's name.
    `outcome_version` is the kept version of the outcome set; none where it is as it ships.
    `references_in_order` shows the list from A to Z; `priorities_reason` says why more than three.
    """
    return {
        "rows": [],
        "counter": 0,
        "rates": {},
        "profile": {},
        "answers": {},
        "commentary": None,
        "references": "",
        "references_in_order": False,
        "outcome_set": "",
        "outcome_version": None,
        "reflections": {},
        "actions": [],
        "priorities_reason": "",
        "remembered": {"columns": {}, "not_a_child": []},
    }


def current(document: Mapping[str, Any]) -> Document:
    """A document of any version in the newest shape; what older work has not is empty.

    Version 1 had rows, rates, answers and actions alone, and they mean the same in version 2.
    """
    return {**new_document(), **document}


def not_a_child(document: Document) -> frozenset[str]:
    """Words that the person has said are no child's name, such as Hamish & Milo."""
    return frozenset(document["remembered"]["not_a_child"])


def with_not_a_child(document: Document, words: Iterable[str]) -> Document:
    """The document with more words remembered as no child's name."""
    known = sorted(not_a_child(document) | {word[:LONGEST_WORD] for word in words if word})
    remembered = {**document["remembered"], "not_a_child": known[:MOST_WORDS]}
    return {**document, "remembered": remembered}


def map_rows(document: Document) -> list[MapRow]:
    """The rows of the map, in order."""
    return [
        MapRow(str(one["id"]), ProvisionRow.from_dict(one["row"]), one.get("unread", {}))
        for one in document["rows"]
    ]


def get_row(document: Document, row_id: str) -> MapRow:
    """One row.

    :raises NotFound: there is none with this id.
    """
    found = next((row for row in map_rows(document) if row.id == row_id), None)
    if found is None:
        raise NotFound(
            "This row is no longer in your map. It may have been removed in another tab."
        )
    return found


def _entry(number: int, row: ProvisionRow, unread: Mapping[str, str]) -> dict[str, Any]:
    return {"id": f"r{number}", "row": row.to_dict(), "unread": dict(unread)}


def with_rows(
    document: Document, rows: Iterable[tuple[ProvisionRow, Mapping[str, str]]], *, replace: bool
) -> Document:
    """The document with rows added at its end, or in place of those it had.

    :raises Unusable: the map would have too many rows.
    """
    made = copy.deepcopy(document)
    if replace:
        made["rows"] = []
    for row, unread in rows:
        made["counter"] += 1
        made["rows"].append(_entry(made["counter"], row, unread))
    if len(made["rows"]) > MOST_ROWS:
        raise Unusable(
            f"A map may have up to {MOST_ROWS} rows. Bring in fewer, or replace the rows you have."
        )
    return made


def with_changed_row(document: Document, row_id: str, row: ProvisionRow) -> Document:
    """The document with one row as a person has now typed it.

    :raises NotFound: there is none with this id.
    """
    get_row(document, row_id)
    made = copy.deepcopy(document)
    for one in made["rows"]:
        if one["id"] == row_id:
            one["row"], one["unread"] = row.to_dict(), {}
    return made


def without_row(document: Document, row_id: str) -> Document:
    """The document without one row.

    :raises NotFound: there is none with this id.
    """
    get_row(document, row_id)
    made = copy.deepcopy(document)
    made["rows"] = [one for one in made["rows"] if one["id"] != row_id]
    return made


def rates_in_force(document: Document, shipped: RoleRates) -> RoleRates:
    """The school's own rates, with on-costs where it asked for them; the shipped ones elsewhere."""
    profile = Profile.from_document(document)
    return shipped.with_rates(
        {role: Decimal(rate) for role, rate in document["rates"].items()},
        profile.on_costs_percent,
        profile.without_on_costs,
    )


def with_rates(document: Document, rates: Mapping[str, Decimal]) -> Document:
    """The document with the school's own rates, pounds an hour by role."""
    return {**document, "rates": {role: str(rate) for role, rate in rates.items()}}


def with_answers(document: Document, answers: Mapping[str, Mapping[str, Any]]) -> Document:
    """The document with the written parts as typed: judgement, text and evidence by part."""
    kept = {part: dict(given) for part, given in answers.items() if any(given.values())}
    return {**document, "answers": kept}


def with_actions(document: Document, actions: Iterable[Mapping[str, str]]) -> Document:
    """The document with the action plan as typed; empty lines are dropped."""
    kept = [dict(action) for action in actions if any(action.values())]
    return {**document, "actions": kept[:MOST_ACTIONS]}
