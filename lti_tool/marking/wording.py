"""Words with a result, from `config/words/results.yaml`, checked as the tool starts.

A result is said as a mark out of 100, as passed or not, or as complete or not, by the rules' mode.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.core.numerals import plain
from lti_tool.core.yaml_text import read_config
from lti_tool.coursework.attempts import FurtherRead
from lti_tool.coursework.rules import COMPLETE, MARKS, Rules
from lti_tool.marking.rubrics import Rubric

_FILE = "config/words/results.yaml"
_FAIL: dict[str, set[str]] = {
    "title": set(),
    "redo": {"pass_mark"},
    "redo_without_mark": set(),
    "begin_with": {"criteria"},
    "again": {"due"},
    "later": {"days"},
    "capped": {"cap"},
    "usually_capped": {"cap"},
    "not_capped": set(),
    "last": set(),
}


@dataclass(frozen=True, slots=True)
class ResultWords:
    """The sentences a participant reads with a result."""

    hold: str
    ask: str
    fail: dict[str, str]


def _sentence(where: str, value: Any, allowed: set[str]) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Unusable(f"{_FILE}, “{where}” must be a text.")
    try:
        named = {field for _, field, _, _ in Formatter().parse(value) if field is not None}
    except ValueError:
        raise Unusable(f"{_FILE}, “{where}”: a bracket {{ }} is not closed.") from None
    if not named <= allowed:
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
        raise Unusable(f"{_FILE}, “{where}”: only these can be put in: {known}.")
    return value.strip()


@cache
def load_words(config_dir: Path) -> ResultWords:
    """The words, read once.

    :raises Unusable: naming what is wrong or missing.
    """
    document = read_config(config_dir / "words" / "results.yaml")
    fail = document.get("fail") if isinstance(document, dict) else None
    if not isinstance(fail, dict):
        raise Unusable(f"{_FILE} must hold “hold”, “ask” and “fail”.")
    return ResultWords(
        _sentence("hold", document.get("hold"), set()),
        _sentence("ask", document.get("ask"), set()),
        {name: _sentence(f"fail, {name}", fail.get(name), put) for name, put in _FAIL.items()},
    )


def has_passed(final: Decimal, rules: Rules) -> bool:
    """Whether a final mark is a pass."""
    return final >= rules.pass_mark


def say_result(final: Decimal, rules: Rules, rubric: Rubric) -> str:
    """A result in words: "62 out of 100, Merit", "passed" or "complete"."""
    if rules.mode == MARKS:
        band = rubric.band_of(final)
        return f"{plain(final)} out of 100" + (f", {band.title}" if band else "")
    if rules.mode == COMPLETE:
        return "complete" if has_passed(final, rules) else "not complete"
    return "passed" if has_passed(final, rules) else "not passed"


def _weakest(rubric: Rubric, marks: Mapping[str, Any], rules: Rules) -> list[str]:
    """Titles of up to three criteria below the pass mark out of 100, the lowest first."""
    given = [
        (Decimal(marks[one.id]["mark"]) * 100 / one.most, one.title)
        for one in rubric.criteria
        if (marks.get(one.id) or {}).get("mark") not in (None, "")
    ]
    low = sorted((pair for pair in given if pair[0] < rules.pass_mark), key=lambda pair: pair[0])
    return [title for _, title in low[:3]]


def _listed(titles: list[str]) -> str:
    quoted = [f"“{title}”" for title in titles]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def say_what_next(
    words: ResultWords,
    rules: Rules,
    rubric: Rubric,
    marks: Mapping[str, Any],
    *,
    attempt: int,
    further: FurtherRead | None,
) -> list[str]:
    """After a fail: what to redo, by when, whether it is capped and whom to ask.

    :param marks: by criterion, as kept with the judgement.
    :param attempt: the one that failed.
    :param further: the attempt opened after it, if any.
    """
    say = words.fail
    redo = say["redo"] if rules.mode == MARKS else say["redo_without_mark"]
    said = [redo.format(pass_mark=plain(rules.pass_mark))]
    weakest = _weakest(rubric, marks, rules)
    if weakest:
        said.append(say["begin_with"].format(criteria=_listed(weakest)))
    cap = plain(rules.second_attempt_cap)
    if further is not None and further.attempt > attempt:
        said.append(say["again"].format(due=clock.day_and_time(further.due_at)))
        said.append((say["capped"] if further.is_capped else say["not_capped"]).format(cap=cap))
    elif attempt == 1:
        said.append(say["later"].format(days=rules.second_attempt_days))
        if rules.second_attempt_cap < 100:
            said.append(say["usually_capped"].format(cap=cap))
    else:
        said.append(say["last"])
    return [*said, words.ask]
