"""How far a log is: days, sessions, meetings and outcomes against what is asked for, in words.

Pure, over the plain numbers of a log, so that the participant's page, the frozen copy and the
cohort's grid count in one way.
"""

from collections.abc import Callable
from dataclasses import dataclass

from lti_tool.activities.placement_log.numbers import Numbers
from lti_tool.activities.placement_log.said import count, number_of_days, say_days

DAYS, ONLINE, TAUGHT = "days", "online", "taught"
MENTOR, TUTORIALS, OUTCOMES = "mentor", "tutorials", "outcomes"


@dataclass(frozen=True, slots=True)
class Counts:
    """What counts in a log. `half_days` are those of visits that a host confirmed."""

    half_days: int = 0
    half_days_to_come: int = 0
    """Planned, approved, or done and not confirmed yet."""
    online: int = 0
    taught: int = 0
    mentor: int = 0
    tutorials: int = 0
    outcomes: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked for, and how much of it is there."""

    key: str
    label: str
    done: int
    asked: int
    shown: str
    """Done of asked, in words."""
    missing: str
    """What is left, in a sentence; empty where nothing is."""
    further: str = ""
    """What is on its way, in a sentence."""

    @property
    def is_met(self) -> bool:
        """Whether as much is there as is asked for."""
        return self.done >= self.asked


def _of(
    key: str,
    label: str,
    done: int,
    asked: int,
    say: Callable[[int], str],
    sentence: str,
    number: Callable[[int], str] = str,
) -> Requirement:
    left = asked - done
    return Requirement(
        key,
        label,
        done,
        asked,
        f"{number(done)} of {say(asked)}",
        sentence.format(left=say(left)) if left > 0 else "",
    )


def _days(counts: Counts, numbers: Numbers) -> Requirement:
    made = _of(
        DAYS,
        "Days at partner schools, confirmed",
        counts.half_days,
        numbers.least_half_days,
        say_days,
        "Another {left} at a partner school, confirmed by the host.",
        number_of_days,
    )
    to_come = counts.half_days_to_come
    most = f"At most {say_days(numbers.most_half_days)}."
    further = f"{say_days(to_come).capitalize()} more on the way. {most}" if to_come else most
    return Requirement(
        made.key, made.label, made.done, made.asked, made.shown, made.missing, further
    )


def _plain(word: str) -> Callable[[int], str]:
    return lambda number: count(number, word)


def _sessions(counts: Counts, numbers: Numbers) -> tuple[Requirement, ...]:
    return (
        _of(
            ONLINE,
            "Online sessions",
            counts.online,
            numbers.online_sessions,
            str,
            "Another {left} of the online sessions, attended or made up.",
        ),
        _of(
            TAUGHT,
            "Face-to-face days",
            counts.taught,
            numbers.taught_days,
            str,
            "Another {left} of the face-to-face days, attended or made up.",
        ),
    )


def _meetings(counts: Counts, numbers: Numbers) -> tuple[Requirement, ...]:
    return (
        _of(
            MENTOR,
            "Meetings with the mentor, confirmed by both",
            counts.mentor,
            numbers.mentor_meetings,
            _plain("meeting"),
            "Another {left} with your mentor, confirmed by both of you.",
        ),
        _of(
            TUTORIALS,
            "Tutorials, confirmed by both",
            counts.tutorials,
            numbers.tutorials,
            _plain("tutorial"),
            "Another {left} with your tutor, confirmed by both of you.",
        ),
    )


def requirements(counts: Counts, numbers: Numbers) -> tuple[Requirement, ...]:
    """What is asked for, in the order of a log; what nobody asks for is left out."""
    outcomes = _of(
        OUTCOMES,
        "Outcomes linked to confirmed visits",
        counts.outcomes,
        numbers.outcomes_linked,
        _plain("outcome"),
        "Another {left} to link to a visit that is confirmed.",
    )
    every = (
        _days(counts, numbers),
        *_sessions(counts, numbers),
        *_meetings(counts, numbers),
        outcomes,
    )
    return tuple(one for one in every if one.asked)


def is_complete(found: tuple[Requirement, ...]) -> bool:
    """Whether everything asked for is there."""
    return all(one.is_met for one in found)
