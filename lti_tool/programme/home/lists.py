"""The list behind each number: person, course, what it is, and the page where it is dealt with."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from lti_tool.catalogue.measures import find_measure
from lti_tool.catalogue.needs import NeedLine
from lti_tool.core.clock import day_and_time, plain_day
from lti_tool.core.errors import NotFound
from lti_tool.core.numerals import plain
from lti_tool.marking.spread import list_out_marks
from lti_tool.programme.cohorts.words import STATUSES
from lti_tool.programme.home.glance import Seen, read_people
from lti_tool.programme.home.marks import STEPS, Given, label_of, read_distribution
from lti_tool.programme.home.people import Member, People
from lti_tool.programme.home.reach import Place
from lti_tool.programme.home.waiting import find_waiting
from lti_tool.programme.home.work import STATES, list_work


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a list."""

    what: NeedLine
    member: Member | None
    settled: str = ""
    """Why it is in order for now; empty where it is counted."""


@dataclass(frozen=True, slots=True)
class HomeList:
    """What is behind one number."""

    key: str
    title: str
    lines: tuple[ListLine, ...]
    about: str = ""
    """How it was worked out, where that needs saying."""
    says: tuple[str, str] = ("in this list", "")
    """What lines are, and what those with a reason are, after their number."""
    hides_names: bool = False
    """Whether some lines stand under a code, since names are hidden."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a list is made from."""

    session: Session
    config_dir: Path
    place: Place
    seen: Seen

    @property
    def people(self) -> People:
        """Who is in the cohort."""
        return self.seen.people

    def line(self, what: NeedLine, settled: str = "") -> ListLine:
        """A line with whoever it is about."""
        return ListLine(what, self.people.get(what.person_id or 0), settled)


def _of_status(asked: _Asked, status: str) -> HomeList | None:
    if status not in STATUSES:
        return None
    lines = [
        asked.line(
            NeedLine(f"{STATUSES[status]} since {plain_day(one.standing.since_on)}.", None, number)
        )
        for number, one in asked.people.items()
        if one.standing.status == status
    ]
    return HomeList(f"people-{status}", STATUSES[status], tuple(lines))


def _of_work(asked: _Asked, number: str, state: str) -> HomeList | None:
    marks = list_out_marks(asked.session, asked.place.context_ids, asked.people)
    for one in list_work(asked.session, asked.place, asked.people, marks):
        if str(one.assignment.id) == number and state in STATES:
            words = f"{one.assignment.title}: {STATES[state].lower()}."
            context_id = one.assignment.context_id
            return HomeList(
                one.key(state),
                f"{one.module}, {one.assignment.title}: {STATES[state].lower()}",
                tuple(
                    asked.line(NeedLine(words, context_id, person, endpoint="participants.people"))
                    for person in one.people[state]
                ),
                "Whom the course lists now; who intermits is left out.",
            )
    return None


def _of_marks(asked: _Asked, code: str, step: str) -> HomeList | None:
    marks = list_out_marks(asked.session, asked.place.context_ids, asked.people)
    row = read_distribution(
        asked.session, asked.config_dir, asked.place, asked.seen.results, marks
    ).find(code)
    if row is None or (step and int(step) >= STEPS):
        return None

    def said(one: Given) -> NeedLine:
        return NeedLine(f"{one.what}: {plain(one.mark)}.", one.context_id, one.person_id)

    kept = [one for one in row.marks if not step or one.step == int(step)]
    kept.sort(key=lambda one: (one.mark, asked.people[one.person_id].name.casefold()))
    within = f", {label_of(int(step))}" if step else ""
    return HomeList(
        f"marks-{code}-{step}" if step else f"marks-{code}",
        f"Released marks: {row.title}{within}",
        tuple(asked.line(said(one)) for one in kept),
        "Marks that are not released are not here.",
    )


def _of_figure(asked: _Asked, key: str) -> HomeList | None:
    measure = find_measure(key)
    if measure is None:
        return None
    scope = asked.place.scope(asked.config_dir, asked.people)
    figure = measure.find(asked.session, scope)
    lines = sorted(figure.lines, key=lambda one: one.is_good)
    return HomeList(
        f"figure-{key}",
        measure.title,
        tuple(
            asked.line(
                NeedLine(one.label, None, one.person_id),
                "Counts towards the figure." if one.is_good else "",
            )
            for one in lines
        ),
        f"{figure.words.rstrip('.')}. {figure.how.rstrip('.')}. "
        f"As of {day_and_time(figure.as_of)}.",
        ("not counted", "counted"),
    )


_KINDS: tuple[tuple[str, Callable[..., HomeList | None]], ...] = (
    (r"people-([a-z]+)", _of_status),
    (r"work-(\d{1,15})-([a-z_]+)", _of_work),
    (r"marks-([mtr]\d{1,15})(?:-(\d))?", _of_marks),
    (r"figure-([a-z0-9_.-]+)", _of_figure),
)


def get_list(session: Session, config_dir: Path, place: Place, key: str) -> HomeList:
    """The list with this key, in a fixed number of queries.

    :raises NotFound: there is none.
    """
    asked = _Asked(session, config_dir, place, read_people(session, config_dir, place))
    for shape, make in _KINDS:
        if (match := re.fullmatch(shape, key, re.ASCII)) is not None:
            found = make(asked, *(one or "" for one in match.groups()))
            break
    else:
        found = _of_need(asked, key)
    if found is None:
        raise NotFound("There is no such list on this page.")
    return found


def _of_need(asked: _Asked, key: str) -> HomeList | None:
    scope = asked.place.scope(asked.config_dir, asked.people)
    waiting = find_waiting(asked.session, scope, asked.people, asked.seen.own_needs, key)
    if waiting is None:
        return None
    lines = [asked.line(one) for one in waiting.to_do]
    lines += [asked.line(one, why) for one, why in waiting.settled]
    is_coded = any(one.what.person_id is None for one in lines)
    return HomeList(
        key,
        waiting.need.title,
        tuple(lines),
        "Work that is marked without names stands under its code." if is_coded else "",
        ("to see to", "in order for now, with the reason"),
        is_coded,
    )
