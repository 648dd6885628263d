"""What a board's sheet is made of: pieces of work of people, with all that is known of each."""

from dataclasses import dataclass

from lti_tool.coursework.queries import AssignmentRead
from lti_tool.gradebook.every_mark import MarkThere
from lti_tool.marking.board.results import BoardResult
from lti_tool.programme.cohorts.board.agreeing import MarkHere
from lti_tool.programme.cohorts.queries import Run
from lti_tool.programme.cohorts.results.shown import Result
from lti_tool.programme.cohorts.standing import Standing


@dataclass(frozen=True, slots=True)
class Piece:
    """One attempt of one person at one piece of work, with all that is known of it."""

    person_id: int
    attempt: int | None
    """As the registry counts, whose results of earlier cohorts come first; None where nothing was
    handed in and the registry has nothing."""
    assignment: AssignmentRead | None
    code: str
    """The candidate code, of a released mark whose work is marked without names."""
    released: BoardResult | None
    mark: MarkHere
    there: MarkThere | None
    has_column: bool
    is_newest: bool
    """Whether the gradebook is to show this attempt."""
    result: Result | None
    is_whole: bool
    """Whether this is the person's only piece of work in the module."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the sheet, and on which lists they are."""

    person_id: int
    name: str
    number: str
    entry: int | None
    """By which pages name them in the cohort; None where they are not in it."""
    standing: Standing | None
    is_listed: bool
    """Whether a course of the module lists them now."""
    is_elsewhere: bool
    """Whether they are in another cohort of the programme."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a sheet is made of."""

    runs: tuple[Run, ...]
    assignments: dict[int, AssignmentRead]
    people: dict[int, Person]
    pieces: tuple[Piece, ...]
    has_list: bool
    """Whether the registry's list was brought in for this module of the cohort."""
