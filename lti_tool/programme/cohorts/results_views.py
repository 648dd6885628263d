"""Bringing in the registry's list of results and student numbers, after a look at it.

Between the look and the recording the file travels in the page itself; it is never kept.
"""

import base64

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lti_tool.core import clock
from lti_tool.core.errors import Unusable
from lti_tool.core.numerals import plain
from lti_tool.db import session
from lti_tool.papers.lists import open_list
from lti_tool.papers.reading import LARGEST_FILE
from lti_tool.people import visits
from lti_tool.programme.cohorts.forms import ResultsForm
from lti_tool.programme.cohorts.pages import blueprint, config_dir
from lti_tool.programme.cohorts.queries import (
    CohortRead,
    ProgrammeRead,
    hold_cohort,
    list_modules,
)
from lti_tool.programme.cohorts.reach import get_cohort
from lti_tool.programme.cohorts.results.matching import Preview, look
from lti_tool.programme.cohorts.results.reading import load_words, read_results
from lti_tool.programme.cohorts.results.recording import record_results
from lti_tool.programme.cohorts.words import BOARD_STATES
from lti_tool.web.policy import who_may
from lti_tool.web.uploads import posted_file


def _form(programme: ProgrammeRead, posted: bool) -> ResultsForm:
    form = ResultsForm(request.form if posted else None)
    form.module.offer({str(x.id): x.title for x in list_modules(session(), programme.id)})
    return form


def _page(
    handle: str,
    programme: ProgrammeRead,
    cohort: CohortRead,
    form: ResultsForm,
    *,
    preview: Preview | None = None,
    data: bytes = b"",
    sentence: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "cohorts/results.html",
        handle=handle,
        programme=programme,
        cohort=cohort,
        form=form,
        preview=preview,
        file_data=base64.b64encode(data).decode(),
        board_states=BOARD_STATES,
        plain=plain,
        sentence=sentence,
        has_errors=bool(sentence or form.errors),
    ), status


@blueprint.get("/<int:cohort_id>/results")
@who_may("leader")
def results(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Where a list is brought in."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    return _page(handle, programme, cohort, _form(programme, posted=False))


@blueprint.post("/<int:cohort_id>/results")
@who_may("leader")
def bring_results(handle: str, cohort_id: int) -> ResponseReturnValue:
    """Look at a list, or record it as it was looked at."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    form = _form(programme, posted=True)
    if not form.validate():
        return _page(handle, programme, cohort, form, status=422)
    is_record = request.form.get("act") == "record"
    if is_record:
        hold_cohort(session(), cohort.id)
    try:
        data = posted_file(
            LARGEST_FILE, "Choose the file that holds the registry’s list (.xlsx or .csv)."
        )
        lines = read_results(open_list(data), load_words(config_dir()), clock.today())
    except Unusable as error:
        return _page(handle, programme, cohort, form, sentence=error.sentence, status=422)
    usual = int(form.module.data) if form.module.data else None
    preview = look(session(), programme, cohort, lines, usual)
    if is_record:
        return _record(handle, programme, cohort, form, preview, data)
    return _page(handle, programme, cohort, form, preview=preview, data=data)


def _record(
    handle: str,
    programme: ProgrammeRead,
    cohort: CohortRead,
    form: ResultsForm,
    preview: Preview,
    data: bytes,
) -> ResponseReturnValue:
    if preview.problems and not form.leave_out.data:
        form.problem("leave_out", "Tick this, or mend the rows with a problem first.")
        return _page(handle, programme, cohort, form, preview=preview, data=data, status=422)
    if request.form.get("shown") != preview.digest or not preview.adding:
        said = (
            "Something was changed since you looked. Look at the list again, then record it."
            if preview.adding
            else "Everything in this list is recorded already."
        )
        return _page(
            handle,
            programme,
            cohort,
            form,
            preview=preview,
            data=data,
            sentence=said,
            status=409,
        )
    record_results(session(), programme, cohort, preview, actor_id=visits.current().person_id)
    return redirect(
        url_for("cohorts.cohort", handle=handle, cohort_id=cohort.id, done="results-kept"), 303
    )
