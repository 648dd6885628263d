"""What differs between two states of the work: rows by their cells, and other parts by name."""

from dataclasses import dataclass

from lti_tool.activities.provision_map_audit.document import Document, map_rows
from lti_tool.activities.provision_map_audit.map.cells import shown_cells
from lti_tool.activities.provision_map_audit.map.limits import Limits
from lti_tool.activities.provision_map_audit.words import Words

MAP_PARTS = ("rows", "rates", "profile")
"""Parts of the document that make the map."""
_NAMES = {
    "rates": "Hourly rates",
    "profile": "School profile",
    "answers": "Written parts",
    "commentary": "Commentary",
    "references": "References",
    "outcome_set": "Outcome set",
    "reflections": "Reflections",
    "actions": "Action plan",
}


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that differs: its name, and for each field its text then and now.

    `what` is "only then", "only now" or "changed".
    """

    name: str
    what: str
    cells: tuple[tuple[str, str, str], ...] = ()


def differing_rows(
    now: Document, then: Document, words: Words, limits: Limits
) -> list[RowDifference]:
    """Rows that an earlier draft has differently, in the order of the draft."""
    mine = {one.id: shown_cells(one, words, limits) for one in map_rows(now)}
    theirs = {one.id: shown_cells(one, words, limits) for one in map_rows(then)}
    found = []
    for row_id in dict.fromkeys((*theirs, *mine)):
        before, after = theirs.get(row_id), mine.get(row_id)
        name = (before or after or {}).get("name", "") or "Name not given"
        if after is None:
            found.append(RowDifference(name, "only then"))
        elif before is None:
            found.append(RowDifference(name, "only now"))
        elif before != after:
            cells = tuple(
                (
                    words.labels.get(field, _as_label(field)),
                    before.get(field, ""),
                    after.get(field, ""),
                )
                for field in dict.fromkeys((*before, *after))
                if before.get(field) != after.get(field)
            )
            found.append(RowDifference(name, "changed", cells))
    return found


def _as_label(field: str) -> str:
    return field.replace("_", " ").capitalize()


def differing_parts(now: Document, then: Document) -> list[str]:
    """Names of the other parts of the work that differ."""
    return [name for part, name in _NAMES.items() if now.get(part) != then.get(part)]
