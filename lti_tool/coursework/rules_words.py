"""A set of rules in plain words, for the page on which a tutor chooses one. Pure."""

from lti_tool.core.numerals import plain
from lti_tool.coursework.rules import (
    CAP,
    COMPLETE,
    NONE,
    PASS_FAIL,
    PER_DAY,
    WORKING,
    LateRule,
    Rules,
)


def _days(count: int, kind: str) -> str:
    return f"{count} {'working ' if kind == WORKING else ''}{'day' if count == 1 else 'days'}"


def _late(late: LateRule) -> str:
    each = "working day" if late.days == WORKING else "day"
    if late.kind == NONE:
        said = "Late work loses nothing."
    elif late.kind == CAP:
        said = f"Late work is capped at {plain(late.amount)}."
    elif late.kind == PER_DAY:
        said = f"Late work loses {plain(late.amount)} marks for each {each} begun."
    else:
        said = f"Late work loses {plain(late.amount)}% of its mark for each {each} begun."
    if late.floor and late.kind not in (NONE, CAP):
        said += f" A pass is taken no lower than {plain(late.floor)}."
    return said


def say_rules(rules: Rules) -> list[str]:
    """The rules as sentences a tutor can check against their own regulations."""
    said = [_late(rules.late)]
    if rules.late.grace_minutes:
        said.append(f"Up to {rules.late.grace_minutes} minutes late counts as in time.")
    if rules.late.most_days:
        said.append(f"Nothing is accepted after {_days(rules.late.most_days, rules.late.days)}.")
    if rules.mode == PASS_FAIL:
        said.append("The result is passed or not passed.")
    elif rules.mode == COMPLETE:
        said.append("The result is complete or not complete.")
    else:
        step = "whole marks" if rules.round_to == 1 else f"steps of {plain(rules.round_to)}"
        said.append(f"The pass mark is {plain(rules.pass_mark)}; marks are rounded to {step}.")
    if rules.second_attempt_cap < 100:
        said.append(
            f"A second attempt after a fail is capped at {plain(rules.second_attempt_cap)}."
        )
    if rules.is_double_marked:
        said.append("Two markers mark every piece and agree a mark.")
    if rules.moderation.required:
        said.append("Marks are moderated before they can be released.")
    if rules.anonymous:
        said.append("Markers see codes, not names, until marks are agreed.")
    said.append(f"Feedback is due {rules.feedback_days} working days after the due date.")
    return said
