"""A registry's list as lines: whose, which module, attempt, mark, passed, board's state, date.

Pure but for the headings and words of `config/words/module_results.yaml`.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from lti_tool.core.errors import Unusable
from lti_tool.marking.board.reading import read_attempt, read_mark, word_lists
from lti_tool.papers.lists import folded
from lti_tool.programme.cohorts.words import BOARD_STATES, CONFIRMED, PROVISIONAL

_FILE = "module_results.yaml"
_OF_RESULT = ("module", "attempt", "mark", "passed", "board", "decided")
COLUMNS = ("number", "id", "email", *_OF_RESULT)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
LONGEST_NUMBER = 40
STUDENT_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Words:
    """How a list is read: columns by heading, and what is written in two of them."""

    headings: dict[str, str]
    passed: dict[str, str]
    board: dict[str, str]


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One row of a list."""

    row: int
    """Counted as a spreadsheet does, headings included."""
    number: str
    person: str
    """The platform's own id of the person, where the list has it."""
    email: str
    module: str
    """As written; empty where the list has no such column."""
    attempt: int
    mark: Decimal | None
    is_passed: bool | None
    board_state: str
    decided_on: date | None
    is_result: bool
    """False where the row only tells whose number it is."""
    problem: str = ""

    @property
    def whose(self) -> str:
        """Whom the row names, as it was written."""
        return self.number or self.person or self.email


@cache
def load_words(config_dir: Path) -> Words:
    """How a list is read.

    :raises Unusable: naming what is wrong or missing in the file.
    """
    return Words(
        word_lists(config_dir, _FILE, COLUMNS, "headings"),
        word_lists(config_dir, _FILE, ("yes", "no"), "passed"),
        word_lists(config_dir, _FILE, tuple(BOARD_STATES), "board"),
    )


def _columns(headings: list[str], known: dict[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = known.get(folded(heading))
        if column is None:
            continue
        if column in places:
            raise Unusable(f"Two columns are headed like “{heading}”. Keep the one that counts.")
        places[column] = place
    if not places.keys() & {"number", "id", "email"}:
        raise Unusable(
            "No column is headed “Student number”. The first row must hold the headings."
        )
    if places.keys() <= {"number", "module"} or places.keys() <= {"id", "email", "module"}:
        raise Unusable(
            "This list holds no results and no student numbers beside the course site’s ids or "
            "e-mail addresses, so there is nothing to record."
        )
    return places


def _day(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    if iso := _ISO.fullmatch(text):
        year, month, day = iso.groups()
    elif british := _BRITISH.fullmatch(text):
        day, month, year = british.groups()
    else:
        year = month = day = "0"
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        problems.append(f"The date is “{text[:40]}”. Give a day such as 2026-07-12 or 12/07/2026.")
        return None


def _word(text: str, known: dict[str, str], what: str, problems: list[str]) -> str:
    if not text:
        return ""
    found = known.get(folded(text), "")
    if not found:
        some = ", ".join(sorted(set(known.values())))
        problems.append(f"{what} is “{text[:40]}”. Give one of these: {some}.")
    return found


def _agree(is_passed: bool | None, state: str, decided: date | None, today: date) -> list[str]:
    """What does not go together in a row."""
    found = []
    if state == CONFIRMED and is_passed is None:
        found.append("It is confirmed, but neither passed nor failed.")
    if state == CONFIRMED and decided is None:
        found.append("It is confirmed, but has no date of the board.")
    if decided is not None and decided > today and state != PROVISIONAL:
        found.append("The date of the board lies ahead.")
    return found


def _line(row: int, cells: dict[str, str], words: Words, today: date) -> ResultLine:
    problems: list[str] = []
    number = cells.get("number", "")
    if not number and not cells.get("id") and not cells.get("email"):
        problems.append("The row names nobody.")
    if len(number) > LONGEST_NUMBER:
        problems.append(f"A student number has at most {LONGEST_NUMBER} characters.")
    elif number and not STUDENT_NUMBER.fullmatch(number):
        problems.append("A student number is letters, digits, and / . _ - between them.")
    passed = _word(cells.get("passed", ""), words.passed, "“Passed”", problems)
    state = _word(cells.get("board", ""), words.board, "The board’s state", problems)
    decided = _day(cells.get("decided", ""), problems)
    is_passed = None if not passed else passed == "yes"
    mark = read_mark(cells.get("mark", ""), "mark", problems)
    attempt = read_attempt(cells.get("attempt", ""), problems)
    if not problems:
        problems = _agree(is_passed, state or PROVISIONAL, decided, today)
    return ResultLine(
        row=row,
        number=number,
        person=cells.get("id", ""),
        email=cells.get("email", "").casefold(),
        module=cells.get("module", ""),
        attempt=attempt or 1,
        mark=mark,
        is_passed=is_passed,
        board_state=state or PROVISIONAL,
        decided_on=decided,
        is_result=any(cells.get(name) for name in _OF_RESULT if name != "module"),
        problem=" ".join(problems),
    )


def read_results(rows: list[list[str]], words: Words, today: date) -> list[ResultLine]:
    """The lines of a list; what is wrong with one is said in it.

    :param rows: of the file, the headings first.
    :param today: no board has decided later than this.
    :raises Unusable: the headings are not those of such a list.
    """
    places = _columns(rows[0], words.headings)
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: row[place].strip() if place < len(row) else "" for name, place in places.items()
        }
        lines.append(_line(number, cells, words, today))
    return lines
