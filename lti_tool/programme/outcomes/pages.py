"""The blueprint of the pages of outcomes, and what they share."""

from pathlib import Path

from flask import Blueprint, Response

from lti_tool.core import clock
from lti_tool.people import visits
from lti_tool.web import notices

blueprint = Blueprint(
    "outcomes", __name__, template_folder="templates", url_prefix="/v/<handle>/programme/outcomes"
)
OWN_LINE = "Who can see this: you, the tutors of your course and who leads your programme."
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
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


def as_word_file(body: bytes) -> Response:
    """A download with a plain name and the day, which names nobody."""
    answer = Response(body, content_type=WORD)
    name = f"outcomes-portfolio-{clock.today():%Y-%m-%d}.docx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
