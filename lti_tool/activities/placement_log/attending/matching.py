"""A list of attendance held against the roster: who is meant by each row, and what it says.

People are found by e-mail address, by the course site's own id or the part of their address
before the @ (often the student number), or by name. A row that fits nobody, or two people, is
said and left out. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lti_tool.activities.placement_log.attending.words import COLUMNS, ListWords, fold_mark
from lti_tool.activities.placement_log.entries import PRESENT
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import Unusable
from lti_tool.papers.lists import folded
from lti_tool.people.queries import Known


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list."""

    number: int
    """Counted as a spreadsheet does, headings included."""
    whose: str
    """Whom the row names, as it was written."""
    person: Known | None = None
    mark: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a list would bring about."""

    rows: tuple[Row, ...]
    not_listed: tuple[Known, ...]
    """Who takes part and is in no row."""
    says_marks: bool
    """Whether a column says who was there; else every row means present."""

    @property
    def good(self) -> list[Row]:
        """The rows that can be kept."""
        return [one for one in self.rows if not one.problem]

    @property
    def problems(self) -> list[Row]:
        """The rows that cannot."""
        return [one for one in self.rows if one.problem]

    def marks(self, not_listed: str = "") -> dict[int, str]:
        """What would be kept, by person.

        :param not_listed: what to keep of those in no row; empty leaves them as they are.
        """
        found = {one.person_id: not_listed for one in self.not_listed} if not_listed else {}
        return found | {one.person.person_id: one.mark for one in self.good if one.person}

    @property
    def digest(self) -> str:
        """Another text once the list would bring about something else."""
        marks = sorted(self.marks().items())
        return document_digest({"marks": marks, "rest": [k.person_id for k in self.not_listed]})


class _Roster:
    """Whom each word by which a list may name people means."""

    def __init__(self, people: Iterable[Known]) -> None:
        self._by: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.people = {one.person_id: one for one in people}
        for one in self.people.values():
            address = one.email.casefold()
            self._by["email"][address].add(one.person_id)
            self._by["number"][one.said_id.casefold()].add(one.person_id)
            self._by["number"][address.partition("@")[0]].add(one.person_id)
            self._by["name"][folded(one.name)].add(one.person_id)
        for kind in self._by.values():
            kind.pop("", None)

    def find(self, kind: str, word: str) -> set[int]:
        """The people whom this word means, by e-mail, number or name."""
        if kind != "name":
            return self._by[kind].get(word.casefold().strip(), set())
        found = self._by["name"].get(folded(word), set())
        last, comma, first = word.partition(",")
        return found or (self._by["name"].get(folded(f"{first} {last}"), set()) if comma else set())


def _columns(headings: Sequence[str], words: ListWords) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = words.headings.get(fold_mark(heading))
        if column is not None:
            places.setdefault(column, place)
    if not {"email", "number", "name"} & set(places) and not {"given_name", "family_name"} <= set(
        places
    ):
        raise Unusable(
            "No column is headed “Name”, “E-mail” or “Student number”. The first row must hold "
            "the headings."
        )
    return places


def _who(cells: Mapping[str, str], roster: _Roster) -> tuple[Known | None, str]:
    """Whom a row means, or why nobody is found: the surest of what it says comes first."""
    named = [(kind, cells[kind]) for kind in ("email", "number", "name") if cells.get(kind)]
    if not named:
        return None, "The row names nobody."
    for kind, word in named:
        found = roster.find(kind, word)
        if len(found) == 1:
            return roster.people[next(iter(found))], ""
        if found:
            return None, "Two people of this course are called so. Add their e-mail addresses."
    return None, "Nobody who takes part in this course is called so."


def _mark(text: str, says_marks: bool, words: ListWords) -> tuple[str, str]:
    if not says_marks:
        return PRESENT, ""
    if not text:
        return "", "It does not say whether they were there."
    mark = words.marks.get(fold_mark(text), "")
    return mark, "" if mark else f"“{text[:40]}” says neither present, absent nor made up."


def _row(
    number: int, cells: dict[str, str], says_marks: bool, roster: _Roster, words: ListWords
) -> Row:
    if not cells.get("name"):
        cells["name"] = f"{cells.get('given_name', '')} {cells.get('family_name', '')}".strip()
    whose = cells["name"] or cells.get("email") or cells.get("number") or ""
    person, problem = _who(cells, roster)
    mark, unread = _mark(cells.get("state", ""), says_marks, words)
    return Row(number, whose[:100], person, mark, problem or unread)


def look(rows: Sequence[Sequence[str]], people: Sequence[Known], words: ListWords) -> Preview:
    """What a list would bring about.

    :param rows: of the file, the headings first.
    :param people: all who take part in the course.
    :raises Unusable: the headings are not those of such a list.
    """
    places, roster = _columns(rows[0], words), _Roster(people)
    says_marks = "state" in places
    found = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {
            name: row[places[name]].strip() if places[name] < len(row) else ""
            for name in COLUMNS
            if name in places
        }
        found.append(_row(number, cells, says_marks, roster, words))
    return _checked(found, roster, says_marks)


def _checked(found: list[Row], roster: _Roster, says_marks: bool) -> Preview:
    """Rows that name one person twice are said too, unless they say the same."""
    said: dict[int, set[str]] = defaultdict(set)
    for one in found:
        if one.person is not None and not one.problem:
            said[one.person.person_id].add(one.mark)
    times = Counter({person: len(marks) for person, marks in said.items()})
    rows = [
        Row(one.number, one.whose, one.person, one.mark, "Two rows say different things of them.")
        if one.person is not None and not one.problem and times[one.person.person_id] > 1
        else one
        for one in found
    ]
    listed = {one.person.person_id for one in rows if one.person is not None}
    rest = tuple(one for one in roster.people.values() if one.person_id not in listed)
    return Preview(tuple(rows), rest, says_marks)
