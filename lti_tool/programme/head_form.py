"""What a head fills in: everything on one page, so that they are asked once."""

from datetime import date
from typing import Any

from lti_tool.programme.answering import Answer
from lti_tool.programme.checking import check_dbs_days, check_standing
from lti_tool.programme.forms import CheckedForm, check_address, today
from lti_tool.programme.mentors import Named
from lti_tool.programme.numbers import ProgrammeNumbers
from lti_tool.programme.recording import DbsFacts
from lti_tool.programme.words import DBS_LEVELS, MENTOR_ROLES, WORKFORCES, SchoolWords
from lti_tool.web.forms import Choice, Day, Text, Tick, Whole

_NEEDED = {
    "dbs_level": "Choose the level of the check.",
    "dbs_workforce": "Choose the workforce of the check.",
    "dbs_issued_on": "Enter the day on which the check was issued.",
    "dbs_checked_by": "Choose the office that checked it.",
    "dbs_checked_on": "Enter the day on which the office checked it.",
}
"""Asked for where the head has the record at hand, and then all of it."""


class HeadAnswerForm(CheckedForm):
    """A head agrees, and says what the school knows."""

    release_days = Whole(
        "Days of release you agree to",
        hint="Over the whole course, for visits and sessions. Enter 0 if none is needed.",
    )
    mentor_name = Text("Mentor’s name", max_length=200)
    mentor_email = Text("Mentor’s e-mail address", max_length=320)
    mentor_role = Choice("The mentor is", MENTOR_ROLES)
    dbs_held = Choice(
        "Have you the single central record at hand?",
        {"yes": "Yes", "no": "Not now: our office will tell the programme office"},
    )
    dbs_level = Choice("Level of the check", DBS_LEVELS, required=False, as_list=True)
    dbs_workforce = Choice("Workforce", WORKFORCES, required=False, as_list=True)
    dbs_issued_on = Day("Issued on", required=False)
    dbs_update_service_on = Day(
        "Update Service last asked on", required=False, hint="Empty if it was not asked."
    )
    dbs_checked_by = Choice("Checked by which office", as_list=True, required=False)
    dbs_checked_on = Day("Checked by that office on", required=False)
    senco_since = Day(
        "SENCO since",
        required=False,
        hint="The day they became a SENCO, at this or any school. Leave it empty if they are not "
        "one yet, or you do not know.",
    )
    signed_name = Text("Your name", max_length=200)
    signed_role = Text("Your role", max_length=100)
    agrees = Tick("I agree to this on behalf of the school.", required=True)

    own_email: str | None = None
    numbers: ProgrammeNumbers | None = None

    def offer(self, words: SchoolWords, numbers: ProgrammeNumbers, declaration: str) -> None:
        """Put words and numbers of this university in."""
        self.dbs_checked_by.offer({words_: words_ for words_ in words.offices.values()})
        self.numbers = numbers
        self.agrees.label.text = declaration

    def check(self) -> None:
        """What the fields say together."""
        check_address(self, "mentor_email", self.own_email)
        most = self.numbers.most_release_days if self.numbers else 0
        if (self.release_days.data or 0) > most:
            self.say({"release_days": f"Enter at most {most} days."})
        self._check_dbs()
        if self.numbers is not None and self.senco_since.data is not None:
            self.say(self._standing(self.numbers))

    def _check_dbs(self) -> None:
        if self.dbs_held.data == "yes":
            for name, sentence in _NEEDED.items():
                if not self[name].data and not self[name].errors:
                    self.problem(name, sentence)
            self.say(check_dbs_days(*self._days(), today()), "dbs_")
        elif any(self[name].data for name in _NEEDED):
            self.say({"dbs_held": "You gave facts of the check below: choose yes, or empty them."})

    def _days(self) -> tuple[date | None, date | None, date | None]:
        return (
            self.dbs_issued_on.data,
            self.dbs_update_service_on.data,
            self.dbs_checked_on.data,
        )

    def _standing(self, numbers: ProgrammeNumbers) -> dict[str, str]:
        nothing: dict[str, Any] = {"qts_checked_on": None, "course_began_on": None, "trn": None}
        return check_standing(
            senco_since=self.senco_since.data,
            is_aspiring=False,
            qualification="",
            today=today(),
            numbers=numbers,
            **nothing,
        )

    def answer(self) -> Answer:
        """What was filled in, once it is valid. DBS facts count where the record is at hand."""
        dbs = None
        if self.dbs_held.data == "yes":
            dbs = DbsFacts(
                self.dbs_level.data,
                self.dbs_workforce.data,
                self.dbs_issued_on.data,
                self.dbs_update_service_on.data,
                self.dbs_checked_by.data,
                self.dbs_checked_on.data,
            )
        return Answer(
            is_agreed=True,
            signed_name=self.signed_name.data,
            signed_role=self.signed_role.data,
            release_days=self.release_days.data,
            mentor=Named(self.mentor_name.data, self.mentor_email.data, self.mentor_role.data),
            dbs=dbs,
            senco_since=self.senco_since.data,
        )
