"""What needs a person, from everybody who announced it, with what is settled told apart."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import Scope
from lti_tool.catalogue.needs import Need, NeedLine, find_source, list_sources
from lti_tool.programme.cohorts.needs import NEEDS
from lti_tool.programme.home.people import People

Settled = tuple[NeedLine, str]
"""A line, and why it is in order for now."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One need with what was found."""

    need: Need
    to_do: tuple[NeedLine, ...]
    settled: tuple[Settled, ...]


def _split(need: Need, lines: Iterable[NeedLine], people: People) -> Waiting:
    to_do, settled = [], []
    for line in lines:
        member = people.get(line.person_id or 0)
        why = line.known or (member.apart if member and need.of_present else "")
        if why:
            settled.append((line, why))
        else:
            to_do.append(line)
    return Waiting(need, tuple(to_do), tuple(settled))


def list_waiting(
    session: Session,
    scope: Scope,
    people: People,
    own: Mapping[str, Sequence[NeedLine]],
) -> list[Waiting]:
    """Every need there is. A fixed number of queries.

    :param own: the needs of the cohort itself, by key; none for who does not lead it as a whole.
    """
    found = []
    for source in list_sources():
        lines = source.find(session, scope)
        found += [_split(need, lines.get(need.key, ()), people) for need in source.needs]
    return found + [_split(need, own[need.key], people) for need in NEEDS if need.key in own]


def find_waiting(
    session: Session,
    scope: Scope,
    people: People,
    own: Mapping[str, Sequence[NeedLine]],
    key: str,
) -> Waiting | None:
    """The need with this key, or None where there is none."""
    found = find_source(key)
    if found is not None:
        source, need = found
        return _split(need, source.find(session, scope).get(key, ()), people)
    return next((_split(need, own[key], people) for need in NEEDS if need.key == key in own), None)
