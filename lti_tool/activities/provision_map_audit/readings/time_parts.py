"""What a text about time says, piece by piece: minutes, sessions a week, weeks.

Filled by `terms.py` and `time_words.py` for `time.py`, which judges the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from lti_tool.core.numerals import plain


@dataclass
class TimeParts:
    """What one cell says about time. None means the cell does not say."""

    minutes: Decimal | None = None
    sessions: Decimal | None = None
    weeks: Decimal | None = None
    total_sessions: Decimal | None = None
    is_weekly_total: bool = False
    notes: list[str] = field(default_factory=list)

    def said(self) -> str:
        """The parts in words, for 'we read this as …'."""
        parts = []
        if self.minutes is not None:
            parts.append(f"{plain(self.minutes)} minutes a session")
        if self.sessions is not None:
            parts.append(_plural(self.sessions, "session") + " a week")
        if self.total_sessions is not None:
            parts.append(_plural(self.total_sessions, "session") + " in all")
        if self.weeks is not None:
            parts.append(_plural(self.weeks, "week"))
        return ", ".join(parts)


def _plural(number: Decimal, word: str) -> str:
    return f"{plain(round(number, 2))} {word}" + ("" if number == 1 else "s")
