"""From a raw mark to the final one: scaling, late penalty, cap. Pure, in Decimal, with its working.

In this order: the scaling of the whole cohort, what being late costs, then the cap of a second
attempt. No penalty and no cap ever raises a mark. `explain` says the working in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from lti_tool.coursework.rules import CALENDAR, CAP, NONE, PER_DAY, LateRule, Rules
from lti_tool.marking.marks import HUNDRED, ZERO, rounded

RAW, SCALED, LATE, CAPPED, DECIDED = "raw", "scaled", "late", "capped", "decided"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working: what was done, and the mark after it."""

    step: str
    """raw, scaled, late, capped or decided."""
    mark: Decimal
    kind: str = ""
    """The late rule's kind; whose decision it was."""
    days: int = 0
    day_kind: str = ""
    """working or calendar."""
    amount: Decimal | None = None
    """Marks or percent for each day; the cap."""
    floor: Decimal | None = None
    """The floor, where it held the mark up."""
    exact: Decimal | None = None
    """The mark before it was held up by the floor, or rounded."""
    words: str = ""

    def as_document(self) -> dict[str, Any]:
        """The step as kept: decimals as text, what is empty left out."""
        kept = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in kept.items()
            if value not in (None, "") and not (name == "days" and not value)
        }


_DECIMALS = ("mark", "amount", "floor", "exact")


def read_step(document: Mapping[str, Any]) -> Step:
    """A step from its document."""
    given: dict[str, Any] = {
        name: Decimal(value) if name in _DECIMALS else value for name, value in document.items()
    }
    return Step(**given)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What comes of a raw mark. `final` is (`scaled`, else `raw`) less `penalty`, at most `cap`."""

    raw: Decimal
    scaled: Decimal | None
    penalty: Decimal
    cap: Decimal | None
    final: Decimal
    steps: tuple[Step, ...]

    @property
    def working(self) -> dict[str, Any]:
        """The steps as a document to keep."""
        return {"steps": [step.as_document() for step in self.steps]}


def _held_up(before: Decimal, after: Decimal, floor: Decimal) -> Decimal:
    """The lowest a penalty takes a mark: the floor for marks at or above it, else 0."""
    return max(after, floor if before >= floor else ZERO, ZERO)


def _charge(mark: Decimal, rules: Rules, days: int) -> tuple[Decimal, Decimal]:
    """A mark less its late penalty: exactly, and as it counts."""
    late = rules.late
    cost = late.amount * days if late.kind == PER_DAY else mark * late.amount * days / HUNDRED
    exact = mark - cost
    held = _held_up(mark, exact, late.floor)
    return exact, min(rounded(held, rules.round_to), mark)


def _late_step(mark: Decimal, rules: Rules, days: int) -> Step:
    """What being late makes of a mark."""
    late = rules.late
    said: dict[str, Any] = {"kind": late.kind, "days": days, "day_kind": late.days}
    if late.kind == NONE:
        return Step(LATE, mark, **said)
    if late.kind == CAP:
        cap = _late_cap(mark, late)
        return Step(LATE, min(mark, cap), amount=cap, **said)
    exact, after = _charge(mark, rules, days)
    floor = _held_up(mark, exact, late.floor)
    return Step(
        LATE,
        after,
        amount=late.amount,
        floor=floor if floor > exact else None,
        exact=exact if exact != after else None,
        **said,
    )


def _late_cap(mark: Decimal, late: LateRule) -> Decimal:
    return max(late.amount, late.floor) if mark >= late.floor else late.amount


def reckon(
    raw: Decimal,
    rules: Rules,
    *,
    days_late: int = 0,
    is_capped: bool = False,
    scaled: Decimal | None = None,
    scaling: str = "",
) -> Reckoned:
    """The final mark and how it came about.

    :param raw: the mark out of 100 that the markers gave.
    :param days_late: in the days of the late rule, each day begun counted whole.
    :param is_capped: whether this is a further attempt that is capped.
    :param scaled: the mark after a scaling of the whole cohort, where there was one.
    :param scaling: that scaling in words.
    """
    steps = [Step(RAW, raw)]
    mark, penalty, caps = raw, ZERO, []
    if scaled is not None:
        mark = scaled
        steps.append(Step(SCALED, mark, words=scaling))
    if days_late:
        step = _late_step(mark, rules, days_late)
        steps.append(step)
        if step.kind == CAP and step.amount is not None:
            caps.append(step.amount)
        else:
            penalty = mark - step.mark
        mark = step.mark
    if is_capped:
        caps.append(rules.second_attempt_cap)
        mark = min(mark, rules.second_attempt_cap)
        steps.append(Step(CAPPED, mark, amount=rules.second_attempt_cap))
    return Reckoned(raw, scaled, penalty, min(caps) if caps else None, mark, tuple(steps))


def _say(mark: Decimal) -> str:
    """A mark without idle zeros."""
    text = format(mark.quantize(Decimal("0.01")) if mark.as_tuple().exponent else mark, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def say_days(days: int, kind: str) -> str:
    """Days of lateness in words: "1 day late", "2 working days late"."""
    counted = "" if kind == CALENDAR else "working "
    return f"{days} {counted}{'day' if days == 1 else 'days'} late"


def _say_charge(before: Decimal, step: Step) -> str:
    amount, days = step.amount or ZERO, say_days(step.days, step.day_kind)
    each = f"{_say(amount)}% of {_say(before)}" if step.kind != PER_DAY else _say(amount)
    said = f"{_say(before)} − {days} × {each} = {_say(_exact(step))}"
    if step.floor:
        return (
            f"{said}; a penalty takes a pass no lower than {_say(step.floor)}, so {_say(step.mark)}"
        )
    if step.floor is not None:
        return f"{said}; no mark goes below 0, so 0"
    return said if step.exact is None else f"{said}, rounded to {_say(step.mark)}"


def _exact(step: Step) -> Decimal:
    return step.mark if step.exact is None else step.exact


def _say_late(before: Decimal, step: Step) -> str:
    days = say_days(step.days, step.day_kind)
    if step.kind == NONE:
        return f"it was {days}, which takes nothing off"
    if step.kind == CAP:
        return f"work that is {days} is capped at {_say(step.amount or ZERO)}{_so(before, step)}"
    return _say_charge(before, step)


def _so(before: Decimal, step: Step) -> str:
    if step.mark == before:
        return ", which changes nothing here"
    return f", so {_say(step.mark)}"


def _say_step(before: Decimal, step: Step) -> str:
    if step.step == SCALED:
        how = f" ({step.words})" if step.words else ""
        return f"scaled with the whole cohort{how}, so {_say(step.mark)}"
    if step.step == LATE:
        return _say_late(before, step)
    if step.step == CAPPED:
        return f"second attempts are capped at {_say(step.amount or ZERO)}{_so(before, step)}"
    return f"{step.words[:1].lower()}{step.words[1:]} decided {_say(step.mark)}"


def explain(working: Mapping[str, Any]) -> str:
    """The worked example under a final mark, in words.

    "62 − 2 working days late × 5 = 52; second attempts are capped at 50, so 50."

    :param working: as kept with an outcome.
    """
    steps = [read_step(one) for one in working["steps"]]
    if len(steps) == 1:
        return f"{_say(steps[0].mark)}: nothing was taken off, and no cap holds."
    parts = []
    for before, step in pairwise(steps):
        parts.append(_say_step(before.mark, step))
    charged = steps[1].step == LATE and steps[1].kind not in (NONE, CAP)
    if not charged:
        parts.insert(0, _say(steps[0].mark))
    return "; ".join(parts) + "."
