"""The live measure of meetings: whose are recorded with agreed actions.

Mentors' meetings and tutorials are told apart in words. No mentor and no tutor is named.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.mentoring.parties import TUTORIAL, WITH_MENTOR
from lti_tool.activities.placement_log.models import Meeting
from lti_tool.activities.placement_log.said import count
from lti_tool.catalogue.measures import (
    Figure,
    Line,
    Measure,
    Scope,
    announce,
    count_lines,
    say_people,
)
from lti_tool.coursework.models import Assignment


class _Held(NamedTuple):
    """Meetings of one kind: how many, and how many of them with agreed actions."""

    meetings: int = 0
    with_actions: int = 0


def _held(
    session: Session, scope: Scope, person_ids: Collection[int]
) -> dict[tuple[int, str], _Held]:
    """The meetings of the year by person and kind. One query."""
    rows = session.execute(
        select(Meeting.person_id, Meeting.kind, Meeting.document["actions"])
        .join(Assignment, Assignment.id == Meeting.assignment_id)
        .where(
            Assignment.context_id.in_(scope.context_ids),
            Meeting.person_id.in_(person_ids),
            Meeting.removed_at.is_(None),
            Meeting.held_on >= scope.first,
            Meeting.held_on <= scope.up_to,
        )
    )
    found: dict[tuple[int, str], _Held] = {}
    for person_id, kind, actions in rows:
        before = found.get((person_id, kind), _Held())
        found[person_id, kind] = _Held(before.meetings + 1, before.with_actions + bool(actions))
    return found


def _meetings_line(person_id: int, mentor: _Held, tutorials: _Held) -> Line:
    held = mentor.meetings + tutorials.meetings
    lacking = held - mentor.with_actions - tutorials.with_actions
    if not held:
        return Line("No meeting is recorded.", person_id, is_good=False)
    said = (
        f"{count(mentor.meetings, 'meeting')} with the mentor, "
        f"{count(tutorials.meetings, 'tutorial')}"
    )
    if lacking:
        return Line(f"{said}; {lacking} without agreed actions.", person_id, is_good=False)
    return Line(f"{said}, each with agreed actions.", person_id)


def find_met(session: Session, scope: Scope) -> Figure:
    """Who has meetings recorded, each with agreed actions. One query."""
    people = scope.staying_ids
    held = _held(session, scope, people)

    def of(person_id: int, kind: str) -> _Held:
        return held.get((person_id, kind), _Held())

    lines = [_meetings_line(one, of(one, WITH_MENTOR), of(one, TUTORIAL)) for one in people]

    def all_of(kind: str, word: str) -> str:
        found = [one for (_, sort), one in held.items() if sort == kind]
        meetings, good = sum(x.meetings for x in found), sum(x.with_actions for x in found)
        return f"{word}: {good} of {meetings} with agreed actions" if meetings else f"{word}: none"

    return count_lines(
        lines,
        lambda good, of: (
            f"Meetings are recorded with agreed actions for {good} of {say_people(of)}. "
            f"{all_of(WITH_MENTOR, 'Meetings with mentors')}. {all_of(TUTORIAL, 'Tutorials')}."
        ),
        "Looked at are meetings held in the academic year, whether or not the other side has "
        "confirmed them. A participant counts with at least one, and agreed actions in every one. "
        "Participants who withdrew or went elsewhere are left out.",
    )


announce(Measure("meetings-with-actions", "Meetings with agreed actions", ("Q5.2",), find_met))
