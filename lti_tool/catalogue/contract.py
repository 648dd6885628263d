"""The contract of an activity."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from flask import Blueprint
from markupsafe import Markup
from sqlalchemy.orm import Session

from lti_tool.db import Database
from lti_tool.settings import Settings

Work = dict[str, Any]
"""A piece of work as typed: the activity's own versioned document."""

Slot = Callable[[str], Markup]
"""What stands beside the place with this anchor: remarks, and the field to write one. Empty where
there is nothing."""


def nothing_beside(anchor: str) -> Markup:
    """The slot of a page that has nothing to say beside the work."""
    return Markup()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a piece of work that something can be said of, such as a row or a part."""

    id: str
    """The HTML id of the place in the rendered work: small letters, digits, - and _."""
    label: str
    """What people call the place."""


class Renders(Protocol):
    """How a piece of work becomes a fragment of a page."""

    def __call__(self, work: Work, slot: Slot = nothing_beside) -> Markup:
        """The work, with `slot(anchor)` beside each of its anchors, once."""


def nothing_rendered(work: Work, slot: Slot = nothing_beside) -> Markup:
    """What an activity renders that nobody marks."""
    return Markup()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is: parts done of parts asked for, and what is missing."""

    done: int
    asked: int
    missing: tuple[str, ...] = field(default_factory=tuple)
    """Sentences for the participant. Missing parts do not forbid handing in."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page that tutors find at the top of every page of this activity."""

    label: str
    endpoint: str
    """Takes `handle`."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that an activity looked at for `lti-tool doctor`."""

    what: str
    is_ok: bool
    words: str
    """What was found; where it is a problem, with what to do."""


Checks = Callable[[Session, Settings], Iterator[Check]]
Sweep = Callable[[Database, Settings], None]
"""What a worker does for an activity now and then; it decides itself how often is enough."""


@dataclass(frozen=True, slots=True)
class Carried:
    """One person's own entries that go from one assignment of an activity into another."""

    from_assignment_id: int
    to_assignment_id: int
    person_id: int
    actor_id: int
    """Who has them carried."""


BringForward = Callable[[Session, Carried], int]
"""Copies what a person entered into an activity's own tables; the old stays. Asked for again it
copies only what is not there yet. Never marks.

Returns how many entries were copied."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a person did that they can offer as evidence for outcomes."""

    kind: str
    """audit_part, visit, meeting or assignment."""
    reference: dict[str, Any]
    """Row numbers and ids by which it is known again; `assignment_id` is always among them."""
    title: str
    """What it is, as a list names it; keeps its sense when read alone."""
    standing: str = ""
    """Where it stands now, such as "confirmed by the host school"."""
    endpoint: str = ""
    """Its page for the person, which takes `handle` and `values`; empty where it has none."""
    values: dict[str, Any] = field(default_factory=dict)


Evidence = Callable[[Session, Path, Sequence[int], int], list[Offer]]
"""Told the folder of settings, the contexts that count and the person; in the order they are to be
shown. A fixed number of queries."""


Begun = Callable[[Session, Sequence[int]], set[tuple[int, int]]]
"""Told assignments of the activity: who has entered something there in the activity's own tables,
as (assignment, person). One query."""


def _nothing_entered(session: Session, assignment_ids: Sequence[int]) -> set[tuple[int, int]]:
    return set()


def _no_evidence(
    session: Session, config_dir: Path, context_ids: Sequence[int], person_id: int
) -> list[Offer]:
    return []


def _nothing_own(session: Session, carried: Carried) -> int:
    return 0


def _no_work() -> Work:
    return {}


def _no_anchors(work: Work) -> tuple[Anchor, ...]:
    return ()


def _no_changes(before: Work, after: Work) -> Markup:
    return Markup()


def _no_pattern(works: Sequence[Work]) -> Markup:
    return Markup()


def _no_progress(work: Work) -> Progress:
    return Progress(0, 0)


def _no_checks(session: Session, settings: Settings) -> Iterator[Check]:
    yield from ()


def _no_sweep(database: Database, settings: Settings) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of course work. An activity folder exports one of these as `ACTIVITY`.

    One that is not marked leaves out the fields from `rubric_key` to `criteria`.
    """

    key: str
    """The custom parameter `activity` that deep links carry."""
    title: str
    blueprint: Blueprint
    landing: str
    """Endpoint of a participant's first page; takes `handle`."""
    check_config: Callable[[Path], None]
    """Reads all that the activity takes from `config/`, so that a wrong file stops the start."""
    rubric_key: str = ""
    """Empty for an activity that nobody marks: it has no rubric, rules or gradebook column."""
    rules_key: str = ""
    document_version: int = 0
    new_document: Callable[[], Work] = _no_work
    """An empty piece of work in the newest shape."""
    render_for_marking: Renders = nothing_rendered
    """The frozen work as a marker reads it: a fragment whose headings begin at level 3."""
    anchors: Callable[[Work], tuple[Anchor, ...]] = _no_anchors
    """The places of a piece of work that can be remarked on, in the order they are rendered."""
    render_changes: Callable[[Work, Work], Markup] = _no_changes
    """What is different between an earlier copy and a later one; headings begin at level 2."""
    render_cohort: Callable[[Sequence[Work]], Markup] = _no_pattern
    """What is typical of many pieces, with nobody to be recognised: a fragment whose headings
    begin at level 2. Small numbers are hidden by the activity."""
    progress: Callable[[Work], Progress] = _no_progress
    criteria: tuple[str, ...] = ()
    """Ids of the rubric criteria this activity's work answers; the rubric may ask for these."""
    further_blueprints: tuple[Blueprint, ...] = ()
    """Pages outside a visit: those that guests reach by a link, or anybody by a code."""
    further_rubrics: tuple[str, ...] = ()
    """Keys of rubrics a tutor may choose in place of `rubric_key`."""
    tutor_landing: str = "marking.queue"
    """Endpoint of a tutor's first page; takes `handle`."""
    tutor_places: tuple[Place, ...] = ()
    """Its own pages for tutors, the one used most first."""
    checks: Checks = _no_checks
    """What `lti-tool doctor` asks of it."""
    bring_forward: BringForward = _nothing_own
    """How a person's own entries go along into the next cohort's course."""
    begun: Begun = _nothing_entered
    """Who has begun, where what people enter is not kept as a draft of the work."""
    evidence: Evidence = _no_evidence
    """What of a person's work here can be offered as evidence for outcomes."""
    sweep: Sweep = _no_sweep
    """What the worker does for it: reminders, and what has lapsed."""

    @property
    def rubric_keys(self) -> tuple[str, ...]:
        """Every rubric on offer, the usual one first; none where nothing is marked."""
        return (self.rubric_key, *self.further_rubrics) if self.is_marked else ()

    @property
    def is_marked(self) -> bool:
        """Whether people hand work in and it is marked. Where not, the activity is only pages."""
        return bool(self.rubric_key)
