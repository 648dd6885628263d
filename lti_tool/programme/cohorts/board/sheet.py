"""The board's sheet in words: a line an attempt, whether all agree on it, and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lti_tool.marking.out_of_date import OUT_OF_DATE
from lti_tool.papers.tables import Cell, Table
from lti_tool.programme.cohorts.board import agreeing
from lti_tool.programme.cohorts.board.pieces import Gathered, Person, Piece
from lti_tool.programme.cohorts.words import ACTIVE, STATUSES

_HEADINGS = (
    *("Name", "Student number", "Candidate code", "Status", "Work", "Attempt"),
    *("Raw mark", "Penalty", "Cap", "Final mark", "Released", "Board", "Gradebook"),
    *("Registry’s list", "Agree", "What differs and what to do"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet."""

    person: Person
    status: str
    piece: Piece
    work: str
    """The title of the work; empty for a line of the module as a whole."""
    released: str
    gradebook: str
    registry: str
    board: str
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    """What is worth knowing and needs nobody."""

    @property
    def agrees(self) -> bool:
        """Whether all that is known of this line says the same."""
        return not self.differences

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it anywhere yet, so that there is nothing to compare."""
        piece = self.piece
        return self.agrees and piece.released is None and piece.there is None and not piece.result


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a module in a cohort."""

    lines: tuple[Line, ...]
    has_work: bool
    """Whether any work of the module is marked here."""
    has_list: bool
    """Whether the registry's list was brought in for the module."""
    has_parts: bool
    """Whether somebody has several pieces of work, so that the registry's mark is of none."""

    @property
    def differing(self) -> tuple[Line, ...]:
        """The lines on which something differs."""
        return tuple(one for one in self.lines if not one.agrees)


def _released(piece: Piece) -> str:
    if piece.mark.is_held:
        return "Held back"
    if piece.mark.final is not None:
        return "Released"
    return "Not released" if piece.mark.is_handed_in else "Nothing handed in"


def _status(person: Person) -> str:
    if person.standing is not None:
        return STATUSES[person.standing.status]
    return "In another cohort" if person.is_elsewhere else "Not in the cohort"


def _on_lists(person: Person, has_runs: bool) -> list[str]:
    """What differs between the cohort and the lists of the module's courses."""
    if person.standing is None and not person.is_elsewhere:
        return [
            "On a list of this module, and not in the cohort. Bring them in on the cohort’s page, "
            "or ask why they are here."
        ]
    is_active = person.standing is not None and person.standing.status == ACTIVE
    if is_active and has_runs and not person.is_listed:
        return [
            "Takes part in the cohort, and no course of this module lists them now. Check their "
            "enrolment, or change their status."
        ]
    return []


def _differences(piece: Piece, gathered: Gathered) -> list[str]:
    found = [OUT_OF_DATE] if piece.mark.is_out_of_date else []
    if piece.is_newest and gathered.assignments:
        has_column = piece.has_column
        found.append(agreeing.gradebook_differs(piece.mark, piece.there, has_column=has_column))
    is_here = gathered.people[piece.person_id].standing is not None
    if gathered.has_list and gathered.assignments and (is_here or piece.result):
        found += agreeing.registry_differs(piece.mark, piece.result, is_whole=piece.is_whole)
    return [one for one in found if one]


def _notes(piece: Piece, person: Person) -> tuple[str, ...]:
    older = "The gradebook shows the other attempt."
    other = "In another cohort and resubmits here: the registry’s result is on that cohort’s list."
    return (
        *((older,) if not piece.is_newest else ()),
        *((other,) if person.is_elsewhere else ()),
    )


def _line(piece: Piece, gathered: Gathered) -> Line:
    person = gathered.people[piece.person_id]
    return Line(
        person=person,
        status=_status(person),
        piece=piece,
        work=piece.assignment.title if piece.assignment else "",
        released=_released(piece),
        gradebook=agreeing.say_gradebook(
            piece.there, has_column=piece.has_column, is_newest=piece.is_newest
        ),
        registry=agreeing.say_registry(piece.result),
        board=agreeing.say_board(piece.mark),
        differences=(
            *_on_lists(person, bool(gathered.runs)),
            *_differences(piece, gathered),
        ),
        notes=_notes(piece, person),
    )


def make_sheet(gathered: Gathered) -> Sheet:
    """The sheet, everybody by name."""
    return Sheet(
        lines=tuple(_line(one, gathered) for one in gathered.pieces),
        has_work=bool(gathered.assignments),
        has_list=gathered.has_list,
        has_parts=any(not one.is_whole for one in gathered.pieces),
    )


def _row(line: Line) -> list[Cell]:
    out = line.piece.released
    marks: list[Decimal | None] = (
        [out.raw, out.penalty, out.cap, out.final] if out else [None, None, None, None]
    )
    return [
        line.person.name,
        line.person.number,
        line.piece.code,
        line.status,
        line.work,
        line.piece.attempt,
        *marks,
        line.released,
        line.board,
        line.gradebook,
        line.registry,
        None if line.is_empty else line.agrees,
        "\n".join((*line.differences, *line.notes)),
    ]


def to_table(lines: Sequence[Line], title: str) -> Table:
    """Lines of the sheet as a table to take away."""
    return Table(title, _HEADINGS, [_row(one) for one in lines])
