"""Step 1 of a grade: keeping a marker's judgement. Nothing here is shown to a participant."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.coursework.queries import HandedIn
from lti_tool.coursework.rules import MARKS, Rules
from lti_tool.marking.marks import overall_mark
from lti_tool.marking.models import Judgement
from lti_tool.marking.queries import FIRST
from lti_tool.marking.rubrics import Rubric
from lti_tool.marking.standing import lock_in_hand, require_unsettled


class MarkedElsewhere(Conflict):
    """Another marker, or the same one in another tab, saved in between."""


@dataclass(frozen=True, slots=True)
class View:
    """What a marker wrote: marks and comments by criterion, feedback, and a private note.

    An overall mark is the marker's own, set apart from what the criteria give; empty for that.
    """

    marks: dict[str, Decimal | None]
    comments: dict[str, str]
    feedback: str
    private_note: str
    bands: dict[str, str] = field(default_factory=dict)
    """The band chosen by criterion, where the rubric's scale is bands."""
    overall: Decimal | None = None
    overall_reason: str = ""

    def as_document(self) -> dict[str, Any]:
        """Marks as decimal text beside their comments, with the band where one was chosen."""
        document: dict[str, Any] = {}
        for key, mark in self.marks.items():
            document[key] = {
                "mark": None if mark is None else str(mark),
                "comment": self.comments.get(key, ""),
            }
            if self.bands.get(key):
                document[key]["band"] = self.bands[key]
        return document


def _marks_of(rubric: Rubric, rules: Rules, view: View) -> tuple[Decimal | None, Decimal | None]:
    """The mark that counts, and the one that the criteria give."""
    if rules.mode != MARKS:
        return view.overall, view.overall
    weighted = overall_mark(rubric, view.marks, rules.round_to)
    if weighted is None or view.overall is None:
        return weighted, weighted
    return view.overall, weighted


def _require_newest(session: Session, submission_id: int, kind: str, built_on: int) -> None:
    newest = session.scalar(
        select(func.coalesce(func.max(Judgement.number), 0)).where(
            Judgement.submission_id == submission_id, Judgement.kind == kind
        )
    )
    if newest != built_on:
        raise MarkedElsewhere(
            "Marks for this work were saved elsewhere since you opened it. Both versions are "
            "shown below: put together what should stand, then save again."
        )


def save_judgement(
    session: Session,
    work: HandedIn,
    rubric: Rubric,
    rules: Rules,
    view: View,
    *,
    built_on: int,
    marker_id: int,
    kind: str = FIRST,
) -> Decimal | None:
    """Add a judgement. Criteria may still be unmarked; the overall mark is then empty.

    :param built_on: number of the judgement the page was filled in from, 0 for none.
    :param kind: first, second, third or agreed.
    :return: the overall mark, if every criterion has one.
    :raises MarkedElsewhere: a newer judgement was saved in between; nothing is overwritten.
    :raises Settled: a board's result is recorded.
    :raises TakenBack: its author has taken the work back.
    """
    lock_in_hand(session, work)
    require_unsettled(session, work.submission_id)
    _require_newest(session, work.submission_id, kind, built_on)
    overall, weighted = _marks_of(rubric, rules, view)
    session.add(
        Judgement(
            submission_id=work.submission_id,
            number=built_on + 1,
            copy_id=work.copy_id,
            marker_id=marker_id,
            kind=kind,
            marks=view.as_document(),
            overall=overall,
            weighted=weighted,
            overall_reason=view.overall_reason if overall != weighted else "",
            feedback=view.feedback,
            private_note=view.private_note,
            created_at=clock.now(),
        )
    )
    record(
        session,
        "mark saved",
        ("submission", work.submission_id),
        actor_id=marker_id,
        context_id=work.context_id,
        became={
            "kind": kind,
            "number": built_on + 1,
            "overall": None if overall is None else str(overall),
            "weighted": None if weighted is None else str(weighted),
        },
        reason=view.overall_reason if overall != weighted else None,
    )
    return overall
