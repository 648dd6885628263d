"""The form by which a tutor chooses activities: one small form for each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lti_tool.catalogue.contract import Activity
from lti_tool.core import clock
from lti_tool.coursework.queries import AssignmentRead
from lti_tool.launch.picker.operations import Wish
from lti_tool.web.forms import Choice as ChoiceField
from lti_tool.web.forms import Day, Form, LocalDateTime, LongText, SelectChoice, Text, Whole

MOST_ROWS = 10
_NEW, _OLD = "new:", "old:"


@dataclass(frozen=True, slots=True)
class Offer:
    """What one row may be: kinds of new work, and work that the course has already."""

    activities: Sequence[Activity]
    assignments: Sequence[AssignmentRead]
    placed: Collection[int]
    """Row numbers of those that a link of the course stands for."""
    largest_maximum: int
    rubrics: Mapping[str, str]
    """Titles of the rubrics on offer, by key."""

    def rubrics_of(self, what: str) -> tuple[str, ...]:
        """The rubrics that new work of an answer of the list may have."""
        found = [one for one in self.activities if _NEW + one.key == what]
        return found[0].rubric_keys if found else ()

    def options(self) -> list[Any]:
        """The answers of the list."""
        new = [SelectChoice(_NEW + one.key, f"New: {one.title}") for one in self.activities]
        there = [one for one in self.assignments if one.id in self.placed]
        kept = [(f"Already in this course: {_name(one)}", one.resource_id) for one in there]
        old = [*kept, *self._prepared().items()]
        return [*new, *(SelectChoice(_OLD + number, label) for label, number in old)]

    def _prepared(self) -> dict[str, str]:
        """What was chosen and not opened since, by label. Whether the course site has kept its
        link is not known; of some that look alike the newest stands for all."""
        waiting = [one for one in self.assignments if one.id not in self.placed]
        found = {}
        for one in sorted(waiting, key=lambda one: one.id):
            day = clock.day(one.created_at)
            found[f"Prepared on {day}, not opened from the course yet: {_name(one)}"] = (
                one.resource_id
            )
        return found


def _name(assignment: AssignmentRead) -> str:
    out_of = f" (out of {assignment.maximum})" if assignment.rubric_key else ""
    return f"{assignment.title}{out_of}"


def _row_class(offer: Offer) -> type[Form]:
    """A row's fields; the largest maximum is the platform's."""

    class Row(Form):
        what = ChoiceField("What to add", offer.options(), as_list=True)
        title = Text(
            "Title",
            required=False,
            hint="As participants see it in the course. Left empty, it is the activity’s own.",
        )
        text = LongText(
            "Text",
            1_000,
            required=False,
            hint="Shown below the title where your course site shows descriptions.",
        )
        rubric = ChoiceField(
            "Rubric", offer.rubrics, as_list=True, first="The usual one", required=False
        )
        maximum = Whole("Maximum mark", minimum=1, maximum=offer.largest_maximum)
        due_at = LocalDateTime("Due date and time", required=False)
        board_on = Day("Day of the assessment board", required=False)

        def validate(self, extra_validators: Any = None) -> bool:
            """Besides each field: the rubric must be one of the activity's."""
            is_good = bool(super().validate(extra_validators))
            chosen, what = self.rubric.data, str(self.what.data)
            if chosen and what.startswith(_NEW) and chosen not in offer.rubrics_of(what):
                self.problem("rubric", "This rubric is for another activity. Choose another.")
                return False
            return is_good

    return Row


@dataclass(slots=True)
class Choosing:
    """All rows of the page."""

    rows: list[Form]
    errors: list[Form] = field(default_factory=list)

    def validate(self) -> bool:
        """Check every row, so that all errors are said at once."""
        self.errors = [row for row in self.rows if not row.validate()]
        return not self.errors

    def wishes(self) -> list[Wish]:
        """What was chosen; call after `validate`."""
        found = []
        for row in self.rows:
            kind, _, key = str(row["what"].data).partition(":")
            found.append(
                Wish(
                    activity=key if kind == "new" else None,
                    resource_id=key if kind == "old" else None,
                    title=row["title"].data or "",
                    text=row["text"].data or "",
                    maximum=row["maximum"].data or 0,
                    due_at=row["due_at"].data,
                    board_on=row["board_on"].data,
                    rubric_key=row["rubric"].data if kind == "new" else None,
                )
            )
        return found


def _prefix(number: int) -> str:
    return f"item{number}-"


def empty_form(offer: Offer) -> Choosing:
    """One row, for the first activity there is."""
    return Choosing([_new_row(offer, 0)])


def _new_row(offer: Offer, number: int) -> Form:
    first = offer.options()[0].value if offer.options() else None
    return _row_class(offer)(prefix=_prefix(number), data={"what": first, "maximum": 100})


def read_form(offer: Offer, posted: Any, *, accepts_many: bool, act: str) -> Choosing:
    """The rows as posted; `another` adds one at the end and `fewer` takes the last away."""
    said = posted.get("count", "1")
    count = int(said) if said.isascii() and said.isdigit() and len(said) < 3 else 1
    count = min(max(count, 1), MOST_ROWS if accepts_many else 1)
    if act == "fewer":
        count = max(count - 1, 1)
    kind = _row_class(offer)
    rows = [kind(posted, prefix=_prefix(number)) for number in range(count)]
    if act == "another" and accepts_many and count < MOST_ROWS:
        rows.append(_new_row(offer, count))
    return Choosing(rows)
