"""The forms around mentoring."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lti_tool.activities.placement_log.mentoring.entry import MODES, MOST_ACTIONS, Action, Entry
from lti_tool.activities.placement_log.mentoring.mentorships import today
from lti_tool.activities.placement_log.said import why_year_odd
from lti_tool.web.forms import Choice, Day, Form, LongText, Text, Whole

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_FEWEST_LINES, _SPARE_LINES = 1, 1
TEXTS = ("topics", "outcomes", *(f"what_{n}" for n in range(1, MOST_ACTIONS + 1)))
"""The fields of free text of a meeting."""


class MeetingForm(Form):
    """One meeting. Actions have a line each, `what_1` and `by_1` and so on."""

    held_on = Day("Date of the meeting")
    minutes = Whole("Length in minutes", minimum=5, maximum=600)
    mode = Choice("How did you meet?", MODES)
    topics = LongText("What did you talk about?", 3_000)
    outcomes = LongText("What came out of it?", 3_000, required=False)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A meeting that was held, and actions with their days."""
        good = bool(super().validate(extra_validators))
        held_on = self.held_on.data
        if held_on and not self.held_on.errors:
            good = self._check_day() and good
        for number in range(1, MOST_ACTIONS + 1):
            good = self._check_action(number) and good
        return good

    def _check_day(self) -> bool:
        if self.held_on.data > today():
            self.problem(
                "held_on", "This day has not come yet. Write the meeting down once it was held."
            )
        elif odd := why_year_odd(self.held_on.data, today()):
            self.problem("held_on", odd)
        return not self.held_on.errors

    def _check_action(self, number: int) -> bool:
        what, by = self[f"what_{number}"], self[f"by_{number}"]
        if what.data and by.data is None and not by.errors:
            self.problem(f"by_{number}", "Enter the day by which this is to be done.")
        if by.data is not None and not what.data and not what.errors:
            self.problem(f"what_{number}", "Say what was agreed, or take the date out.")
        return not (what.errors or by.errors)

    @property
    def entry(self) -> Entry:
        """What was typed; only after it was found good."""
        lines = [(self[f"what_{n}"].data, self[f"by_{n}"].data) for n in range(1, MOST_ACTIONS + 1)]
        return Entry(
            self.held_on.data,
            self.minutes.data,
            self.mode.data,
            self.topics.data,
            self.outcomes.data,
            tuple(Action(what, by) for what, by in lines if what),
        )

    @property
    def lines(self) -> range:
        """Which lines of actions are shown: the filled ones and one to spare."""
        filled = [n for n in range(1, MOST_ACTIONS + 1) if self._is_filled(n)]
        return range(1, min(max([*filled, _FEWEST_LINES]) + _SPARE_LINES, MOST_ACTIONS) + 1)

    def _is_filled(self, number: int) -> bool:
        what, by = self[f"what_{number}"], self[f"by_{number}"]
        return bool(what.data or by.data or by.errors)


for _number in range(1, MOST_ACTIONS + 1):
    setattr(MeetingForm, f"what_{_number}", Text("What was agreed", max_length=500, required=False))
    setattr(MeetingForm, f"by_{_number}", Day("By when", required=False))


def form_of(entry: Entry) -> MeetingForm:
    """A kept meeting in its form."""
    lines: dict[str, Any] = {}
    for number, action in enumerate(entry.actions, 1):
        lines |= {f"what_{number}": action.what, f"by_{number}": action.by}
    plain = {
        name: getattr(entry, name) for name in ("held_on", "minutes", "mode", "topics", "outcomes")
    }
    return MeetingForm(data=plain | lines)


class TutorChoiceForm(Form):
    """With which tutor it was, where a participant writes a tutorial down."""

    tutor = Choice("Which tutor was it with?", as_list=True)


class QueryForm(Form):
    """What is wrong with a meeting as the other side wrote it."""

    query = LongText("What is wrong?", 1_000, hint="The other side reads this and can change it.")


class QuestionForm(Form):
    """What a mentor asks in private."""

    question = LongText("Your question", 3_000)


class ReplyForm(Form):
    """What a tutor replies."""

    reply = LongText("Your reply", 3_000)


class AddressForm(Form):
    """Where a mentor's link is sent: only ever to an address on file."""

    email = Text(
        "Your e-mail address",
        max_length=320,
        hint="The one to which the university writes to you as a mentor.",
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """An e-mail address looks like one."""
        good = bool(super().validate(extra_validators))
        if self.email.data and not self.email.errors and not _EMAIL.fullmatch(self.email.data):
            self.problem("email", "Enter one e-mail address, such as name@school.sch.uk.")
            return False
        return good
