"""The marking form, made from a rubric and the rules: for each criterion what its scale asks for
and a comment; an overall mark set apart; or, where no number is given, one answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lti_tool.core.numerals import plain
from lti_tool.coursework.rules import COMPLETE, MARKS, Rules
from lti_tool.marking.judging import View
from lti_tool.marking.marks import (
    choice_of_mark,
    choices_of,
    is_on_step,
    mark_of_choice,
    overall_mark,
)
from lti_tool.marking.rubrics import BANDS, POINTS, Criterion, Rubric
from lti_tool.web.forms import Choice, Form, LongText, Mark, Whole

_HALF = Decimal("0.5")


class SteppedMark(Mark):
    """A mark in the steps that the rules allow: whole marks, half marks."""

    def __init__(self, label: str, *, step: Decimal, **options: Any) -> None:
        super().__init__(label, **options)
        self.step = step

    def finished(self, value: Decimal) -> Decimal:
        """The mark, if it lies on a step."""
        if not is_on_step(value, self.step):
            raise ValueError(f"Enter {_steps_in_words(self.step)}.")
        return value


def _steps_in_words(step: Decimal) -> str:
    if step == 1:
        return "a whole mark, such as 62"
    if step == _HALF:
        return "a whole or a half mark, such as 62 or 62.5"
    return f"a mark in steps of {plain(step)}"


class MarkingForm(Form):
    """What every marking form shares; the fields come from `marking_form`."""

    rubric: Rubric
    rules: Rules

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field: an overall mark of one's own needs a whole set and a reason."""
        is_good = bool(super().validate(extra_validators))
        if "overall" not in self or self["overall"].errors or self["overall"].data is None:
            return is_good
        view = view_of(self.rubric, self)
        weighted = overall_mark(self.rubric, view.marks, self.rules.round_to)
        if weighted is None:
            self.problem(
                "overall", "Mark every criterion first, or leave the overall mark empty for now."
            )
            return False
        if weighted != view.overall and not view.overall_reason:
            self.problem(
                "overall_reason",
                f"Say why the overall mark is not the {plain(weighted)} that the criteria give.",
            )
            return False
        return is_good


def _criterion_field(rubric: Rubric, criterion: Criterion, rules: Rules) -> Any:
    if rubric.scale == BANDS:
        options = [
            (one.id, f"{one.title}, {plain(one.mark or Decimal(0))}") for one in rubric.bands
        ]
        label = f"Band for {criterion.title}"
        return Choice(label, [("", "Not marked yet"), *options], required=False)
    what = "Points" if rubric.scale == POINTS else "Mark"
    return SteppedMark(
        f"{what} out of {plain(criterion.most)} for {criterion.title}",
        maximum=criterion.most,
        step=rules.round_to,
        required=False,
    )


def _overall_fields(rules: Rules) -> dict[str, Any]:
    return {
        "overall": SteppedMark(
            "Overall mark, if it is to differ from what the criteria give",
            step=rules.round_to,
            required=False,
        ),
        "overall_reason": LongText("Why it differs", 2000, required=False),
    }


def _judgement_field(rules: Rules) -> Choice:
    label = "Is the work complete?" if rules.mode == COMPLETE else "Does the work pass?"
    options = [("", "Not decided yet"), *choices_of(rules.mode).items()]
    return Choice(label, options, required=False)


def marking_form(rubric: Rubric, rules: Rules) -> type[Form]:
    """The form class for a rubric. Anything may stay empty while marking is under way.

    :param rules: those of the assignment: whether marks are given, and in which step.
    """
    has_marks = rules.mode == MARKS
    fields: dict[str, Any] = {"number": Whole("Version", required=False)}
    if not has_marks:
        fields["judgement"] = _judgement_field(rules)
    for criterion in rubric.criteria:
        if has_marks:
            fields[f"mark_{criterion.id}"] = _criterion_field(rubric, criterion, rules)
        fields[f"comment_{criterion.id}"] = LongText(
            f"Comment on {criterion.title}", 3000, required=False
        )
    if has_marks:
        fields.update(_overall_fields(rules))
    fields["feedback"] = LongText("Feedback for the participant", 8000, required=False)
    fields["private_note"] = LongText("Private note", 5000, required=False)
    return type("MarkingForm", (MarkingForm,), {**fields, "rubric": rubric, "rules": rules})


def _mark_given(rubric: Rubric, form: Form, criterion: Criterion) -> Decimal | None:
    name = f"mark_{criterion.id}"
    if name not in form:
        return None
    given = form[name].data
    if rubric.scale != BANDS:
        return given if isinstance(given, Decimal) else None
    return next((one.mark for one in rubric.bands if one.id == given), None)


def view_of(rubric: Rubric, form: Form) -> View:
    """What the marker wrote."""
    bands: dict[str, str] = {}
    if rubric.scale == BANDS:
        names = {one.id: f"mark_{one.id}" for one in rubric.criteria}
        bands = {key: form[name].data for key, name in names.items() if name in form}
    overall = form["overall"].data if "overall" in form else None
    if "judgement" in form:
        overall = mark_of_choice(form["judgement"].data)
    return View(
        marks={one.id: _mark_given(rubric, form, one) for one in rubric.criteria},
        comments={one.id: form[f"comment_{one.id}"].data for one in rubric.criteria},
        feedback=form["feedback"].data,
        private_note=form["private_note"].data,
        bands={key: band for key, band in bands.items() if band},
        overall=overall,
        overall_reason=form["overall_reason"].data if "overall_reason" in form else "",
    )


def values_of(rubric: Rubric, judgement: Mapping[str, Any] | None) -> dict[str, Any]:
    """A kept judgement as the form's values; empty where there is none."""
    if judgement is None:
        return {"number": 0}
    values: dict[str, Any] = {
        name: judgement[name] for name in ("number", "feedback", "private_note")
    }
    if judgement["overall"] != judgement["weighted"]:
        values["overall"] = judgement["overall"]
        values["overall_reason"] = judgement["overall_reason"]
    values["judgement"] = choice_of_mark(judgement["overall"])
    for criterion in rubric.criteria:
        given = judgement["marks"].get(criterion.id) or {}
        mark = given.get("band") if rubric.scale == BANDS else given.get("mark")
        values[f"mark_{criterion.id}"] = mark
        values[f"comment_{criterion.id}"] = given.get("comment", "")
    return values
