"""What a participant writes of a visit: one versioned document, kept with the visit's row.

Plain functions over plain data. `shared` is what the host sees; everything else is for the
participant and their tutors alone.
"""

from collections.abc import Mapping
from typing import Any

VERSION = 1

Document = dict[str, Any]


def new_document() -> Document:
    """A visit of which nothing was written.

    `outcomes` holds keys of the outcome set; `reflection` the model chosen and a text for each of
    its steps by key; `actions` what will be done and by when, as {"what", "by"} with an ISO day.
    """
    return {
        "focus": "",
        "outcome_set": "",
        "outcomes": [],
        "shared": "",
        "private": "",
        "reflection": {"model": "", "parts": {}},
        "change": "",
        "actions": [],
    }


def current(document: Mapping[str, Any]) -> Document:
    """A document of any version in the newest shape; what older ones have not is empty."""
    return {**new_document(), **document}
