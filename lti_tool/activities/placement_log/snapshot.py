"""The log as one document: what is frozen when it is handed in, and read by markers."""

from typing import Any

VERSION = 1

Snapshot = dict[str, Any]


def new_document() -> Snapshot:
    """A log in which nothing stands yet."""
    return {"visits": [], "meetings": [], "sessions": [], "totals": {}}
