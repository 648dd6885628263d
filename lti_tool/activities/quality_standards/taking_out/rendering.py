"""The document as a fragment of a page: for the print page, the Word file and the reviewer."""

from collections.abc import Callable
from datetime import date, datetime

from flask import render_template
from markupsafe import Markup
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards.document import Document, standards_of
from lti_tool.activities.quality_standards.years import say_year
from lti_tool.people.queries import names_of

FileUrl = Callable[[int], str]
"""The address of a file by its number; empty where there is none."""
CommentUrl = Callable[[str], str]
"""Where to write about a standard, by its id; empty where nobody can."""


def title_of(document: Document) -> str:
    """What the submission is called."""
    year = say_year(document["year"])
    return f"{document['framework']['title']}: {document['programme']}, {year}"


def owners_of(session: Session, document: Document) -> dict[int, str]:
    """Names of those who look after standards."""
    found = {one["owner_id"] for one in standards_of(document)} - {None}
    return names_of(session, found)


def render_document(
    session: Session,
    document: Document,
    file_url: FileUrl = lambda number: "",
    comment_url: CommentUrl = lambda item_id: "",
) -> Markup:
    """The whole document in the framework's order; headings begin at level 2. The label of a
    placeholder stands first."""
    return Markup(
        render_template(
            "quality_standards/document.html",
            document=document,
            names=owners_of(session, document),
            file_url=file_url,
            comment_url=comment_url,
            as_day=date.fromisoformat,
            as_moment=datetime.fromisoformat,
        )
    )
