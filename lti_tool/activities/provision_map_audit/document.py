"""The work as typed: one versioned document of rows, rates, answers and actions.

Plain functions over plain data: each takes a document and gives a new one. Nothing here knows
where it is kept.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.rows import ProvisionRow
from lti_tool.core.errors import NotFound, Unusable

VERSION = 1
MOST_ROWS = 2000
MOST_ACTIONS = 30

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row of the map in the work: its own id, the provision, and text not yet understood."""

    id: str
    row: ProvisionRow
    unread: Mapping[str, str]


def new_document() -> Document:
    """Work not begun."""
    return {"rows": [], "counter": 0, "rates": {}, "answers": {}, "actions": []}


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
    """The school's own rates where it gave them, the shipped ones elsewhere."""
    return shipped.with_rates({role: Decimal(rate) for role, rate in document["rates"].items()})


def with_rates(document: Document, rates: Mapping[str, Decimal]) -> Document:
    """The document with the school's own rates, pounds an hour by role."""
    return {**document, "rates": {role: str(rate) for role, rate in rates.items()}}


def with_answers(document: Document, answers: Mapping[str, Mapping[str, str]]) -> Document:
    """The document with the written parts as typed: judgement and text by part."""
    kept = {part: dict(given) for part, given in answers.items() if any(given.values())}
    return {**document, "answers": kept}


def with_actions(document: Document, actions: Iterable[Mapping[str, str]]) -> Document:
    """The document with the action plan as typed; empty lines are dropped."""
    kept = [dict(action) for action in actions if any(action.values())]
    return {**document, "actions": kept[:MOST_ACTIONS]}
