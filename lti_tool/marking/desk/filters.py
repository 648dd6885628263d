"""Which pieces of the queue a page shows, in which order, and what comes before and after one.

A filter is part of the address (GET), so links, the back button and bookmarks keep it. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lti_tool.marking.desk.pieces import Piece, Shelf
from lti_tool.marking.workflow import IN_MODERATION, MARKED, READY

ALL, TO_MARK, MODERATION, TO_RELEASE, PROBLEM = (
    "all",
    "to-mark",
    "moderation",
    "to-release",
    "problem",
)
TABS = {
    TO_MARK: "To mark",
    MODERATION: "In moderation",
    TO_RELEASE: "To release",
    PROBLEM: "Problem",
    ALL: "All",
}
MINE, EVERYONE = "mine", "everyone"
PAGE = 100
_NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Filter:
    """What an address asks for."""

    show: str
    whose: str
    page: int = 1
    usual: str = EVERYONE
    """Whose work is shown where an address does not say."""

    def as_query(self) -> dict[str, str]:
        """The filter as it stands in an address; what would be so anyway is left out."""
        said = {} if self.show == ALL else {"show": self.show}
        return said if self.whose == self.usual else {**said, "whose": self.whose}


def read_filter(given: Mapping[str, str], shelves: Sequence[Shelf], person_id: int) -> Filter:
    """The filter of an address. Where none is said: all, and one's own where one has some."""
    show = given.get("show", ALL)
    has_own = any(piece.is_mine(person_id) for shelf in shelves for piece in shelf.pieces)
    usual = MINE if has_own else EVERYONE
    whose = given.get("whose", usual)
    page = given.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return Filter(
        show if show in TABS else ALL,
        whose if whose in (MINE, EVERYONE) else usual,
        max(number, 1),
        usual,
    )


def has_problem(piece: Piece) -> bool:
    """Whether a piece needs a person: its mark is held, did not get there, is not
    what the gradebook shows, or changed since."""
    standing = piece.standing
    is_stuck = standing is not None and (standing.state == _NEEDS_PERSON or standing.differs)
    return piece.is_held or is_stuck or piece.is_changed_since_release


def _matches(shelf: Shelf, piece: Piece, show: str, marker_id: int | None) -> bool:
    if show == ALL:
        return True
    if shelf.assignment.closed_at is not None:
        return False  # a course reset closed it: nothing is to be done there
    if show == TO_MARK:
        return piece.waits_for(marker_id)
    if show == MODERATION:
        return piece.state in (MARKED, IN_MODERATION)
    if show == TO_RELEASE:
        return piece.state == READY
    return has_problem(piece)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The queue by filter: counts for the tabs, the pieces of one page by assignment."""

    filter: Filter
    counts: dict[str, int]
    whose_counts: dict[str, int]
    shelves: tuple[Shelf, ...]
    """With the pieces of this page only."""
    pages: int
    shown: int
    """How many pieces the filter has on all pages."""


def _of(shelf: Shelf, wanted: Filter, person_id: int) -> list[Piece]:
    if wanted.whose == EVERYONE:
        return list(shelf.pieces)
    return [piece for piece in shelf.pieces if piece.is_mine(person_id)]


def sort_out(shelves: Sequence[Shelf], wanted: Filter, person_id: int) -> Sorted:
    """The pieces a page shows. All filters count; a page has at most 100 pieces."""
    marker_id = person_id if wanted.whose == MINE else None
    counts = dict.fromkeys(TABS, 0)
    matching: list[tuple[Shelf, list[Piece]]] = []
    for shelf in shelves:
        theirs = _of(shelf, wanted, person_id)
        for show in TABS:
            counts[show] += sum(_matches(shelf, piece, show, marker_id) for piece in theirs)
        matching.append(
            (shelf, [one for one in theirs if _matches(shelf, one, wanted.show, marker_id)])
        )
    shown = counts[wanted.show]
    pages = max(1, -(-shown // PAGE))
    page = min(wanted.page, pages)
    everyone = sum(len(shelf.pieces) for shelf in shelves)
    mine = sum(piece.is_mine(person_id) for shelf in shelves for piece in shelf.pieces)
    return Sorted(
        filter=replace(wanted, page=page),
        counts=counts,
        whose_counts={MINE: mine, EVERYONE: everyone},
        shelves=_page(matching, page, is_all=wanted.show == ALL),
        pages=pages,
        shown=shown,
    )


def _page(
    matching: list[tuple[Shelf, list[Piece]]], number: int, *, is_all: bool
) -> tuple[Shelf, ...]:
    """The assignments with their share of a page; on the first page of all, empty ones too."""
    start, end, at = (number - 1) * PAGE, number * PAGE, 0
    found = []
    for shelf, pieces in matching:
        part = pieces[max(start - at, 0) : max(end - at, 0)]
        at += len(pieces)
        if part or (is_all and number == 1 and not pieces):
            found.append(shelf.with_pieces(part))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What comes before and after a piece within a filter, and how many the filter has."""

    before: Piece | None
    after: Piece | None
    count: int


def find_neighbours(
    shelves: Sequence[Shelf], wanted: Filter, person_id: int, submission_id: int
) -> Neighbours:
    """The pieces beside one, which itself may have left the filter by being marked."""
    marker_id = person_id if wanted.whose == MINE else None
    everything = [(shelf, piece) for shelf in shelves for piece in shelf.pieces]
    ids = [piece.work.submission_id for _, piece in everything]
    at = ids.index(submission_id) if submission_id in ids else len(ids)
    inside = [
        (number, piece)
        for number, (shelf, piece) in enumerate(everything)
        if _matches(shelf, piece, wanted.show, marker_id)
        and (wanted.whose == EVERYONE or piece.is_mine(person_id))
    ]
    return Neighbours(
        next((piece for number, piece in reversed(inside) if number < at), None),
        next((piece for number, piece in inside if number > at), None),
        len(inside),
    )
