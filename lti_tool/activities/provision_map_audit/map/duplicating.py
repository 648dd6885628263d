"""A copy of a row beneath it, for the pages that work without a script."""

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.core.errors import Unusable


def with_duplicate(document: documents.Document, row_id: str) -> documents.Document:
    """The document with a row twice; the copy stands beneath and has an id of its own.

    :raises NotFound: there is none with this id.
    :raises Unusable: the map would have too many rows.
    """
    documents.get_row(document, row_id)
    rows = list(document["rows"])
    if len(rows) >= documents.MOST_ROWS:
        raise Unusable(f"A map may have up to {documents.MOST_ROWS} rows.")
    at = next(place for place, one in enumerate(rows) if one["id"] == row_id)
    counter = document["counter"] + 1
    rows.insert(at + 1, {**rows[at], "id": f"r{counter}"})
    return {**document, "rows": rows, "counter": counter}
