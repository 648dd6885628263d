"""The first page of the audit: the school and its hourly rates, all of it optional."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.provision_map_audit import document as documents
from lti_tool.activities.provision_map_audit import workbench
from lti_tool.activities.provision_map_audit.figures import school_form
from lti_tool.activities.provision_map_audit.figures.costing import pounds
from lti_tool.activities.provision_map_audit.figures.shown_needs import needs_table
from lti_tool.activities.provision_map_audit.pages import page
from lti_tool.activities.provision_map_audit.profile import Profile, with_profile
from lti_tool.core.errors import Conflict
from lti_tool.web import notices
from lti_tool.web.policy import who_may

notices.register(
    school_saved=("success", "Saved. Every figure is worked out with what you gave."),
)


def _page(
    bench: workbench.Workbench,
    form: school_form.SchoolForm,
    *,
    sentence: str | None = None,
    revision: str | int | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    profile = Profile.from_document(bench.document)
    return page(
        "school.html",
        bench,
        form=form,
        sentence=sentence,
        has_errors=bool(sentence or form.errors),
        revision=bench.work.revision if revision is None else revision,
        profile=profile,
        rules=bench.rules,
        shown_to_others=needs_table(profile, bench.rules),
        rates=bench.rates,
        shipped=workbench.shipped_rates(bench.config_dir),
        year=bench.words.year,
        pounds=pounds,
    ), status


def school(handle: str) -> ResponseReturnValue:
    """The school's details and rates as they stand."""
    bench = workbench.open_workbench()
    profile = Profile.from_document(bench.document)
    data = school_form.as_data(profile, bench.document["rates"])
    return _page(bench, _form(bench, data=data))


def _form(bench: workbench.Workbench, **options: object) -> school_form.SchoolForm:
    return school_form.form_for(bench.rules, bench.words, list(bench.rates.by_role), **options)


def save_school(handle: str) -> ResponseReturnValue:
    """Keep the school's details and rates; an empty rate goes back to the illustrative one."""
    bench = workbench.open_workbench()
    form = _form(bench, formdata=request.form)
    typed_under = request.form.get("revision", "")
    is_valid = form.validate()
    cleared = documents.not_a_child(bench.document)
    if not school_form.check_across(form, bench.words, cleared) or not is_valid:
        return _page(bench, form, revision=typed_under, status=422)
    before = Profile.from_document(bench.document)
    made = with_profile(bench.document, school_form.read_profile(form, bench.rules, before))
    made = documents.with_rates(made, school_form.read_rates(form))
    leaves_out = Profile.from_document(made).left_out and not before.left_out
    try:
        workbench.save(
            bench,
            made,
            workbench.posted_revision(typed_under),
            keep="before the school was left out" if leaves_out and not before.is_empty else None,
        )
    except Conflict as error:
        return _page(bench, form, sentence=error.sentence, revision=typed_under, status=409)
    onward = "show_map" if request.form.get("then") == "map" else "school"
    target = url_for(f"provision_map_audit.{onward}", handle=handle, done="school-saved")
    return redirect(target, 303)


def add_to(blueprint: Blueprint) -> None:
    """Put these pages into the activity's blueprint."""
    may = who_may("participant")
    blueprint.get("/school")(may(school))
    blueprint.post("/school")(may(save_school))
