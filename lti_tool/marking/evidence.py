"""An evidence pack of one piece of work: what was handed in, judged and decided, as a zip.

For an appeal or a panel. It holds the frozen copy as a page and as data with its fingerprint, and
a workbook of declarations, judgements, outcomes, holds and the audit trail.
"""

import hashlib
import io
import json
import zipfile
from datetime import date, datetime
from typing import Any

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.audit.models import AuditEntry
from lti_tool.audit.operations import record
from lti_tool.catalogue.register import get_activity
from lti_tool.core import clock
from lti_tool.coursework.queries import AssignmentRead, HandedIn, get_copy
from lti_tool.db.statements import AnyRow
from lti_tool.marking.models import Hold, Judgement
from lti_tool.marking.queries import find_released, hides_names
from lti_tool.marking.remarks import RemarkRead, list_remarks
from lti_tool.marking.remarks_shown import in_order, render_with
from lti_tool.marking.results import list_outcomes
from lti_tool.marking.terms import Terms
from lti_tool.papers.tables import Table, to_xlsx
from lti_tool.people.queries import names_of


def _judgements(session: Session, submission_id: int) -> list[AnyRow]:
    return list(
        session.execute(
            select(*Judgement.__table__.c)
            .where(Judgement.submission_id == submission_id)
            .order_by(Judgement.id)
        )
    )


def _judgement_table(rows: list[AnyRow], terms: Terms, names: dict[int, str]) -> Table:
    lines = []
    for row in rows:
        head = (row.kind, row.number, names.get(row.marker_id, ""), row.created_at)
        for criterion in terms.rubric.criteria:
            given = row.marks.get(criterion.id) or {}
            mark, comment = given.get("mark") or "", given.get("comment") or ""
            lines.append((*head, criterion.title, mark, comment, None, "", ""))
        lines.append(
            (*head, "Overall", "", row.overall_reason, row.overall, row.feedback, row.private_note)
        )
    return Table(
        "Judgements",
        (
            "Kind",
            "Number",
            "Marker",
            "Saved",
            "Criterion",
            "Mark",
            "Comment",
            "Overall",
            "Feedback",
            "Private note",
        ),
        lines,
    )


def _remark_table(
    assignment: AssignmentRead, copy: AnyRow, remarked: list[RemarkRead], names: dict[int, str]
) -> Table:
    anchors = get_activity(assignment.activity).anchors(copy.document)
    return Table(
        "Remarks",
        ("Marker", "Saved", "Place", "Remark"),
        [
            (names.get(one.author_id, ""), one.created_at, label, one.text)
            for label, one in in_order(anchors, remarked)
        ],
    )


def _outcome_table(session: Session, submission_id: int) -> Table:
    return Table(
        "Outcomes",
        (
            "Number",
            "Raw",
            "Scaled",
            "Penalty",
            "Cap",
            "Final",
            "Standing",
            "Decided by",
            "Working",
            "Reason",
            "Counted",
            "Released",
            "Taken back",
        ),
        [
            (
                one.number,
                one.raw,
                one.scaled,
                one.penalty,
                one.cap,
                one.final,
                one.standing,
                one.source,
                one.worked,
                one.reason,
                one.created_at,
                one.released_at,
                one.taken_back_at,
            )
            for one in list_outcomes(session, submission_id)
        ],
    )


def _hold_table(session: Session, submission_id: int, names: dict[int, str]) -> Table:
    rows = session.execute(
        select(*Hold.__table__.c).where(Hold.submission_id == submission_id).order_by(Hold.id)
    )
    return Table(
        "Holds",
        ("Kind", "Reason", "Placed by", "Placed", "Lifted"),
        [
            (row.kind, row.reason, names.get(row.placed_by_id, ""), row.placed_at, row.lifted_at)
            for row in rows
        ],
    )


def _audit(session: Session, submission_id: int) -> list[AnyRow]:
    return list(
        session.execute(
            select(*AuditEntry.__table__.c)
            .where(AuditEntry.subject_kind == "submission", AuditEntry.subject_id == submission_id)
            .order_by(AuditEntry.id)
        )
    )


def _audit_table(rows: list[AnyRow], names: dict[int, str], hidden_id: int | None) -> Table:
    """:param hidden_id: of whose acts only the day is told."""

    def said(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""

    return Table(
        "Audit trail",
        ("When", "Who", "What", "Before", "After", "Reason"),
        [
            (
                _when(row.at, is_hidden=hidden_id is not None and row.actor_id == hidden_id),
                names.get(row.actor_id, row.actor) if row.actor_id else row.actor,
                row.act,
                said(row.was),
                said(row.became),
                row.reason or "",
            )
            for row in rows
        ],
    )


def _work_as_data(work: HandedIn, copy: AnyRow, *, is_hidden: bool) -> bytes:
    held = {
        "candidate_code": work.candidate_code,
        "attempt": work.attempt,
        "receipt": None if is_hidden else copy.receipt,
        "handed_in_at": _when(copy.handed_in_at, is_hidden=is_hidden).isoformat(),
        "due_at": copy.due_at.isoformat() if copy.due_at and not is_hidden else None,
        "document_digest": copy.document_digest,
        "document_version": copy.document_version,
        "declarations": copy.declarations,
        "document": copy.document,
    }
    return json.dumps(held, ensure_ascii=False, indent=2).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    listed = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in {**files, "SHA256SUMS.txt": listed.encode()}.items():
            pack.writestr(name, data)
    return out.getvalue()


def _is_hidden(session: Session, assignment: AssignmentRead, work: HandedIn, terms: Terms) -> bool:
    """Whether nobody is to know yet whose it is: neither name, nor receipt, nor time of day."""
    if not hides_names(assignment, terms.rules):
        return False
    return find_released(session, work.submission_id) is None


def _when(moment: datetime, *, is_hidden: bool) -> datetime | date:
    return clock.in_london(moment).date() if is_hidden else moment


def make_pack(
    session: Session, assignment: AssignmentRead, work: HandedIn, terms: Terms, *, actor_id: int
) -> bytes:
    """The pack as a zip; that it was taken away is left in the audit trail."""
    about = ("submission", work.submission_id)
    record(session, "evidence exported", about, actor_id=actor_id, context_id=work.context_id)
    session.flush()
    copy = get_copy(session, work.copy_id)
    judged, audited = _judgements(session, work.submission_id), _audit(session, work.submission_id)
    remarked = list_remarks(session, work.submission_id)
    people = {row.marker_id for row in judged} | {one.author_id for one in remarked}
    people |= {work.person_id, *(row.actor_id for row in audited if row.actor_id)}
    names, is_hidden = names_of(session, people), _is_hidden(session, assignment, work, terms)
    if is_hidden:
        names[work.person_id] = work.candidate_code
    page = render_template(
        "marking/evidence.html",
        assignment=assignment,
        work=work,
        copy=copy,
        name=names[work.person_id],
        is_hidden=is_hidden,
        rendered=render_with(assignment.activity, copy.document, remarked, names),
        made_at=clock.now(),
    )
    tables = [
        Table("Declarations", ("Key", "Wording"), list(copy.declarations.items())),
        _judgement_table(judged, terms, names),
        _remark_table(assignment, copy, remarked, names),
        _outcome_table(session, work.submission_id),
        _hold_table(session, work.submission_id, names),
        _audit_table(audited, names, work.person_id if is_hidden else None),
    ]
    return _zipped(
        {
            "work.html": page.encode(),
            "work.json": _work_as_data(work, copy, is_hidden=is_hidden),
            "record.xlsx": to_xlsx(tables),
        }
    )
