"""All that decides how one assignment's marks are counted: rubric, rules, calendar, words.

Read once and used for every piece of work of the assignment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from lti_tool.coursework.calendar import Calendar, load_calendar
from lti_tool.coursework.lateness import Deadline
from lti_tool.coursework.queries import AssignmentRead, HandedIn
from lti_tool.coursework.rules import Rules, get_rules
from lti_tool.marking.moderation.scaling import find_scaling, in_words, scaled
from lti_tool.marking.queries import rubric_of
from lti_tool.marking.reckoning import Reckoned, reckon
from lti_tool.marking.rubrics import Rubric
from lti_tool.marking.wording import ResultWords, load_words


def days_late(work: HandedIn, rules: Rules, calendar: Calendar) -> int:
    """How many days late work came, in the days of the rules; 0 in time."""
    if work.due_at is None:
        return 0
    return Deadline(work.due_at, rules.late, calendar).days_late(work.handed_in_at)


def reckon_work(
    work: HandedIn,
    raw: Decimal,
    rules: Rules,
    calendar: Calendar,
    scaling: Mapping[str, Any] | None,
) -> Reckoned:
    """The final mark of a piece of work with its working.

    :param raw: the overall mark of the judgement that counts.
    :param scaling: of the whole cohort, if one is in force.
    """
    return reckon(
        raw,
        rules,
        days_late=days_late(work, rules, calendar),
        is_capped=work.is_capped,
        scaled=None if scaling is None else scaled(raw, scaling, rules),
        scaling="" if scaling is None else in_words(scaling),
    )


@dataclass(frozen=True, slots=True)
class Terms:
    """How an assignment's marks are counted."""

    rubric: Rubric
    rules: Rules
    calendar: Calendar
    words: ResultWords
    scaling: dict[str, str] | None
    """The scaling of the whole cohort in force, if a moderation decided one."""

    def days_late(self, work: HandedIn) -> int:
        """How many days late work came, in the days of the rules; 0 in time."""
        return days_late(work, self.rules, self.calendar)

    def reckon(self, work: HandedIn, raw: Decimal) -> Reckoned:
        """The final mark with its working.

        :param raw: the overall mark of the judgement that counts.
        """
        return reckon_work(work, raw, self.rules, self.calendar, self.scaling)


def get_terms(session: Session, config_dir: Path, assignment: AssignmentRead) -> Terms:
    """How this assignment's marks are counted.

    :raises NotFound: its rubric or its rules are not kept any more.
    """
    return Terms(
        rubric=rubric_of(session, assignment),
        rules=get_rules(session, config_dir, assignment.rules_key, assignment.rules_version),
        calendar=load_calendar(config_dir),
        words=load_words(config_dir),
        scaling=find_scaling(session, assignment.id),
    )
