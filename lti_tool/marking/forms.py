"""The marking form, made from a rubric: a mark and a comment for each criterion."""

from collections.abc import Mapping
from typing import Any

from lti_tool.marking.judging import View
from lti_tool.marking.rubrics import Rubric
from lti_tool.web.forms import Form, LongText, Mark, Whole


def marking_form(rubric: Rubric) -> type[Form]:
    """The form class for a rubric. A mark may stay empty while marking is under way."""
    fields: dict[str, Any] = {"number": Whole("Version", required=False)}
    for criterion in rubric.criteria:
        fields[f"mark_{criterion.id}"] = Mark(
            f"Mark out of 100 for {criterion.title}", required=False
        )
        fields[f"comment_{criterion.id}"] = LongText(
            f"Comment on {criterion.title}", 3000, required=False
        )
    fields["feedback"] = LongText("Feedback for the participant", 8000, required=False)
    fields["private_note"] = LongText("Private note", 5000, required=False)
    return type("MarkingForm", (Form,), fields)


def view_of(rubric: Rubric, form: Form) -> View:
    """What the marker wrote."""
    return View(
        marks={c.id: form[f"mark_{c.id}"].data for c in rubric.criteria},
        comments={c.id: form[f"comment_{c.id}"].data for c in rubric.criteria},
        feedback=form["feedback"].data,
        private_note=form["private_note"].data,
    )


def values_of(rubric: Rubric, judgement: Mapping[str, Any] | None) -> dict[str, Any]:
    """A kept judgement as the form's values; empty where there is none."""
    if judgement is None:
        return {"number": 0}
    values: dict[str, Any] = {
        name: judgement[name] for name in ("number", "feedback", "private_note")
    }
    for criterion in rubric.criteria:
        given = judgement["marks"].get(criterion.id) or {}
        values[f"mark_{criterion.id}"] = given.get("mark")
        values[f"comment_{criterion.id}"] = given.get("comment", "")
    return values
