"""One participant in the cohort's grid, as plain data: what counts, and why they are stuck."""

from dataclasses import dataclass, field
from datetime import date, datetime

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.eligibility import Missing
from lti_tool.activities.placement_log.progress import Counts, Requirement

TUTOR, PARTICIPANT, HOST, SCHOOL, OTHER = "tutor", "participant", "host", "school", "other"
TURNS = {
    TUTOR: "Your turn",
    PARTICIPANT: "The participant’s turn",
    HOST: "The host’s turn",
    SCHOOL: "Their school’s turn",
    OTHER: "Others’ turn",
}


@dataclass(frozen=True, slots=True)
class LeanVisit:
    """A visit without its texts."""

    number: int
    state: str
    state_since: datetime
    visit_on: date | None
    half_days: int
    asked_until: datetime | None = None
    """Until when the host can answer; empty where nobody is asked now."""
    was_asked: bool = False
    is_broken: bool = False
    """Whether it was changed after the host confirmed it."""

    @property
    def counts(self) -> bool:
        """Whether it counts towards what is asked for."""
        return self.state in (states.CONFIRMED, states.ACCEPTED) and not self.is_broken


@dataclass(frozen=True, slots=True)
class LeanMeeting:
    """A meeting without its texts."""

    kind: str
    held_on: date
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of one participant, before anything is said of it."""

    visits: tuple[LeanVisit, ...] = ()
    meetings: tuple[LeanMeeting, ...] = ()
    attended: dict[str, int] = field(default_factory=dict)
    """How many sessions were attended or made up, by kind."""
    missed: tuple[str, ...] = ()
    """Titles of sessions that were missed and not made up."""
    missing: tuple[Missing, ...] = ()
    handed_in_at: datetime | None = None
    candidate_code: str = ""
    is_released: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is stuck, and whose turn it is."""

    sentence: str
    turn: str


@dataclass(frozen=True, slots=True)
class Line:
    """One participant in the grid."""

    member: int
    """The membership's row number, which addresses of tutors' pages carry."""
    name: str
    known: Gathered
    counts: Counts
    requirements: tuple[Requirement, ...]
    to_do: tuple[Reason, ...]
    """What a tutor has to do for them now."""
    stuck: tuple[Reason, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everything asked for is there."""
        return all(one.is_met for one in self.requirements)

    @property
    def by_state(self) -> dict[str, int]:
        """How many visits stand in each state, in the order of the states."""
        found = [one.state for one in self.known.visits]
        return {state: found.count(state) for state in states.WORDS if state in found}
