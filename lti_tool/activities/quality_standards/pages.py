"""The blueprint of the checklist's pages inside a visit, and what they share."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from lti_tool.activities.quality_standards.door import Book, get_book
from lti_tool.activities.quality_standards.writing import Actor
from lti_tool.db import session
from lti_tool.people import visits
from lti_tool.web import notices

blueprint = Blueprint(
    "quality_standards",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/standards",
)
notices.register(
    checklist_begun=("success", "The checklist of this year is there."),
    standard_saved=("success", "The standard is saved."),
    evidence_added=("success", "The evidence is added."),
    evidence_away=("success", "The evidence is taken away. What was submitted keeps it."),
    checklist_comment=("success", "Your comment is there for the others to read."),
    checklist_settled=("success", "The comment is marked as dealt with."),
    checklist_moved=("success", "The state of the checklist is recorded."),
    checklist_taken_over=("success", "The checklist keeps the newer version from now on."),
    reviewer_revoked=("success", "The link is taken back. It opens nothing any more."),
)


def config_dir() -> Path:
    """The folder of settings."""
    return visits.settings_of_app().config_dir


def actor() -> Actor:
    """Who acts in this request."""
    visit = visits.current()
    return Actor(visit.person_id, visit.context_id, visit.registration_id)


def open_book(year: int, *, to_lead: bool = False) -> Book:
    """The checklist of a year of this course's programme."""
    return get_book(session(), visits.current(), year, to_lead=to_lead)


def back(endpoint: str, done: str, **where: Any) -> ResponseReturnValue:
    """On to a page, with a word on what just happened."""
    handle = visits.current().handle
    address = url_for(f"quality_standards.{endpoint}", handle=handle, done=done, **where)
    return redirect(address, 303)


def number_in(raw: str) -> int:
    """A row number as a form gives it; 0 for anything else."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else 0


def as_download(content: bytes, name: str, media_type: str) -> Response:
    """A file to keep; a browser never shows it in our name."""
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
