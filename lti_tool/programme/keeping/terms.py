"""How long each record type stays, from `config/rules/retention.yaml`."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lti_tool.programme.dates import add_months, add_years
from lti_tool.programme.number_file import NumberFile

PEOPLE = "people"
RECORDS = (
    "assessed_work",
    "drafts",
    "awards",
    "school_facts",
    "dbs_facts",
    "guest_links",
    "guests",
    "messages",
    "audit",
    PEOPLE,
)
_UNITS = ("days", "months", "years")


@dataclass(frozen=True, slots=True)
class Term:
    """How long one record type stays."""

    record: str
    keep: int
    unit: str
    what: str
    counted_from: str
    source: str
    is_carried_out: bool
    """Whether the worker deletes what is over; else only a dry run looks."""

    @property
    def in_words(self) -> str:
        """How long, such as "5 years after the end of the course"."""
        unit = self.unit if self.keep != 1 else self.unit.removesuffix("s")
        return f"{self.keep} {unit} after {self.counted_from}"

    def last_kept(self, today: date) -> date:
        """What ended on this day or later stays."""
        if self.unit == "days":
            return today - timedelta(days=self.keep)
        if self.unit == "months":
            return add_months(today, -self.keep)
        return add_years(today, -self.keep)


@cache
def load_retention(config_dir: Path) -> dict[str, Term]:
    """The terms by record type, read once.

    :raises Unusable: naming the line of `rules/retention.yaml` that is wrong, and what is.
    """
    given = NumberFile(config_dir, "retention.yaml", RECORDS)
    return {
        record: Term(
            record=record,
            keep=given.whole(record, "keep", 1, 10_000),
            unit=given.one_of(record, "unit", _UNITS),
            what=given.said(record, "what"),
            counted_from=given.said(record, "counted_from"),
            source=given.said(record, "source"),
            is_carried_out=given.yes_or_no(record, "carried_out"),
        )
        for record in RECORDS
    }
