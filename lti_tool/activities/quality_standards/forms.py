"""What the team and the reviewers fill in."""

import re
from typing import Any

from lti_tool.catalogue.measures import list_measures
from lti_tool.frameworks.framework import Framework
from lti_tool.web.email_fields import Email
from lti_tool.web.forms import Choice, Day, Form, LongText, Text, Whole

_URL = re.compile(r"https?://[^\s/]+\S*", re.ASCII | re.IGNORECASE)
_USUAL_KINDS = {"link": "link", "meeting": "minutes", "file": "document"}
"""The kind of evidence that a form of it mostly is, where the framework has this kind."""


class StandardForm(Form):
    """What is said of one standard."""

    judgement = Choice("Judgement", required=False)
    narrative = LongText(
        "What you do, and how you know", 10_000, required=False, hint="For the reviewers to read."
    )
    reason = LongText(
        "Why it does not apply",
        2_000,
        required=False,
        hint="Needed only where you judge that the standard does not apply.",
    )
    owner = Choice("Who looks after it", as_list=True, required=False, first="Nobody yet")
    action = LongText(
        "Action",
        4_000,
        required=False,
        hint="What is to be done, where it is not in place yet.",
    )
    due_on = Day("To be done by", required=False)
    revision = Whole("Revision", required=False)

    def check_against(self, framework: Framework) -> bool:
        """Besides each field: a level may need a reason."""
        level = framework.scale.find_level(self.judgement.data or "") if framework.scale else None
        if level is not None and level.needs_reason and not self.reason.data:
            self.problem("reason", f"Say why, since you judge “{level.title}”.")
            return False
        return True


class _EvidenceForm(Form):
    title = Text("What it is", max_length=300)
    kind = Choice("Kind", as_list=True)


class FileForm(_EvidenceForm):
    """A file; its bytes come beside the form."""


class LinkForm(_EvidenceForm):
    """An address where the evidence lies."""

    url = Text("Address", max_length=2_000, hint="It begins with https:// or http://.")

    def check_url(self) -> bool:
        """Only addresses a browser opens as a page."""
        if self.url.data and not _URL.fullmatch(self.url.data):
            self.problem("url", "Give the whole address, beginning with https:// or http://.")
            return False
        return True


class MeetingForm(_EvidenceForm):
    """A meeting."""

    held_on = Day("Held on")


class MeasureForm(Form):
    """Figures from this tool."""

    measure = Choice("Which figures", as_list=True)


EVIDENCE_FORMS: dict[str, type[Form]] = {
    "file": FileForm,
    "link": LinkForm,
    "meeting": MeetingForm,
    "measure": MeasureForm,
}


def evidence_form(framework: Framework, form: str, posted: Any = None) -> Form:
    """The form for one form of evidence, with what it may be."""
    made = EVIDENCE_FORMS[form](posted, prefix=f"{form}-")
    if isinstance(made, MeasureForm):
        made.measure.offer({one.key: one.title for one in list_measures()})
    if isinstance(made, _EvidenceForm):
        kinds = {one.id: one.title for one in framework.evidence_kinds}
        made.kind.offer(kinds)
        if posted is None and _USUAL_KINDS[form] in kinds:
            made.kind.data = _USUAL_KINDS[form]
    return made


class CommentForm(Form):
    """Something said of a standard or of the whole."""

    text = LongText("Your comment", 4_000)


class MoveForm(Form):
    """Moving a checklist on."""

    words = LongText("What the reviewers said", 4_000, required=False)


class InviteForm(Form):
    """Whom to ask to review, and for how long."""

    name = Text("Reviewer’s name", max_length=300)
    email = Email("Reviewer’s e-mail address", example="name@university.ac.uk")
    days = Whole(
        "Days until the link expires", minimum=1, maximum=365, hint="Calendar days, 1 to 365."
    )
