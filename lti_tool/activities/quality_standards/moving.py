"""Moving a checklist from state to state: submitted and frozen, reviewed, approved, lapsed.

A submission is frozen whole, with the figures of the measures as they stood and a digest. Steps
are never changed.
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.activities.quality_standards import states
from lti_tool.activities.quality_standards.document import Document, make_document
from lti_tool.activities.quality_standards.door import Book
from lti_tool.activities.quality_standards.measuring import Place, read_figures
from lti_tool.activities.quality_standards.models import Checklist, ChecklistStep
from lti_tool.activities.quality_standards.reading import entries_of, evidence_of
from lti_tool.activities.quality_standards.writing import Actor
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import Conflict
from lti_tool.db import Database
from lti_tool.db.rounds import Rounds
from lti_tool.db.statements import AnyRow, count_changed
from lti_tool.settings import Settings

_rounds = Rounds(timedelta(hours=1))


class MovedElsewhere(Conflict):
    """The checklist is in another state than the page showed."""


def document_now(session: Session, book: Book, place: Place) -> Document:
    """The checklist as it stands at this moment, with the figures of the measures."""
    evidence = evidence_of(session, book.checklist.id)
    return make_document(
        book.desk.programme.title,
        book.checklist,
        book.framework,
        entries_of(session, book.checklist.id),
        evidence,
        read_figures(session, place, book.framework.judged, evidence),
    )


def _advance(
    session: Session, checklist_id: int, was: str, became: str, revision: int | None, **more: object
) -> bool:
    """Set the new state where the old is still there; the row is held until the end."""
    query = update(Checklist).where(Checklist.id == checklist_id, Checklist.state == was)
    if revision is not None:
        query = query.where(Checklist.revision == revision)
    values = {"state": became, "revision": Checklist.revision + 1, **more}
    return bool(count_changed(session, query.values(**values)))


def move(
    session: Session,
    actor: Actor,
    book: Book,
    place: Place,
    became: str,
    revision: int,
    words: str = "",
) -> None:
    """Move a checklist, as its leader.

    :param revision: of the checklist as the page showed it.
    :param words: the reviewers' actions or conditions, or a note.
    :raises MovedElsewhere: it was moved in between, or cannot go there.
    """
    checklist = book.checklist
    known = states.find_move(checklist.state, became, states.LEADER)
    more: dict[str, object] = {}
    if known is not None and became in states.HOLDING and not checklist.is_holding:
        years = book.framework.overall.validity_years if book.framework.overall else 0
        more["valid_until"] = states.last_day(clock.today(), years) if years else None
    if known is None or not _advance(
        session, checklist.id, checklist.state, became, revision, **more
    ):
        raise MovedElsewhere(
            "The checklist is in another state by now. Look at it as it stands, then choose again."
        )
    document = document_now(session, book, place) if became == states.SUBMITTED else None
    session.add(
        ChecklistStep(
            checklist_id=checklist.id,
            was=checklist.state,
            became=became,
            at=clock.now(),
            person_id=actor.person_id,
            comment=words,
            submitted=document,
            submitted_digest=document_digest(document) if document else None,
        )
    )
    session.flush()
    record(
        session,
        "checklist moved",
        ("checklist", checklist.id),
        actor_id=actor.person_id,
        context_id=actor.context_id,
        was={"state": checklist.state},
        became={"state": became},
    )


def begin_review(session: Session, link: AnyRow) -> None:
    """A reviewer opened their link: a submitted checklist is in review from now on."""
    if not _advance(session, link.subject_id, states.SUBMITTED, states.IN_REVIEW, None):
        return
    session.add(
        ChecklistStep(
            checklist_id=link.subject_id,
            was=states.SUBMITTED,
            became=states.IN_REVIEW,
            at=clock.now(),
            guest_id=link.guest_id,
        )
    )
    session.flush()
    record(
        session,
        "checklist moved",
        ("checklist", link.subject_id),
        actor="guest",
        was={"state": states.SUBMITTED},
        became={"state": states.IN_REVIEW},
    )


def lapse(session: Session) -> int:
    """Let every approval lapse whose last day is over; how many there were."""
    due = session.execute(
        select(Checklist.id, Checklist.state)
        .where(Checklist.state.in_(states.HOLDING), Checklist.valid_until < clock.today())
        .order_by(Checklist.id)
    ).all()
    for row in due:
        if not _advance(session, row.id, row.state, states.LAPSED, None):
            continue
        session.add(
            ChecklistStep(checklist_id=row.id, was=row.state, became=states.LAPSED, at=clock.now())
        )
        record(
            session,
            "checklist moved",
            ("checklist", row.id),
            actor="tool",
            was={"state": row.state},
            became={"state": states.LAPSED},
        )
    return len(due)


def sweep(database: Database, settings: Settings) -> None:
    """Let approvals lapse, at most once an hour in a process."""
    if not _rounds.begin(database):
        return
    with database.write() as session:
        lapse(session)
