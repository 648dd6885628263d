"""Where a visit stands and what comes next, in plain words for the participant.

The host's part is told by `confirming/` in its own box; here is what the participant or the
tutor does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.visits import planning
from lti_tool.activities.placement_log.visits.queries import StepRead, VisitRead
from lti_tool.core import clock
from lti_tool.people.queries import names_of

CHIPS = {
    states.PLANNED: "waiting",
    states.APPROVED: "info",
    states.DONE: "waiting",
    states.CONFIRMED: "success",
    states.ACCEPTED: "success",
    states.RETURNED: "warning",
    states.WRONG: "danger",
}
_NEXT = {
    states.APPROVED: "Make the visit, then write it up and mark it done.",
    states.DONE: "Ask the host school to confirm it. You can still write it up.",
    states.CONFIRMED: "Your tutor reads it and accepts it. You need do nothing.",
    states.ACCEPTED: "Nothing more is to be done for this visit.",
    states.RETURNED: "Put right what your tutor writes below, then send it back.",
    states.WRONG: "Look at what the host says, put it right, and ask them again.",
}
SAID = {
    states.PLANNED: "Planned",
    states.APPROVED: "Approved",
    states.DONE: "Done, waiting for the host",
    states.CONFIRMED: "Confirmed by the host",
    states.ACCEPTED: "Accepted",
    states.RETURNED: "Returned with a comment",
    states.WRONG: "Something is wrong, says the host",
}
"""A state in few words, for lists and steps, whoever reads."""


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A move as a page shows it."""

    words: str
    at_iso: str
    at_label: str
    by: str
    comment: str


def what_comes_next(visit: VisitRead) -> str:
    """What the participant does, or whom they wait for."""
    if visit.state != states.PLANNED:
        return _NEXT[visit.state]
    lacks = planning.what_lacks(visit)
    if lacks:
        return f"Your tutor can approve it once it has {_and(lacks)}."
    return "Your tutor looks at it. Once it is approved you can make the visit."


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def shown_steps(
    session: Session, visit: VisitRead, steps: Iterable[StepRead], reader_id: int
) -> list[ShownStep]:
    """How a visit came to where it stands, from its planning on; names in one query."""
    steps = list(steps)
    names = names_of(session, {one.person_id for one in steps if one.person_id} | {visit.person_id})
    planned_by = _by(visit.person_id, None, names, reader_id)
    first = ShownStep(
        "Planned",
        visit.created_at.isoformat(),
        clock.day_and_time(visit.created_at),
        planned_by,
        "",
    )
    return [first] + [
        ShownStep(
            _moved(one),
            one.at.isoformat(),
            clock.day_and_time(one.at),
            _by(one.person_id, one.guest_id, names, reader_id),
            one.comment,
        )
        for one in steps
    ]


def _moved(step: StepRead) -> str:
    if step.was == states.ACCEPTED:
        return "Acceptance taken back"
    if step.was == states.DONE and step.became == states.APPROVED:
        return "Not made after all"
    if step.was == states.RETURNED:
        return f"Put right and sent back: {SAID[step.became].lower()}"
    if step.was == states.CONFIRMED and step.became == states.DONE:
        return "Changed, so it has to be confirmed again"
    if step.became == states.PLANNED:
        return "Changed, so it has to be approved again"
    return SAID[step.became]


def _by(
    person_id: int | None, guest_id: int | None, names: Mapping[int, str], reader_id: int
) -> str:
    if person_id == reader_id:
        return "you"
    if person_id is not None:
        return names.get(person_id, "somebody who was removed")
    return "the host school" if guest_id is not None else "the tool"
