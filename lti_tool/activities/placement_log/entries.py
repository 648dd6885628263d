"""What stands in a log, as plain data: visits, what their hosts said, meetings, sessions.

Read by `reading.py`; counted by `progress.py`, frozen by `snapshot.py`. No database, no names.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

ONLINE, TAUGHT_DAY = "online", "taught_day"
KINDS = {ONLINE: "Online session", TAUGHT_DAY: "Face-to-face day"}
PRESENT, ABSENT, MADE_UP = "present", "absent", "made_up"
MARKS = {PRESENT: "Present", ABSENT: "Absent", MADE_UP: "Made up"}
"""What attendance can be; made up: did what was missed another way."""
MENTOR, TUTORIAL = "mentor", "tutorial"
MEETINGS = {MENTOR: "Meeting with your mentor", TUTORIAL: "Tutorial"}
MODES = {"in_person": "in person", "online": "online", "phone": "by phone"}
WHOLE, BROKEN, ERASED = "whole", "broken", "erased"
"""What became of a seal; erased: the name under it is gone, and it still holds."""


@dataclass(frozen=True, slots=True)
class School:
    """A host school."""

    name: str
    urn: str = ""
    phase: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host answered, without their name."""

    answer: str
    """yes, wrong or not_mine."""
    by: str
    """link, code or paper."""
    answered_at: datetime
    role: str = ""
    """As the host typed it."""
    reason: str = ""
    seal: str = WHOLE
    sentence: str = ""
    """What holding it against its seal found."""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A partner-school visit."""

    id: int
    number: int
    school: School | None
    visit_on: date | None
    arrives_at: str
    leaves_at: str
    half_days: int
    state: str
    state_since: datetime
    document: dict[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    asked_at: datetime | None = None
    """When the host was last asked; empty while nobody was."""
    asked_until: datetime | None = None
    """Until when they can answer; empty once they did, or it was withdrawn."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with the mentor, or a tutorial."""

    kind: str
    held_on: date
    minutes: int
    mode: str
    written_by: str
    confirmed_at: datetime | None
    query: str = ""
    document: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attended:
    """A session, and whether one participant was at it."""

    kind: str
    title: str
    held_on: date
    starts_at: str
    venue: str
    mark: str
    """present, absent, made_up; empty while attendance was not taken of this person."""


@dataclass(frozen=True, slots=True)
class Entries:
    """All that stands in one participant's log, each kind by its day."""

    visits: tuple[Visit, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    sessions: tuple[Attended, ...] = ()
