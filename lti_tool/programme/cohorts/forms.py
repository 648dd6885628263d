"""What a leader fills in: programmes, modules, cohorts, statuses, decisions, dates."""

import re

from wtforms.validators import ValidationError

from lti_tool.programme.cohorts.results.reading import LONGEST_NUMBER, STUDENT_NUMBER
from lti_tool.programme.cohorts.shifting import MOST_WEEKS
from lti_tool.programme.cohorts.words import ROUTES, STATUSES, TRANSFERRED
from lti_tool.web.forms import (
    Choice,
    Choices,
    Day,
    Form,
    LocalDateTime,
    LongText,
    Text,
    Tick,
    Whole,
)

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_CREDITS = 180


def _require_key(field: Text) -> None:
    if field.data and not _KEY.fullmatch(field.data):
        raise ValidationError("Use small letters, digits and single dashes, such as senco-2026.")


class ProgrammeForm(Form):
    """A programme."""

    title = Text("Title")
    route = Choice("Route", ROUTES)
    credits = Whole(
        "Credits the award asks for",
        maximum=MOST_CREDITS,
        hint="60 for a Postgraduate Certificate; 0 where it has none, as with the NPQ.",
    )
    revision = Whole("Revision", required=False)


class NewProgrammeForm(ProgrammeForm):
    """A programme that is not there yet."""

    key = Text(
        "Key",
        max_length=50,
        hint="A short name for commands, such as nasenco or npq. It stays as it is.",
    )

    def validate_key(self, field: Text) -> None:
        """Small letters, digits, dashes."""
        _require_key(field)


class ModuleForm(Form):
    """A module."""

    title = Text("Title")
    credits = Whole("Credits", maximum=MOST_CREDITS)


class NewModuleForm(ModuleForm):
    """A module that is not there yet."""

    key = Text("Module code", max_length=50, hint="As in the registry’s lists, such as ed7001.")

    def validate_key(self, field: Text) -> None:
        """Small letters, digits, dashes; a code in capitals is taken as small letters."""
        field.data = (field.data or "").lower()
        _require_key(field)


class CohortForm(Form):
    """A cohort."""

    title = Text("Title", max_length=100, hint="As you call it, such as September 2026.")
    starts_on = Day("First day")
    ends_on = Day("Last day", required=False)
    outcome_set = Choice("Outcome set", as_list=True)
    revision = Whole("Revision", required=False)

    def validate_ends_on(self, field: Day) -> None:
        """No cohort ends before it begins."""
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError("The last day is before the first.")


class JoinForm(Form):
    """Which course is the run of which module."""

    module = Choice("Module", as_list=True)
    course = Choice(
        "Course on the course site",
        as_list=True,
        hint="Courses in which you teach and whose activity you have opened once.",
    )


class StatusForm(Form):
    """A person's status from a day on."""

    status = Choice("Status", STATUSES)
    since_on = Day("From", hint="Of all entries the one with the latest day holds.")
    to_cohort = Choice(
        "Cohort they go on in",
        as_list=True,
        required=False,
        first="None",
        hint="For a transfer within the programmes you lead. Leave it empty for one elsewhere.",
    )
    reason = LongText("Reason", 1000, hint="Kept in the record. Leave health and family out.")
    built_on = Whole("Built on", required=False)

    def validate_to_cohort(self, field: Choice) -> None:
        """Only who is transferred goes on somewhere."""
        if field.data and self.status.data != TRANSFERRED:
            raise ValidationError("Choose a cohort only with the status “Transferred”.")


class NumberForm(Form):
    """A student number."""

    number = Text("Student number", max_length=LONGEST_NUMBER)

    def validate_number(self, field: Text) -> None:
        """Letters, digits and what registries put between them."""
        if field.data and not STUDENT_NUMBER.fullmatch(field.data):
            raise ValidationError("Use letters, digits, and / . _ - between them.")


class ResultsForm(Form):
    """What a list does not say itself, and the word that problems may stay out."""

    module = Choice(
        "Module of rows that name none",
        as_list=True,
        required=False,
        first="Each row names its module",
    )
    leave_out = Tick("Leave out the rows with a problem")


class AwardForm(Form):
    """A decision for some people."""

    kind = Choice("What was decided")
    decided_on = Day("Day of the decision")
    people = Choices("For whom", required="Tick at least one person.")
    reason = LongText(
        "Reason",
        1000,
        required=False,
        hint="Needed where the tool does not know all that the award rests on.",
    )


class ForwardForm(Form):
    """By how much dates move."""

    weeks = Whole(
        "Weeks by which dates move",
        minimum=0,
        maximum=MOST_WEEKS,
        hint="Whole weeks keep the day of the week. What would fall on a weekend, a bank holiday "
        "or a day the university is closed goes on to the next working day.",
    )


class FollowForm(Form):
    """The course that follows one of the earlier cohort."""

    course = Choice("Course that follows", as_list=True, required=False, first="Not yet")


class DatesForm(Form):
    """The new dates of one piece of work."""

    due_at = LocalDateTime("Due", required=False)
    board_on = Day("Board", required=False)


class GoingOnForm(Form):
    """Who goes on from the earlier cohort."""

    comes_back = Choices("Come into this cohort", required=False)
    resubmits = Choices("Resubmit here and stay in their cohort", required=False)
    reason = Text("Reason", required=False, max_length=500, hint="Kept in the record.")


class AnswerForm(Form):
    """An answer to somebody who asked to lead."""

    reaches = Choice("What they would lead")
    reason = Text("Reason", required=False, max_length=500, hint="They read it where you decline.")
