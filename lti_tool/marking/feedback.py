"""Feedback as plain text for the platform's gradebook, headings kept as lines.

Moodle keeps comments as plain text, so nothing here is markup.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lti_tool.core.numerals import plain
from lti_tool.marking.rubrics import Criterion, Rubric

LONGEST = 18_000


def _head(rubric: Rubric, final: Decimal) -> str:
    band = rubric.band_of(final)
    return f"Mark: {plain(final)} out of 100" + (f" ({band.title})" if band else "") + "."


def criterion_text(
    rubric: Rubric, criterion: Criterion, given: Mapping[str, Any], *, has_marks: bool
) -> str:
    """A criterion with what was given for it and the comment; without a number where none is
    given, and empty where there is then nothing to say."""
    comment = given.get("comment") or ""
    if not has_marks:
        return f"{criterion.title}\n{comment}" if comment else ""
    line = f"{criterion.title} ({criterion.worth}): {rubric.say(criterion, given)}".rstrip(": ")
    return f"{line}\n{comment}" if comment else line


def feedback_text(
    rubric: Rubric,
    final: Decimal,
    marks: Mapping[str, Any],
    feedback: str,
    board: str | None,
    *,
    result: str | None = None,
    working: str | None = None,
    what_next: Sequence[str] = (),
) -> str:
    """The comment that goes with a score.

    :param marks: by criterion: its mark as text and its comment.
    :param board: a sentence on the assessment board, while its result is still to come.
    :param result: the result in words, where it is not said as a mark out of 100; no number
        is then given for a criterion either.
    :param working: how the final mark came about, where it is not the mark as given.
    :param what_next: after a fail: what to redo, by when, whom to ask.
    """
    parts = [f"Result: {result}." if result else _head(rubric, final)]
    if working:
        parts.append(f"How it came about: {working}")
    if board:
        parts.append(board)
    if what_next:
        parts.append("\n".join(what_next))
    if feedback:
        parts.append(feedback)
    for criterion in rubric.criteria:
        given = marks.get(criterion.id) or {}
        parts.append(criterion_text(rubric, criterion, given, has_marks=result is None))
    text = "\n\n".join(filter(None, parts))
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] + "…\n\nThe rest of this feedback is in the activity."
