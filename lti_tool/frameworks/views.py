"""The leader's pages of frameworks: what is in force, a file looked at and compared, and one act.

Between the look and the act the file travels in the page itself; it is never kept.
"""

import base64
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core.errors import Conflict, NotFound, Unusable
from lti_tool.db import session
from lti_tool.frameworks import operations, queries
from lti_tool.frameworks.bringing_in import LARGEST_FILE, Reading, read_file
from lti_tool.frameworks.comparing import compare
from lti_tool.frameworks.exporting import as_csv, as_yaml
from lti_tool.frameworks.forms import OFFICIAL, PutForm, first_answers
from lti_tool.frameworks.framework import Framework
from lti_tool.frameworks.operations import SHIPPED_TODAY, Leader
from lti_tool.frameworks.shipped import load_frameworks
from lti_tool.people import visits
from lti_tool.people.queries import names_of
from lti_tool.web import notices
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file

blueprint = Blueprint(
    "frameworks", __name__, template_folder="templates", url_prefix="/v/<handle>/frameworks"
)
notices.register(framework_put=("success", "This version is in force now."))
_FORMS = {"csv": (as_csv, "text/csv"), "yaml": (as_yaml, "application/yaml")}
_MOST_PROBLEMS = 100
_CHOOSE = "Choose the file with the text: a Word document, an Excel workbook or a CSV."


def _leader() -> Leader:
    visit = visits.current()
    return Leader(visit.person_id, visit.context_id, visit.registration_id)


def _config_dir() -> Path:
    return visits.settings_of_app().config_dir


def _in_force(key: str) -> Framework:
    return queries.framework_in_force(
        session(), _config_dir(), visits.current().registration_id, key
    )


def _version(key: str, number: int) -> Framework:
    """A version by its number; 0 is what ships today."""
    if number == SHIPPED_TODAY:
        found = load_frameworks(_config_dir()).get(key)
    else:
        kept = queries.find_version(session(), visits.current().registration_id, key, number)
        found = kept.framework if kept else None
    if found is None:
        raise NotFound("This version of the framework is not kept here.")
    return found


@blueprint.get("/")
@who_may("leader")
def index(handle: str) -> ResponseReturnValue:
    """Every framework with the version in force."""
    found = queries.list_in_force(session(), _config_dir(), visits.current().registration_id)
    return render_template("frameworks/index.html", handle=handle, found=found)


@blueprint.get("/<key>/")
@who_may("leader")
def show(handle: str, key: str) -> ResponseReturnValue:
    """The version in force, its versions, and the place to bring in another."""
    return _show(handle, key)


def _show(handle: str, key: str, sentence: str = "", status: int = 200) -> ResponseReturnValue:
    framework = _in_force(key)
    versions = queries.list_versions(session(), visits.current().registration_id, key)
    digest = queries.digest_of(framework)
    shipped = load_frameworks(_config_dir()).get(key)
    known = {queries.digest_of(one.framework) for one in versions} | {digest}
    people = {one.brought_in_by_id for one in versions if one.brought_in_by_id is not None}
    return render_template(
        "frameworks/framework.html",
        handle=handle,
        framework=framework,
        versions=versions,
        in_force=digest,
        digest_of=queries.digest_of,
        has_newer_shipped=shipped is not None and queries.digest_of(shipped) not in known,
        names=names_of(session(), people),
        sentence=sentence,
        has_errors=bool(sentence),
    ), status


@blueprint.get("/<key>/<int:number>/")
@who_may("leader")
def version(handle: str, key: str, number: int) -> ResponseReturnValue:
    """Another version, and what would change if it were in force."""
    found, before = _version(key, number), _in_force(key)
    return render_template(
        "frameworks/version.html",
        handle=handle,
        framework=found,
        number=number,
        before=before,
        shown=queries.digest_of(before),
        is_in_force=queries.digest_of(before) == queries.digest_of(found),
        difference=compare(before, found),
    )


@blueprint.post("/<key>/<int:number>/")
@who_may("leader")
def put_back(handle: str, key: str, number: int) -> ResponseReturnValue:
    """Put a version in force that was there before."""
    shown = request.form.get("shown", "")
    operations.put_back(session(), _config_dir(), _leader(), key, number, shown)
    return _done(handle, key)


@blueprint.post("/<key>/")
@who_may("leader")
def bring(handle: str, key: str) -> ResponseReturnValue:
    """Look at a file beside the version in force, or put it in force as it was looked at."""
    before = _in_force(key)
    try:
        data = posted_file(LARGEST_FILE, _CHOOSE)
        reading = read_file(data, _config_dir(), before)
    except Unusable as error:
        return _show(handle, key, error.sentence, 422)
    if request.form.get("act") == "put" and reading.framework is not None:
        return _put(handle, before, reading, data)
    return _look(handle, before, reading, data, status=422 if reading.problems else 200)


def _put(handle: str, before: Framework, reading: Reading, data: bytes) -> ResponseReturnValue:
    form = PutForm(request.form)
    form.validate()
    form.check_against(reading)
    if form.errors or reading.framework is None:
        return _look(handle, before, reading, data, form=form, status=422)
    made = replace(
        reading.framework,
        title=form.title.data,
        source=form.source.data,
        is_official_text=form.text.data == OFFICIAL,
    )
    try:
        operations.bring_in(
            session(), _config_dir(), _leader(), made, request.form.get("shown", "")
        )
    except Conflict as error:
        return _look(handle, before, reading, data, form=form, sentence=error.sentence, status=409)
    return _done(handle, before.key)


def _look(
    handle: str,
    before: Framework,
    reading: Reading,
    data: bytes,
    *,
    form: PutForm | None = None,
    sentence: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    form = form or first_answers(reading, before)
    problems = [(None, one) for one in reading.problems[:_MOST_PROBLEMS]]
    if further := len(reading.problems) - len(problems):
        problems.append((None, f"And {further:,} more like these."))
    return render_template(
        "frameworks/look.html",
        handle=handle,
        before=before,
        reading=reading,
        problems=[(None, sentence)] if sentence else problems,
        difference=compare(before, reading.framework) if reading.framework else None,
        form=form,
        file_data=base64.b64encode(data).decode() if reading.framework else "",
        shown=queries.digest_of(before),
        has_errors=bool(sentence or problems or form.errors),
    ), status


def _done(handle: str, key: str) -> ResponseReturnValue:
    return redirect(url_for("frameworks.show", handle=handle, key=key, done="framework-put"), 303)


@blueprint.get("/<key>/framework.<form>", defaults={"number": None})
@blueprint.get("/<key>/<int:number>/framework.<form>")
@who_may("leader")
def take_away(handle: str, key: str, number: int | None, form: str) -> ResponseReturnValue:
    """A version as CSV or YAML that reads back; without a number, the one in force."""
    if form not in _FORMS:
        raise NotFound("A framework can be taken away as csv or as yaml.")
    framework = _in_force(key) if number is None else _version(key, number)
    write, kind = _FORMS[form]
    return Response(
        write(framework),
        mimetype=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{framework.key}.{form}"',
            "Cache-Control": "no-store",
        },
    )
