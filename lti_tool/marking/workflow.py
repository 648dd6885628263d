"""Where a piece of work stands, in the six states of Moodle's marking workflow. Pure.

The states are those of Moodle's assignment (mod/assign/locallib.php: not marked, in marking,
marking completed, in review, ready for release, released), in the words of this tool.
"""

from dataclasses import dataclass

NOT_MARKED, IN_MARKING, MARKED = "not_marked", "in_marking", "marked"
IN_MODERATION, READY, RELEASED = "in_moderation", "ready_for_release", "released"
STATES = (NOT_MARKED, IN_MARKING, MARKED, IN_MODERATION, READY, RELEASED)


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides the state of one piece of work."""

    is_begun: bool
    """Whether any marker saved anything."""
    is_decided: bool
    """Whether the judgement that counts has its mark: the first, or where work is
    double-marked the agreed one."""
    is_double_marked: bool
    all_marks_in: bool
    """Whether every marker the rules ask for has given a mark."""
    in_open_round: bool
    """Whether a round of moderation is open over this assignment's marks."""
    awaits_moderation: bool
    """Whether the rules ask for a moderation that was not decided yet."""
    is_released: bool


def state_of(facts: Facts) -> str:
    """The state of a piece of work."""
    if facts.is_released:
        return RELEASED
    if not facts.is_begun:
        return NOT_MARKED
    if not facts.all_marks_in:
        return IN_MARKING
    if not facts.is_decided or facts.in_open_round:
        return IN_MODERATION
    return MARKED if facts.awaits_moderation else READY
