"""Forms of the page of decisions on one piece of work. Each has a prefix of its own."""

from lti_tool.marking.decisions import SOURCES
from lti_tool.marking.holds import KINDS
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
            DEFERRAL: "Agreed deferral: the attempt is not capped",
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
    final = Mark("Final mark out of 100")
    reason = LongText(
        "What was decided, and when",
        _LONGEST_REASON,
        hint="Kept in the record. Not shown to the participant.",
    )
