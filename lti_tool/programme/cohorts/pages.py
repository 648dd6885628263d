"""The blueprint of the programme's pages, and what they share.

Each module of pages adds its routes to it; `views.py` names them all.
"""

from pathlib import Path

from flask import Blueprint, request

from lti_tool.core.numerals import whole
from lti_tool.people import visits
from lti_tool.web import notices

blueprint = Blueprint(
    "cohorts",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/programme/cohorts",
)
PAGE = 100
"""People on a page."""
notices.register(
    programme_made=("success", "The programme is made, and you lead it. Add its modules next."),
    programme_saved=("success", "The programme is saved."),
    module_kept=("success", "The modules are saved."),
    cohort_begun=("success", "The cohort is there. Join its courses next."),
    cohort_next=("success", "The next cohort is there. Now carry its courses forward."),
    cohort_saved=("success", "The cohort is saved."),
    course_joined=("success", "The course is joined, and who takes part in it was brought in."),
    course_left=("success", "The course is taken out. People, work and results stay."),
    people_read=("success", "The lists were read: whoever was missing is here now."),
    status_kept=("success", "The status is recorded."),
    number_kept=("success", "The student number is kept."),
    results_kept=("success", "The list is recorded."),
    award_kept=("success", "The decision is recorded."),
    carried=("success", "Set-ups and dates are carried forward. People see them at once."),
    going_on=("success", "Done. What could go along is in the new courses; the old stays."),
    asked_to_lead=("success", "You have asked. You get a message once there is an answer."),
    request_answered=("success", "Answered. They get a message."),
)


def config_dir() -> Path:
    """The folder of settings."""
    return visits.settings_of_app().config_dir


def page_number(total: int) -> tuple[int, int]:
    """Which page of people is asked for, and how many there are."""
    pages = max(1, -(-total // PAGE))
    return min(max(1, whole(request.args.get("page"), 1)), pages), pages
