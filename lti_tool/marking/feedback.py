"""Feedback as plain text for the platform's gradebook, headings kept as lines.

Moodle keeps comments as plain text, so nothing here is markup.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.gradebook.queries import plain
from lti_tool.marking.marks import mark_in_words
from lti_tool.marking.rubrics import Rubric

LONGEST = 18_000


def _head(rubric: Rubric, final: Decimal, rules: Rules | None) -> str:
    if rules is not None and rules.mode != MARKS:
        return f"{mark_in_words(rules, final)}."
    band = rubric.band_of(final)
    return f"Mark: {plain(final)} out of 100" + (f" ({band.title})" if band else "") + "."


def feedback_text(
    rubric: Rubric,
    final: Decimal,
    marks: Mapping[str, Any],
    feedback: str,
    board: str | None,
    rules: Rules | None = None,
) -> str:
    """The comment that goes with a score.

    :param marks: by criterion: its mark as text and its comment.
    :param board: the day of the assessment board, in words, while it is still to come.
    :param rules: those of the assignment; without a number where they give none.
    """
    parts = [_head(rubric, final, rules)]
    has_marks = rules is None or rules.mode == MARKS
    if board:
        parts.append(f"Provisional until the assessment board on {board}.")
    if feedback:
        parts.append(feedback)
    for criterion in rubric.criteria:
        given = marks.get(criterion.id) or {}
        comment = given.get("comment") or ""
        if not has_marks and not comment:
            continue
        line = (
            f"{criterion.title} ({criterion.worth}): {rubric.say(criterion, given)}"
            if has_marks
            else criterion.title
        )
        parts.append(f"{line}\n{comment}" if comment else line)
    text = "\n\n".join(parts)
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] + "…\n\nThe rest of this feedback is in the activity."
