"""The sides of a meeting, and who may do what with its record.

A participant meets a mentor, or a tutor (a tutorial). Either side writes the meeting down, which
is its own yes; the other confirms it. Only the side that wrote a record changes it.
"""

from dataclasses import dataclass
from typing import Any

PARTICIPANT, MENTOR, TUTOR = "participant", "mentor", "tutor"
WITH_MENTOR, TUTORIAL = "mentor", "tutorial"
"""The kinds of meetings."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody at one side of a participant's meetings, as the visit or link proved them."""

    side: str
    assignment_id: int
    context_id: int
    person_id: int
    """The participant whose meetings these are."""
    actor_id: int | None = None
    """Who is here: a participant or a tutor; empty for a mentor."""
    guest_id: int | None = None
    mentorship_id: int | None = None
    """The mentor's own, for a mentor."""

    @property
    def audit(self) -> dict[str, Any]:
        """How audit entries name who acted."""
        actor = "guest" if self.side == MENTOR else "person"
        return {"actor": actor, "actor_id": self.actor_id, "context_id": self.context_id}


def other_side(kind: str, written_by: str) -> str:
    """The side that confirms what `written_by` wrote of a meeting of this kind."""
    if written_by != PARTICIPANT:
        return PARTICIPANT
    return MENTOR if kind == WITH_MENTOR else TUTOR


def may_write(party: Party, kind: str) -> bool:
    """Whether a side writes meetings of a kind: mentors none of a tutor's, tutors none of a
    mentor's."""
    return party.side == PARTICIPANT or (party.side == MENTOR) == (kind == WITH_MENTOR)
