"""The tables of a cohort's pages as files: everybody's standing, and one person's results."""

from flask.typing import ResponseReturnValue

from lti_tool.db import session
from lti_tool.papers.downloads import as_table_file
from lti_tool.people import visits
from lti_tool.programme.cohorts.cohort_views import keep_shown
from lti_tool.programme.cohorts.overview import look_over
from lti_tool.programme.cohorts.pages import blueprint, config_dir
from lti_tool.programme.cohorts.person_views import open_person
from lti_tool.programme.cohorts.reach import get_cohort
from lti_tool.programme.cohorts.results.shown import history_of
from lti_tool.programme.cohorts.tables import people_table, results_table
from lti_tool.web.policy import who_may


@blueprint.get("/<int:cohort_id>/people.<form>")
@who_may("leader")
def take_people(handle: str, cohort_id: int, form: str) -> ResponseReturnValue:
    """Everybody's standing under the filter of the page."""
    programme, cohort = get_cohort(session(), visits.current(), cohort_id)
    lines = keep_shown(look_over(session(), config_dir(), programme, cohort))
    return as_table_file([people_table(lines, programme)], "cohort-people", form)


@blueprint.get("/<int:cohort_id>/people/<int:entry>/results.<form>")
@who_may("leader")
def take_results(handle: str, cohort_id: int, entry: int, form: str) -> ResponseReturnValue:
    """Every result of a person, the newest first."""
    here = open_person(cohort_id, entry)
    results = history_of(session(), here.programme.id, here.line.person_id)
    return as_table_file([results_table(results)], "module-results", form)
