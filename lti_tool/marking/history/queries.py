"""A page of an assignment's history: audit entries and tries to send marks, in one order.

Both kinds are only ever added to, so a page begins below the numbers the last one ended with,
whatever was added meanwhile. A fixed number of queries, however long the history is.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.audit.queries import list_entries
from lti_tool.core import clock
from lti_tool.core.numerals import plain
from lti_tool.coursework.queries import AssignmentRead, list_handed_in
from lti_tool.coursework.rules import Rules
from lti_tool.db.statements import AnyRow
from lti_tool.gradebook.states import DELIVERED, NEEDS_PERSON, WAITING, describe
from lti_tool.gradebook.tries import list_tries
from lti_tool.marking.history import subjects, words
from lti_tool.marking.moderation.blindness import list_apart

_STATES = {"landed": DELIVERED, "wait": WAITING, "ask": NEEDS_PERSON}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: datetime
    who: str
    did: str
    whose: str
    """The participant it is about, or their code; empty where it is about the assignment."""
    code: str | None
    """The candidate code, where there is work to look at."""
    was: str
    became: str
    reason: str
    is_day_only: bool = False
    """Whether its time would say whose work goes by a code."""

    @property
    def when(self) -> datetime | date:
        """The moment, or its day in England."""
        return clock.in_london(self.at).date() if self.is_day_only else self.at


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: below these numbers."""

    entry: int | None = None
    attempt: int | None = None

    def __str__(self) -> str:
        return f"{self.entry or 0}-{self.attempt or 0}"


def read_place(raw: str) -> Place:
    """A place from an address; anything else is the beginning."""
    left, _, right = raw.partition("-")
    if not all(one.isascii() and one.isdigit() and len(one) < 16 for one in (left, right)):
        return Place()
    return Place(int(left) or None, int(right) or None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which history is asked for."""

    assignment: AssignmentRead
    context_ids: Sequence[int]
    reader_id: int
    rules: Rules
    hides_names: bool
    """Whether the work is marked without names, so that participants go by codes."""
    person_id: int | None = None
    """Only this participant's work."""
    kind: str | None = None
    """Only this kind of happening; a key of `words.KINDS`."""


def _when(value: str) -> str:
    """A time or a day as people read it; anything else as it is."""
    try:
        if len(value) == len("2026-09-07"):
            day = date.fromisoformat(value)
            return f"{day.day} {day:%B %Y}"
        return clock.day_and_time(datetime.fromisoformat(value))
    except ValueError:
        return value


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_value(key, one)}" for key, one in value.items())
    if name in ("due_at", "expires_at", "at", "board_on", "closed_at"):
        return _when(str(value))
    try:
        return plain(Decimal(str(value)))
    except InvalidOperation:
        return str(value).replace("_", " ")


def _shown(said: dict[str, Any] | None, people: subjects.People) -> str:
    """What of a state before or after is worth reading."""
    said = said or {}
    parts = [
        f"{label} {_value(name, said[name])}"
        for name, label in words.FIELDS.items()
        if name in said
    ]
    parts += [
        f"{label} {people.marker(said[name])}"
        for name, label in words.PEOPLE.items()
        if isinstance(said.get(name), int)
    ]
    return "; ".join(parts)


def _people_in(entries: Sequence[AnyRow]) -> set[int]:
    """Who did what entries tell of, and who is named in them."""
    found = {one.actor_id for one in entries if one.actor_id is not None}
    for one in entries:
        for said in (one.was or {}, one.became or {}):
            found |= {said[name] for name in words.PEOPLE if isinstance(said.get(name), int)}
    return found


def _entry_line(
    one: AnyRow, owner: int | None, is_owned: bool, people: subjects.People, is_hidden: bool
) -> Line:
    guest = people.guests.get(one.subject_id) if one.subject_kind == "guest_link" else None
    did = words.words_of(one.act, one.became)
    return Line(
        at=one.at,
        who=people.actor(one.actor_id, one.actor),
        did=f"{did}: {guest}" if guest else did,
        whose=people.participant(owner) if is_owned else "",
        code=people.codes.get(owner) if owner is not None else None,
        was=words.HIDDEN if is_hidden and one.was else _shown(one.was, people),
        became=words.HIDDEN if is_hidden else _shown(one.became, people),
        reason="" if is_hidden else one.reason or "",
        is_day_only=people.hides_names and owner is not None and one.actor_id == owner,
    )


def _granted_line(one: AnyRow, owner: int, people: subjects.People) -> Line:
    """A later date of somebody whose work goes by its code: the page Dates has it by name, with
    day and reason, so that those would tell whose the code is."""
    return Line(
        at=one.at,
        who=people.actor(one.actor_id, one.actor),
        did=words.words_of(one.act, one.became),
        whose=people.participant(owner),
        code=people.codes.get(owner),
        was="",
        became=words.BY_NAME,
        reason="",
        is_day_only=True,
    )


def _try_line(one: AnyRow, people: subjects.People) -> Line:
    mark = f"{plain(one.score_given)} out of {plain(one.score_maximum)}"
    return Line(
        at=one.at,
        who=words.ACTORS["tool"],
        did=f"Sent the mark to the gradebook: {mark}",
        whose=people.participant(one.person_id),
        code=people.codes.get(one.person_id),
        was="",
        became=describe(_STATES.get(one.verdict, WAITING), one.reason, mark),
        reason="",
    )


def _gather(
    session: Session, wanted: Wanted, place: Place, limit: int
) -> tuple[list[AnyRow], list[AnyRow]]:
    acts = None if wanted.kind is None else words.acts_of(wanted.kind)
    entries = list_entries(
        session,
        wanted.context_ids,
        subjects.subjects_of(wanted.assignment.id, wanted.person_id),
        acts=acts,
        before=place.entry,
        limit=limit,
    )
    tries = []
    if wanted.kind in (None, words.GRADEBOOK):
        tries = list_tries(
            session,
            wanted.context_ids,
            wanted.assignment.id,
            wanted.person_id,
            before=place.attempt,
            limit=limit,
        )
    return entries, tries


def _hidden(session: Session, wanted: Wanted) -> set[int]:
    """The submissions whose marks this reader must not see yet."""
    works = [
        one
        for one in list_handed_in(session, wanted.context_ids, every_attempt=True)
        if one.assignment_id == wanted.assignment.id and wanted.person_id in (None, one.person_id)
    ]
    return list_apart(session, wanted.assignment, wanted.rules, works, wanted.reader_id)


def _hides(one: AnyRow, hidden: set[int], reader_id: int) -> bool:
    """Whether an entry tells a mark that this reader must not see yet."""
    if one.subject_kind != "submission" or one.subject_id not in hidden:
        return False
    told = words.ACTS.get(one.act, (words.MARKS, ""))[0]
    return one.actor_id != reader_id and told in (words.MARKS, words.MODERATION, words.RELEASE)


def get_history(
    session: Session, wanted: Wanted, *, place: Place, limit: int
) -> tuple[list[Line], Place | None]:
    """A part of a history, newest first.

    :param limit: how many lines at most.
    :return: the lines, and where the next part begins, or None where this is the end.
    """
    entries, tries = _gather(session, wanted, place, limit + 1)
    both = heapq.merge(
        ((one.at, "entry", one) for one in entries),
        ((one.at, "try", one) for one in tries),
        key=lambda item: item[0],
        reverse=True,
    )
    chosen = list(islice(both, limit))
    owners = subjects.owners_of(session, entries)
    hidden = _hidden(session, wanted)
    ids = _people_in(entries) | {one.person_id for one in tries}
    ids |= {number for number in owners.values() if number is not None}
    people = subjects.get_people(
        session,
        wanted.assignment,
        ids,
        hides_names=wanted.hides_names,
        guest_links={one.subject_id for one in entries if one.subject_kind == "guest_link"},
    )
    lines, last_entry, last_try = [], place.entry, place.attempt
    for _, kind, one in chosen:
        if kind == "try":
            last_try = one.id
            lines.append(_try_line(one, people))
            continue
        last_entry = one.id
        about = (one.subject_kind, one.subject_id)
        owner = owners.get(about)
        if wanted.hides_names and one.subject_kind == "extension" and owner is not None:
            lines.append(_granted_line(one, owner, people))
            continue
        is_hidden = _hides(one, hidden, wanted.reader_id)
        lines.append(_entry_line(one, owner, about in owners, people, is_hidden))
    is_more = len(entries) + len(tries) > limit
    return lines, Place(last_entry, last_try) if is_more else None
