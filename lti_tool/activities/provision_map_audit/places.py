"""The places of a piece of work that a tutor can remark on, in the order they are rendered.

Their ids stand in the templates of the frozen work too: `work.html` and what it includes.
"""

from lti_tool.activities.provision_map_audit.document import Document, current, map_rows
from lti_tool.activities.provision_map_audit.framework import Framework
from lti_tool.catalogue.contract import Anchor

FIGURES, MAP, PLAN, COMMENTARY = "figures", "map", "plan", "commentary"


def row_anchor(row_id: str) -> str:
    """The place of a row of the map."""
    return f"row-{row_id}"


def part_anchor(part_id: str) -> str:
    """The place of a written part."""
    return f"part-{part_id}"


def places(document: Document, framework: Framework) -> tuple[Anchor, ...]:
    """Figures, the map and its rows, written parts, an uploaded commentary, the plan."""
    document = current(document)
    rows = [
        Anchor(row_anchor(one.id), f"row {number}, {one.row.name or 'name not given'}")
        for number, one in enumerate(map_rows(document), start=1)
    ]
    parts = [Anchor(part_anchor(part.id), f"“{part.title}”") for part in framework.parts]
    commentary = [Anchor(COMMENTARY, "the commentary")] if document["commentary"] else []
    return (
        Anchor(FIGURES, "the figures"),
        Anchor(MAP, "the map as a whole"),
        *rows,
        *parts,
        *commentary,
        Anchor(PLAN, "the action plan"),
    )
