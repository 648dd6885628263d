"""What of people stands in the tables of course work: work in hand, copies handed in, dates."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from lti_tool.catalogue.register import find_activity
from lti_tool.core import clock
from lti_tool.coursework.models import (
    Assignment,
    Candidate,
    EarlierDraft,
    Extension,
    FurtherAttempt,
    HandedInCopy,
    Submission,
)
from lti_tool.privacy.holdings import (
    Changed,
    Emptied,
    Goes,
    Holding,
    Keeps,
    Stays,
    acts,
    hold,
    label,
)
from lti_tool.privacy.paper import as_page

_WORK = Keeps("assessed_work", "assignment_id")


def _was_handed_in() -> ColumnElement[bool]:
    return exists().where(HandedInCopy.submission_id == Submission.id)


def _never_handed_in() -> ColumnElement[bool]:
    return ~_was_handed_in()


def _empty_drafts(session: Session, ids: list[int]) -> None:
    """Put an empty piece of the activity's own shape in place of the work in hand, since pages
    of the course still read it."""
    rows = session.execute(
        select(Submission.id, Assignment.activity)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(Submission.id.in_(ids))
    )
    for row in rows.all():
        activity = find_activity(row.activity)
        document = activity.new_document() if activity is not None else {}
        session.execute(
            update(Submission)
            .where(Submission.id == row.id)
            .values(document=document, revision=Submission.revision + 1, updated_at=clock.now())
        )


def _copies_to_read(session: Session, ids: list[int]) -> Iterator[tuple[str, bytes]]:
    """Each copy as a page to read, as its marker saw it."""
    rows = session.execute(
        select(HandedInCopy.receipt, HandedInCopy.document, Assignment.activity, Assignment.title)
        .join(Submission, Submission.id == HandedInCopy.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(HandedInCopy.id.in_(ids))
        .order_by(HandedInCopy.id)
    )
    for row in rows:
        activity = find_activity(row.activity)
        if activity is not None:
            page = as_page(row.title, activity.render_for_marking(row.document))
            yield f"{row.receipt}.html", page.encode()


label(Assignment, "title")
hold(
    Holding(
        HandedInCopy,
        "Work you handed in",
        "submission_id.person_id",
        Stays(
            "it is assessed work, which a university keeps a record of; it goes by its time, and "
            "until then leads to no name of yours"
        ),
        leaves_out=("document_digest",),
        files=_copies_to_read,
        keeps=Keeps("assessed_work", "submission_id.assignment_id"),
    ),
    Holding(
        Submission,
        "Work in hand, of what you handed in",
        "person_id",
        Changed(_empty_drafts, "drafts go; the row holds together what was assessed"),
        where=_was_handed_in,
        keeps=_WORK,
    ),
    Holding(
        Submission,
        "Work you never handed in",
        "person_id",
        Goes(),
        where=_never_handed_in,
        keeps=Keeps("drafts", "assignment_id", where=_never_handed_in),
    ),
    Holding(
        EarlierDraft,
        "Earlier drafts",
        "submission_id.person_id",
        Goes(),
        keeps=Keeps("drafts", "submission_id.assignment_id"),
    ),
    Holding(
        Candidate,
        "Codes under which your work is marked",
        "person_id",
        Stays("it is the only thing that is written on a mark in place of a name"),
        keeps=_WORK,
    ),
    Holding(
        Extension,
        "Later dates granted to you",
        "person_id",
        Emptied({"reason": ""}, "the date explains the mark; the reason in words goes"),
        keeps=_WORK,
    ),
    Holding(
        FurtherAttempt,
        "Further attempts opened for you",
        "person_id",
        Emptied({"reason": ""}, "the attempt explains the mark; the reason in words goes"),
        keeps=_WORK,
    ),
    *acts(Extension, "Later dates you granted", "granted_by_id", only=("created_at", "due_at")),
    *acts(FurtherAttempt, "Further attempts you opened", "opened_by_id", only=("opened_at",)),
)
