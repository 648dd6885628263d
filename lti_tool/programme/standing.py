"""What is known of a participant as a teacher and SENCO: QTS, induction, dates, qualification."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.errors import Conflict
from lti_tool.db.statements import count_changed, insert_if_missing
from lti_tool.programme.mentors import By
from lti_tool.programme.models import Eligibility

FIELDS = (
    "has_qts",
    "qts_checked_on",
    "induction",
    "senco_since",
    "is_aspiring",
    "trn",
    "qualification",
    "course_began_on",
)


class StandingChanged(Conflict):
    """Somebody else changed it since it was read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One participant's standing; every field empty where nothing is known yet."""

    person_id: int
    has_qts: bool | None = None
    qts_checked_on: date | None = None
    induction: str = ""
    senco_since: date | None = None
    is_aspiring: bool = False
    trn: str | None = None
    qualification: str = ""
    course_began_on: date | None = None
    revision: int = 0


def standings_of(session: Session, person_ids: Iterable[int]) -> dict[int, Standing]:
    """The standing of people of whom something is known, in one query."""
    columns = (getattr(Eligibility, name) for name in FIELDS)
    rows = session.execute(
        select(Eligibility.person_id, *columns, Eligibility.revision).where(
            Eligibility.person_id.in_(set(person_ids))
        )
    )
    return {row.person_id: Standing(*row) for row in rows}


def get_standing(session: Session, person_id: int) -> Standing:
    """One person's standing; empty where nothing is known."""
    return standings_of(session, [person_id]).get(person_id, Standing(person_id))


def keep_standing(
    session: Session, before: Standing, values: dict[str, Any], *, by: By, source: str
) -> bool:
    """Write what differs from what was read.

    :param values: some of `FIELDS`.
    :param source: school, office or tutor, for the audit.
    :return: whether anything differed.
    :raises StandingChanged: somebody else changed it since `before` was read.
    """
    changed = {name: new for name, new in values.items() if getattr(before, name) != new}
    if not changed:
        return False
    _write(session, before, changed)
    record(
        session,
        "standing of a participant recorded",
        ("person", before.person_id),
        actor=by.actor,
        actor_id=by.person_id,
        context_id=by.context_id,
        became={"fields": sorted(changed), "source": source},
    )
    return True


def _write(session: Session, before: Standing, changed: dict[str, Any]) -> None:
    now = clock.now()
    if before.revision == 0:
        new = {"induction": "", "is_aspiring": False, "qualification": "", **changed}
        made = insert_if_missing(
            session,
            Eligibility,
            ["person_id"],
            {"person_id": before.person_id, **new, "revision": 1, "updated_at": now},
        )
        written = made is not None
    else:
        written = bool(
            count_changed(
                session,
                update(Eligibility)
                .where(
                    Eligibility.person_id == before.person_id,
                    Eligibility.revision == before.revision,
                )
                .values(**changed, revision=before.revision + 1, updated_at=now),
            )
        )
    if not written:
        raise StandingChanged(
            "Somebody else changed these facts since you opened this page. Theirs are shown now; "
            "nothing of yours was kept."
        )
