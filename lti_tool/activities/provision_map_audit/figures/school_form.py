"""The form of the school and its rates, made from the needs, phases and roles in force.

All of it may be left empty. Text is looked through for names, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lti_tool.activities.provision_map_audit.figure_rules import FigureRules
from lti_tool.activities.provision_map_audit.privacy.fields import suspect_words
from lti_tool.activities.provision_map_audit.profile import SOURCES, Profile
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.web.forms import Amount, Choice, Choices, Form, Mark, Text, Tick, Whole

_MOST_PUPILS = 5000
_SOURCE_HINTS = {
    "roll": "For example: autumn census.",
    "needs": "For example: spring census, primary needs.",
    "budget": "For example: the authority’s budget statement, school business manager.",
    "threshold": "For example: the authority’s funding guidance.",
    "rates": "For example: school business manager, pay scales of this year.",
    "on_costs": "For example: payroll.",
    "weeks": "For example: the school’s calendar.",
}


class SchoolForm(Form):
    """What is asked of every school; counts, rates and sources are added to it by `form_for`."""

    left_out = Tick("Leave our school’s details out altogether")
    phase = Choice("Phase", as_list=True, first="Not stated", required=False)
    roll = Whole("Pupils on roll", required=False, maximum=_MOST_PUPILS, hint="The whole school.")
    notional_budget = Amount(
        "Notional SEN budget",
        required=False,
        maximum=20_000_000,
        hint="For the whole school and one financial year. It is a guide inside the budget, not "
        "a sum for each pupil.",
    )
    budget_year = Text(
        "Financial year of the budget",
        required=False,
        max_length=40,
        hint="For example 2026 to 2027. Maintained schools budget from April to March.",
    )
    threshold = Amount("Threshold for one pupil", required=False, maximum=100_000)
    threshold_year = Text("Year of the threshold", required=False, max_length=40)
    weeks = Mark("Weeks in your school’s year", required=False, maximum=52)
    on_costs_percent = Mark(
        "On-costs in percent",
        required=False,
        hint="National insurance and pension that the school pays on top, for example 28.",
    )
    without_on_costs = Choices(
        "Rates that you gave without on-costs",
        required=False,
        hint="The percentage is added to these only.",
    )


def form_for(rules: FigureRules, words: Words, roles: list[str], **options: Any) -> SchoolForm:
    """An empty form, or one filled from `data=` or `formdata=`."""
    fields: dict[str, Any] = {}
    for code, label in rules.needs.items():
        fields[f"support_{code}"] = _pupils(f"{label} ({code}), SEN support")
        fields[f"ehc_{code}"] = _pupils(f"{label} ({code}), EHC plan")
    for role in roles:
        fields[f"rate_{role}"] = Amount(
            words.role_labels.get(role, role), required=False, maximum=500
        )
    for name in SOURCES:
        fields[f"source_{name}"] = Text(
            "Where this comes from", required=False, max_length=200, hint=_SOURCE_HINTS[name]
        )
    form: SchoolForm = type("FullSchoolForm", (SchoolForm,), fields)(**options)
    form.phase.offer(rules.phases)
    form.without_on_costs.offer({role: words.role_labels.get(role, role) for role in roles})
    return form


def _pupils(label: str) -> Whole:
    return Whole(label, required=False, maximum=_MOST_PUPILS)


def as_data(profile: Profile, rates: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the fields for a profile and the school's own rates."""
    return {
        **{
            name: getattr(profile, name)
            for name in ("left_out", "phase", "notional_budget", "budget_year", "threshold")
        },
        **{name: getattr(profile, name) for name in ("threshold_year", "weeks")},
        "roll": profile.roll,
        "on_costs_percent": profile.on_costs_percent,
        "without_on_costs": sorted(profile.without_on_costs),
        **{f"support_{need}": count for need, count in profile.support.items()},
        **{f"ehc_{need}": count for need, count in profile.ehc.items()},
        **{f"rate_{role}": Decimal(rate) for role, rate in rates.items()},
        **{f"source_{name}": text for name, text in profile.sources.items()},
    }


def read_profile(form: SchoolForm, rules: FigureRules, before: Profile) -> Profile:
    """The profile a valid form holds; counts under codes that are no longer asked for stay."""
    return Profile(
        left_out=form.left_out.data,
        phase=form.phase.data or "",
        roll=_decimal(form.roll.data),
        support=_counts(form, "support", rules, before.support),
        ehc=_counts(form, "ehc", rules, before.ehc),
        notional_budget=form.notional_budget.data,
        budget_year=form.budget_year.data or "",
        threshold=form.threshold.data,
        threshold_year=form.threshold_year.data or "",
        weeks=form.weeks.data,
        on_costs_percent=form.on_costs_percent.data,
        without_on_costs=frozenset(form.without_on_costs.data or ()),
        sources={
            name: form[f"source_{name}"].data for name in SOURCES if form[f"source_{name}"].data
        },
    )


def read_rates(form: SchoolForm) -> dict[str, Decimal]:
    """The school's own rates, pounds an hour by role, as typed."""
    return {
        field.short_name.removeprefix("rate_"): field.data
        for field in form
        if field.short_name.startswith("rate_") and field.data is not None
    }


def check_across(form: SchoolForm, words: Words, cleared: frozenset[str]) -> bool:
    """Add sentences for names in texts and counts that cannot be; True when there are none."""
    problems = list(_problems(form, words, cleared))
    for name, sentence in problems:
        form.problem(name, sentence)
    return not problems


def _problems(form: SchoolForm, words: Words, cleared: frozenset[str]) -> Iterator[tuple[str, str]]:
    for field in form:
        if (
            field.type == "Text"
            and field.data
            and suspect_words(field.data, field.short_name, words, cleared)
        ):
            yield (
                field.short_name,
                "This looks like a person’s name. Name the role or the paper instead, for "
                "example school business manager.",
            )
    counted = sum(
        field.data or 0 for field in form if field.short_name.startswith(("support_", "ehc_"))
    )
    roll = form.roll.data
    if roll is not None and not form.roll.errors and counted > roll:
        yield "roll", f"The needs below come to {counted} pupils, which is more than this."


def _decimal(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _counts(
    form: SchoolForm, level: str, rules: FigureRules, before: Mapping[str, Decimal]
) -> dict[str, Decimal]:
    found = {need: count for need, count in before.items() if need not in rules.needs}
    for need in rules.needs:
        count = form[f"{level}_{need}"].data
        if count is not None:
            found[need] = Decimal(count)
    return found
