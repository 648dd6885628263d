"""A board's list as lines: whose, which attempt, raw, penalty, final. Pure but for the headings.

Headings are known by the words of `config/words/board.yaml`. A participant is named by candidate
code, or by the platform's own id of the person, which some universities make the student number.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from lti_tool.core.errors import Unusable
from lti_tool.core.yaml_text import load_yaml
from lti_tool.papers.lists import folded

COLUMNS = ("code", "id", "attempt", "raw", "penalty", "final")
_MARK = re.compile(r"\d{1,3}(?:\.(\d{1,15}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One row of a board's list."""

    row: int
    """Counted as a spreadsheet does, headings included."""
    code: str
    person: str
    """The platform's own id of the person, where the list names people so."""
    attempt: int | None
    raw: Decimal | None
    penalty: Decimal | None
    final: Decimal | None
    problem: str = ""
    """What is wrong with the row, in a sentence."""

    @property
    def whose(self) -> str:
        """Whom the row names, as it was written."""
        return self.code or self.person


@cache
def load_headings(config_dir: Path) -> dict[str, str]:
    """Column by folded heading.

    :raises Unusable: naming what is wrong or missing.
    """
    return word_lists(config_dir, "board.yaml", COLUMNS)


def word_lists(
    config_dir: Path, name: str, keys: tuple[str, ...], part: str = ""
) -> dict[str, str]:
    """Lists of words of a file below `config/words/`: the key by each folded word.

    :param keys: every one must hold a list; no word may stand under two of them.
    :param part: the part of the file that holds them, where it has several.
    :raises Unusable: naming what is wrong or missing.
    """
    file = f"config/words/{name}"
    try:
        document = load_yaml((config_dir / "words" / name).read_text("utf-8"))
    except OSError:
        raise Unusable(f"{file} is missing or cannot be read.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Unusable(f"{file} is no valid YAML: {error}") from None
    if part:
        document = document.get(part) if isinstance(document, dict) else None
        file = f"{file}, “{part}”"
    found: dict[str, str] = {}
    for key in keys:
        words = document.get(key) if isinstance(document, dict) else None
        if not isinstance(words, list) or not words:
            raise Unusable(f"{file}, “{key}” must be a list of headings.")
        for word in words:
            if found.setdefault(folded(str(word)), key) != key:
                raise Unusable(f"{file}: “{word}” stands under two columns.")
    return found


def _columns(headings: list[str], known: dict[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = known.get(folded(heading))
        if column is not None:
            if column in places:
                raise Unusable(
                    f"Two columns are headed like “{heading}”. Keep the one that counts."
                )
            places[column] = place
    if "final" not in places:
        raise Unusable("No column is headed “Final mark”. The first row must hold the headings.")
    if "code" not in places and "id" not in places:
        raise Unusable("No column is headed “Candidate code” or “Platform user id”.")
    return places


def read_mark(text: str, what: str, problems: list[str]) -> Decimal | None:
    """A mark from 0 to 100; what is wrong with it is added to the problems."""
    if not text:
        return None
    match = _MARK.fullmatch(text)
    value = Decimal(text) if match else None
    if value is None or value > 100 or len((match[1] if match else None) or "") > 2:
        problems.append(
            f"The {what} is “{text[:40]}”. Give a number from 0 to 100 with at most two digits "
            "after the point."
        )
        return None
    return value


def read_attempt(text: str, problems: list[str]) -> int | None:
    """The number of an attempt; what is wrong with it is added to the problems."""
    if not text:
        return None
    if not re.fullmatch(r"[1-9]", text, re.ASCII):
        problems.append(f"The attempt is “{text[:40]}”. Give 1, 2 and so on.")
        return None
    return int(text)


def read_lines(rows: list[list[str]], known: dict[str, str]) -> list[BoardLine]:
    """The lines of a board's list; what is wrong with one is said in it.

    :param rows: of the file, the headings first.
    :raises Unusable: the headings are not those of such a list.
    """
    places = _columns(rows[0], known)
    lines = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: row[place].strip() if place < len(row) else "" for name, place in places.items()
        }
        problems: list[str] = []
        code, person = cells.get("code", "").upper(), cells.get("id", "")
        if not code and not person:
            problems.append("The row names nobody.")
        final = read_mark(cells["final"], "final mark", problems)
        if not cells["final"]:
            problems.append("The row has no final mark.")
        lines.append(
            BoardLine(
                row=number,
                code=code,
                person=person,
                attempt=read_attempt(cells.get("attempt", ""), problems),
                raw=read_mark(cells.get("raw", ""), "raw mark", problems),
                penalty=read_mark(cells.get("penalty", ""), "penalty", problems),
                final=final,
                problem=" ".join(problems),
            )
        )
    return lines
