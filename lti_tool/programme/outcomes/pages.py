"""The blueprint of the pages of outcomes, and what they share."""

from pathlib import Path

from flask import Blueprint

from lti_tool.people import visits
from lti_tool.web import notices

blueprint = Blueprint(
    "outcomes", __name__, template_folder="templates", url_prefix="/v/<handle>/programme/outcomes"
)
OWN_LINE = "Who can see this: you, the tutors of your course and who leads your programme."
PAGE = 50
"""People on a page of the matrix."""
notices.register(
    evidence_kept=("success", "Your evidence is offered. Your tutor sees it."),
    evidence_taken_back=("success", "The evidence is taken back."),
    confidence_kept=("success", "Your answers are kept."),
    outcome_decided=("success", "Your decision is recorded, and the participant sees it."),
)


def config_dir() -> Path:
    """The folder of settings."""
    return visits.settings_of_app().config_dir
