"""The forms of the programme: a school, a head's address, the head's answer, a tutor's record."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lti_tool.core import clock
from lti_tool.programme.checking import check_dbs_days, check_standing
from lti_tool.programme.mailboxes import check_email, is_own
from lti_tool.programme.numbers import ProgrammeNumbers
from lti_tool.programme.schools import check_urn
from lti_tool.programme.words import (
    DBS_LEVELS,
    INDUCTIONS,
    MENTOR_ROLES,
    QUALIFICATIONS,
    WORKFORCES,
    SchoolWords,
)
from lti_tool.web.forms import Choice, Day, Form, LongText, Text, Tick, Whole

Extra = Mapping[str, Sequence[Any]] | None
_LIST: dict[str, Any] = {"required": False, "as_list": True, "first": "Not known"}
_OWN = "This is the participant’s own address: enter that of the other person."


def today() -> date:
    """Today, in England."""
    return clock.in_london(clock.now()).date()


class CheckedForm(Form):
    """A form that is asked for more than its fields say."""

    def say(self, problems: Mapping[str, str], prefix: str = "") -> None:
        """Put sentences at fields that have none yet."""
        for name, sentence in problems.items():
            if not self[prefix + name].errors:
                self.problem(prefix + name, sentence)

    def check(self) -> None:
        """What further can be wrong; subclasses say it."""

    def validate(self, extra_validators: Extra = None) -> bool:
        """Fields first, then what they say together."""
        super().validate(extra_validators)
        self.check()
        return not any(field.errors for field in self)


class SchoolForm(CheckedForm):
    """Where a participant works."""

    name = Text("Name of the school", max_length=200)
    urn = Text(
        "URN",
        max_length=20,
        required=False,
        hint="Six digits. On get-information-schools.service.gov.uk, or ask the school office.",
    )
    phase = Choice("Phase", as_list=True, required=False)
    kind = Choice("Type", as_list=True, required=False)
    started_on = Day("Working there since")
    not_before: date | None = None
    """The day the post before began."""

    def offer(self, words: SchoolWords) -> None:
        """Put the words of this university on offer."""
        self.phase.offer(words.phases)
        self.kind.offer(words.kinds)

    def check(self) -> None:
        """A URN of the right shape, and a day that can be."""
        wrong = check_urn(self.urn.data or "")
        if wrong is not None:
            self.say({"urn": wrong})
        began = self.started_on.data
        if began is not None and began > today():
            self.say({"started_on": "Tell us when you have begun there: this day is to come."})
        elif began is not None and self.not_before is not None and began < self.not_before:
            self.say({"started_on": "This is before the day on which the school before began."})


class HeadForm(CheckedForm):
    """Whom to ask."""

    name = Text("Head’s name", max_length=200)
    email = Text(
        "Head’s e-mail address",
        max_length=320,
        hint="Their own school address. The link is for the head alone.",
    )
    own_email: str | None = None

    def check(self) -> None:
        """One address, and not the participant's own."""
        check_address(self, "email", self.own_email)


def check_address(form: CheckedForm, name: str, own: str | None) -> None:
    typed = form[name].data
    if not typed:
        return
    wrong = check_email(typed)
    if wrong is not None:
        form.say({name: wrong})
    elif is_own(typed, own):
        form.say({name: _OWN})


class MentorForm(CheckedForm):
    """A participant's mentor."""

    name = Text("Mentor’s name", max_length=200)
    email = Text("Mentor’s e-mail address", max_length=320)
    role = Choice("The mentor is", MENTOR_ROLES)
    own_email: str | None = None

    def check(self) -> None:
        """One address, and not the participant's own."""
        check_address(self, "email", self.own_email)


class DbsForm(CheckedForm):
    """Facts of a check, from the single central record."""

    level = Choice("Level", DBS_LEVELS)
    workforce = Choice("Workforce", WORKFORCES)
    issued_on = Day("Issued on")
    update_service_on = Day("Update Service last asked on", required=False)
    checked_by = Choice("Checked by", as_list=True, hint="The office, not a name.")
    checked_on = Day("Checked on", hint="When that office last looked at it.")

    def check(self) -> None:
        """Days in an order that can be."""
        days = (self.issued_on.data, self.update_service_on.data, self.checked_on.data)
        self.say(check_dbs_days(*days, today()))


class StandingForm(CheckedForm):
    """QTS, induction, dates and qualification."""

    qts = Choice("QTS", {"yes": "Held", "no": "Not held"}, **_LIST)
    qts_checked_on = Day("QTS checked on", required=False)
    induction = Choice("Induction", INDUCTIONS, **_LIST)
    senco_since = Day(
        "SENCO since",
        required=False,
        hint="When they became a SENCO, at any school. Empty where they are not one yet.",
    )
    is_aspiring = Tick("Not a SENCO yet")
    trn = Text("Teacher reference number (TRN)", max_length=20, required=False)
    qualification = Choice("Studies for", QUALIFICATIONS, **_LIST)
    course_began_on = Day("Course began on", required=False)
    numbers: ProgrammeNumbers | None = None

    def check(self) -> None:
        """Facts that can be true together."""
        if self.numbers is None:
            return
        self.say(
            check_standing(
                senco_since=self.senco_since.data,
                is_aspiring=bool(self.is_aspiring.data),
                qts_checked_on=self.qts_checked_on.data,
                qualification=self.qualification.data or "",
                course_began_on=self.course_began_on.data,
                trn=self.trn.data or None,
                today=today(),
                numbers=self.numbers,
            )
        )


class AgreementForm(CheckedForm):
    """An agreement that came another way, such as on paper."""

    agreed_on = Day("Agreed on")
    release_days = Whole("Days of release", required=False, maximum=60)

    def check(self) -> None:
        """A day that has been."""
        if self.agreed_on.data is not None and self.agreed_on.data > today():
            self.say({"agreed_on": "This day is still to come: check the year."})


class RefusalForm(CheckedForm):
    """A head does not agree."""

    reason = LongText(
        "Why not",
        1000,
        hint="The participant and their tutors read it. No names of pupils, please.",
    )
    signed_name = Text("Your name", max_length=200)
