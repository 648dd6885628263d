"""How long the writing is: a part, the commentary, the audit as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit.framework import Framework, Part
from lti_tool.activities.provision_map_audit.prose import count_words


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How many words each text has. A finished audit has thousands: count once for a page."""

    answers: Mapping[str, int]
    """What is said in each part, by its id."""
    reflections: int
    """What is said of the outcomes."""
    commentary: int

    def part(self, part: Part) -> int:
        """How many words a part has, what is said of the outcomes with it."""
        return self.answers[part.id] + (self.reflections if part.reflects_outcomes else 0)

    def whole(self, framework: Framework) -> int:
        """How many words the audit has: its parts and the commentary, not the references."""
        return sum(map(self.part, framework.parts)) + self.commentary


def words_of(commentary: Mapping[str, Any] | None) -> int:
    """How many words the commentary has; none where there is none."""
    return int(commentary["words"]) if commentary else 0


def count_all(document: documents.Document, framework: Framework) -> WordCounts:
    """The words of every text of an audit."""
    answers = document["answers"]
    return WordCounts(
        {
            part.id: count_words(answers.get(part.id, {}).get("evidence", ""))
            for part in framework.parts
        },
        sum(map(count_words, document["reflections"].values())),
        words_of(document["commentary"]),
    )
