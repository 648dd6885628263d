"""How long the writing is: a part, the commentary, the audit as a whole."""

from collections.abc import Mapping
from typing import Any

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.framework import Framework, Part
from lti_tool.activities.provision_map_audit.prose import count_words


def words_of(commentary: Mapping[str, Any] | None) -> int:
    """How many words the commentary has; none where there is none."""
    return int(commentary["words"]) if commentary else 0


def part_words(document: documents.Document, part: Part) -> int:
    """How many words a part has, what is said of the outcomes with it."""
    count = count_words(document["answers"].get(part.id, {}).get("evidence", ""))
    if part.reflects_outcomes:
        count += sum(count_words(text) for text in document["reflections"].values())
    return count


def words_in_all(document: documents.Document, framework: Framework) -> int:
    """How many words the audit has: its parts and the commentary, not the references."""
    parts = sum(part_words(document, part) for part in framework.parts)
    return parts + words_of(document["commentary"])
