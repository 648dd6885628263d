"""How late a piece of work is, and until when it is accepted. Pure.

Days are those on a clock in England: work due at 16:00 is one day late until 16:00 of the next
day that counts, whichever way the clocks were moved in between. Each day begun counts whole.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from lti_tool.core.clock import LONDON, in_london
from lti_tool.coursework.calendar import Calendar, add_working_days, working_days_between
from lti_tool.coursework.rules import WORKING, LateRule


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date with the rule that says what being late means."""

    due_at: datetime
    late: LateRule
    calendar: Calendar

    @property
    def accepted_until(self) -> datetime | None:
        """The last moment at which work is accepted, or None where there is no such limit."""
        if not self.late.most_days:
            return None
        return max(self._after(self.late.most_days), self._grace_ends_at)

    @property
    def _grace_ends_at(self) -> datetime:
        return self.due_at + timedelta(minutes=self.late.grace_minutes)

    def _after(self, days: int) -> datetime:
        """The end of the day of lateness with this number."""
        due_day = in_london(self.due_at).date()
        if self.late.days == WORKING:
            return self._at_due_time(add_working_days(due_day, days, self.calendar))
        return self._at_due_time(due_day + timedelta(days=days))

    def _at_due_time(self, day: date) -> datetime:
        """The due date's time of day on another day, on a clock in England."""
        local = in_london(self.due_at)
        if day == local.date():
            return self.due_at
        return datetime.combine(day, local.time(), LONDON).astimezone(UTC)

    def days_late(self, handed_in_at: datetime) -> int:
        """How many days late work is that came at a moment; 0 in time or within the grace."""
        moment = handed_in_at.astimezone(UTC)
        if moment <= max(self.due_at, self._grace_ends_at):
            return 0
        due_day, day = in_london(self.due_at).date(), in_london(moment).date()
        has_passed = moment > self._at_due_time(day)
        if self.late.days != WORKING:
            return (day - due_day).days + has_passed
        begun = not self.calendar.is_working(day) or has_passed
        return max(working_days_between(due_day, day, self.calendar) + begun, 1)

    def is_accepted(self, moment: datetime) -> bool:
        """Whether work that comes at a moment is still accepted."""
        until = self.accepted_until
        return until is None or moment <= until
