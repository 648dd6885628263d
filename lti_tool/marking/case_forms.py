"""Forms of the page of decisions on one piece of work. Each has a prefix of its own."""

from decimal import Decimal
from functools import cache

from lti_tool.coursework.rules import MARKS
from lti_tool.marking.decisions import SOURCES
from lti_tool.marking.holds import KINDS
from lti_tool.marking.marks import choices_of, mark_of_choice
from lti_tool.marking.retaking import AFTER_FAIL, DEFERRAL
from lti_tool.web.forms import Choice, Form, LocalDateTime, LongText, Mark

_LONGEST_REASON = 2000


class TakeBackForm(Form):
    """Why a release is taken back."""

    reason = LongText(
        "Why you take it back",
        _LONGEST_REASON,
        hint="Kept in the record. Not shown to the participant.",
    )


class HoldForm(Form):
    """Why a result is held back."""

    kind = Choice("What is looked into", KINDS)
    reason = LongText(
        "What happened",
        _LONGEST_REASON,
        hint="For tutors only. The participant reads one neutral sentence.",
    )


class AttemptForm(Form):
    """A further attempt: why, by when."""

    why = Choice(
        "Why it is opened",
        {
            AFTER_FAIL: "After a fail: the attempt is capped by the rules",
            DEFERRAL: "Agreed deferral: capped only if the attempt before it was",
        },
    )
    due_at = LocalDateTime("New due date and time", hint="On the clock in England.")
    reason = LongText(
        "What the participant should know",
        _LONGEST_REASON,
        hint="Shown to the participant: what to redo, and whom to ask.",
    )


class DecisionForm(Form):
    """What was decided elsewhere about one person's result."""

    source = Choice("Who decided", SOURCES)
    reason = LongText(
        "What was decided, and when",
        _LONGEST_REASON,
        hint="Kept in the record. Not shown to the participant.",
    )

    @property
    def mark(self) -> Decimal | None:
        """What was decided, as it is kept."""
        raise NotImplementedError


class _InMarks(DecisionForm):
    final = Mark("Final mark out of 100")

    @property
    def mark(self) -> Decimal | None:
        found: Decimal | None = self.final.data
        return found


@cache
def decision_form(mode: str) -> type[DecisionForm]:
    """The form for a mode of marking: where no number is given, none can be decided.

    :param mode: marks, pass_fail or complete.
    """
    if mode == MARKS:
        return _InMarks

    class InWords(DecisionForm):
        final = Choice("Result", choices_of(mode))

        @property
        def mark(self) -> Decimal | None:
            return mark_of_choice(self.final.data)

    return InWords
