"""The contract of an activity."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Blueprint
from markupsafe import Markup

Work = dict[str, Any]
"""A piece of work as typed: the activity's own versioned document."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of work is: parts done of parts asked for, and what is missing."""

    done: int
    asked: int
    missing: tuple[str, ...] = field(default_factory=tuple)
    """Sentences for the participant. Missing parts do not forbid handing in."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One kind of course work. An activity folder exports one of these as `ACTIVITY`."""

    key: str
    """The custom parameter `activity` that deep links carry."""
    title: str
    blueprint: Blueprint
    landing: str
    """Endpoint of a participant's first page; takes `handle`."""
    rubric_key: str
    rules_key: str
    document_version: int
    new_document: Callable[[], Work]
    """An empty piece of work in the newest shape."""
    render_for_marking: Callable[[Work], Markup]
    """The frozen work as a marker reads it: a fragment whose headings begin at level 3."""
    progress: Callable[[Work], Progress]
    check_config: Callable[[Path], None]
    """Reads all that the activity takes from `config/`, so that a wrong file stops the start."""
    criteria: tuple[str, ...]
    """Ids of the rubric criteria this activity's work answers; the rubric may ask for these."""
    further_rubrics: tuple[str, ...] = ()
    """Keys of rubrics a tutor may choose in place of `rubric_key`."""

    @property
    def rubric_keys(self) -> tuple[str, ...]:
        """Every rubric on offer, the usual one first."""
        return (self.rubric_key, *self.further_rubrics)
