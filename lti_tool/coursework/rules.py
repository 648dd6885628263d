"""Rules of marking and time, from `config/rules/marking.yaml`, checked and kept as versions.

Data only: what follows from them is counted in `lateness.py` here and in `marking/`. Work is
handed in and marked by the version it was set with, whatever the file says later.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.core.errors import NotFound, Unusable
from lti_tool.core.yaml_text import read_config
from lti_tool.coursework.models import RulesVersion
from lti_tool.coursework.versions import keep_version

MARKS, PASS_FAIL, COMPLETE = "marks", "pass_fail", "complete"
PER_DAY, PERCENT_PER_DAY, CAP, NONE = "marks_per_day", "percent_per_day", "cap", "none"
WORKING, CALENDAR = "working", "calendar"
SQUARE_ROOT, PERCENT, ALL_FAILS = "square_root", "percent", "all_fails"
ALL_BORDERLINE, ONE_PER_BAND = "all_borderline", "one_per_band"
_FILE = "config/rules/marking.yaml"


@dataclass(frozen=True, slots=True)
class LateRule:
    """What being late costs, and how late is too late."""

    kind: str
    """marks_per_day, percent_per_day, cap or none."""
    amount: Decimal
    """Marks, or percent of the mark, for each day begun; with cap: the cap, in marks."""
    days: str
    """working or calendar."""
    grace_minutes: int
    most_days: int
    """Nothing is accepted later than this many days; 0 for no such limit."""
    floor: Decimal
    """A penalty takes a mark that was at or above it no lower; 0 for none."""


@dataclass(frozen=True, slots=True)
class SamplingRule:
    """Which work a moderator looks at."""

    rules: tuple[str, ...]
    percent: Decimal
    at_least: int
    borderline: Decimal
    """Marks on either side of a band's edge that count as borderline."""
    required: bool
    """Whether marks can be released only after a moderation was decided."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A set of rules as one assignment has it."""

    key: str
    title: str
    source: str
    mode: str
    """marks, pass_fail or complete."""
    pass_mark: Decimal
    round_to: Decimal
    anonymous: bool
    feedback_days: int
    """Working days from the due date to feedback."""
    late: LateRule
    second_attempt_cap: Decimal
    second_attempt_days: int
    double_marking: str
    """none or all."""
    second_is_blind: bool
    moderation: SamplingRule

    @property
    def is_double_marked(self) -> bool:
        """Whether every piece needs a second marker and an agreed mark."""
        return self.double_marking == "all"


class _Reader:
    """Reads named values of one rule set, naming the place where one is wrong."""

    def __init__(self, where: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise Unusable(f"{where} must be a list of named values.")
        self.where, self.values = where, values

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise Unusable(f"{self.where} lacks “{name}”.")
        return self.values[name]

    def number(self, name: str, low: int, high: int) -> Decimal:
        """A number from `low` to `high`."""
        value = self._value(name)
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = Decimal("NaN")
        if isinstance(value, bool) or not found.is_finite() or not low <= found <= high:
            raise Unusable(
                f"{self.where}, “{name}” is “{value}”. Give a number from {low} to {high}."
            )
        return found

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        found = self.number(name, low, high)
        if found != int(found):
            raise Unusable(f"{self.where}, “{name}” is “{found}”. Give a whole number.")
        return int(found)

    def words(self, name: str) -> str:
        """A text that is not empty."""
        value = self._value(name)
        if not isinstance(value, str) or not value.strip():
            raise Unusable(f"{self.where}, “{name}” must be a text.")
        return value.strip()

    def yes_or_no(self, name: str) -> bool:
        """True or false."""
        value = self._value(name)
        if not isinstance(value, bool):
            raise Unusable(f"{self.where}, “{name}” must be true or false.")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """One of these words."""
        value = self._value(name)
        if value not in allowed:
            raise Unusable(
                f"{self.where}, “{name}” is “{value}”. Use one of: {', '.join(allowed)}."
            )
        return str(value)

    def several_of(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """One or more of these words."""
        value = self._value(name)
        if not isinstance(value, list) or not value or any(one not in allowed for one in value):
            raise Unusable(f"{self.where}, “{name}” must list one or more of {', '.join(allowed)}.")
        return tuple(value)

    def part(self, name: str) -> "_Reader":
        """The values below a name."""
        return _Reader(f"{self.where}, “{name}”", self._value(name))


def _late(given: _Reader) -> LateRule:
    return LateRule(
        kind=given.one_of("kind", (PER_DAY, PERCENT_PER_DAY, CAP, NONE)),
        amount=given.number("amount", 0, 100),
        days=given.one_of("days", (WORKING, CALENDAR)),
        grace_minutes=given.whole("grace_minutes", 0, 10_080),
        most_days=given.whole("most_days", 0, 1_000),
        floor=given.number("floor", 0, 100),
    )


def _sampling(given: _Reader) -> SamplingRule:
    every = (SQUARE_ROOT, PERCENT, ALL_FAILS, ALL_BORDERLINE, ONE_PER_BAND)
    return SamplingRule(
        rules=given.several_of("rules", every),
        percent=given.number("percent", 0, 100),
        at_least=given.whole("at_least", 0, 1_000),
        borderline=given.number("borderline", 0, 20),
        required=given.yes_or_no("required"),
    )


def read_rules(key: str, document: Any, where: str = _FILE) -> Rules:
    """A set of rules from its document.

    :raises Unusable: naming the place and what is wrong there.
    """
    given = _Reader(f"{where}, “{key}”", document)
    step = given.number("round_to", 0, 10)
    if step <= 0:
        raise Unusable(f"{where}, “{key}”: “round_to” must be more than 0.")
    return Rules(
        key=key,
        title=given.words("title"),
        source=given.words("source"),
        mode=given.one_of("mode", (MARKS, PASS_FAIL, COMPLETE)),
        pass_mark=given.number("pass_mark", 0, 100),
        round_to=step,
        anonymous=given.yes_or_no("anonymous"),
        feedback_days=given.whole("feedback_days", 1, 250),
        late=_late(given.part("late")),
        second_attempt_cap=given.number("second_attempt_cap", 0, 100),
        second_attempt_days=given.whole("second_attempt_days", 1, 1_000),
        double_marking=given.one_of("double_marking", ("none", "all")),
        second_is_blind=given.yes_or_no("second_is_blind"),
        moderation=_sampling(given.part("moderation")),
    )


@cache
def _read_file(config_dir: Path) -> dict[str, Any]:
    document = read_config(config_dir / "rules" / "marking.yaml")
    if not isinstance(document, dict) or not document:
        raise Unusable(f"{_FILE} must hold at least one set of rules.")
    return {str(key): value for key, value in document.items()}


def list_rules(config_dir: Path) -> list[Rules]:
    """All sets of rules the file holds, in its order.

    :raises Unusable: naming the place and what is wrong there.
    """
    return [read_rules(key, document) for key, document in _read_file(config_dir).items()]


def check_rules(config_dir: Path, key: str) -> None:
    """Check the whole file, and that it holds the set of this key.

    :raises Unusable: naming what is wrong or missing.
    """
    if key not in {rules.key for rules in list_rules(config_dir)}:
        raise Unusable(f"{_FILE} has no rules named “{key}”.")


def rules_version_in_force(session: Session, config_dir: Path, key: str) -> int:
    """The version of a set of rules that new work is set with; a changed set becomes a new one.

    :raises Unusable: the file has no such set.
    """
    document = _read_file(config_dir).get(key)
    read_rules(key, document)
    return keep_version(session, RulesVersion, key, document)  # type: ignore[arg-type]


def get_rules(session: Session, config_dir: Path, key: str, version: int) -> Rules:
    """The rules that work was set with.

    :param version: 0 for work set before rules had versions, which follows those in force.
    :raises NotFound: this version is not kept.
    """
    if version == 0:
        return read_rules(key, _read_file(config_dir).get(key))
    document = session.scalar(
        select(RulesVersion.document).where(
            RulesVersion.key == key, RulesVersion.version == version
        )
    )
    if document is None:
        raise NotFound("The rules of this work are not kept here any more.")
    return read_rules(key, document, f"rules, version {version}")
