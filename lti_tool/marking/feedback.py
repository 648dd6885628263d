"""Feedback as plain text for the platform's gradebook, headings kept as lines.

Moodle keeps comments as plain text, so nothing here is markup.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lti_tool.gradebook.queries import plain
from lti_tool.marking.rubrics import Rubric

LONGEST = 18_000


def feedback_text(
    rubric: Rubric, final: Decimal, marks: Mapping[str, Any], feedback: str, board: str | None
) -> str:
    """The comment that goes with a score.

    :param marks: by criterion: its mark as text and its comment.
    :param board: the day of the assessment board, in words, while it is still to come.
    """
    band = rubric.band_of(final)
    head = f"Mark: {plain(final)} out of 100" + (f" ({band.title})" if band else "") + "."
    parts = [head]
    if board:
        parts.append(f"Provisional until the assessment board on {board}.")
    if feedback:
        parts.append(feedback)
    for criterion in rubric.criteria:
        given = marks.get(criterion.id) or {}
        line = f"{criterion.title} (weight {plain(criterion.weight)}%): {given.get('mark', '')}"
        comment = given.get("comment") or ""
        parts.append(f"{line}\n{comment}" if comment else line)
    text = "\n\n".join(parts)
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] + "…\n\nThe rest of this feedback is in the activity."
