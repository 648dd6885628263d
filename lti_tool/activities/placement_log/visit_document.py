"""What a participant writes of a visit: one versioned document, kept with the visit's row.

Plain functions over plain data. `shared` is what the host sees; everything else is for the
participant and their tutors alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

VERSION = 1

Document = dict[str, Any]


def new_document() -> Document:
    """A visit of which nothing was written.

    `outcomes` holds keys of the outcome set; `reflection` the model chosen and a text for each of
    its steps by key; `actions` what will be done and by when, as {"what", "by"} with an ISO day.
    `school_is_open` is the participant's word on a day that the term calendar calls a holiday;
    `not_a_child` keys of words that they said name no child (`lti_tool/privacy/`).
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
        "school_is_open": False,
        "not_a_child": [],
    }


def current(document: Mapping[str, Any]) -> Document:
    """A document of any version in the newest shape; what older ones have not is empty."""
    return {**new_document(), **document}


def with_not_a_child(document: Document, keys: Iterable[str]) -> Document:
    """The document, remembering what the person said names no child."""
    known = {*document["not_a_child"], *keys}
    return (
        document
        if len(known) == len(document["not_a_child"])
        else {
            **document,
            "not_a_child": sorted(known),
        }
    )


def is_written(document: Document) -> bool:
    """Whether anything beyond the plan was written."""
    texts = (document["shared"], document["private"], document["change"])
    parts = document["reflection"]["parts"].values()
    return any(text.strip() for text in (*texts, *parts)) or bool(document["actions"])
