"""What other parts show of confirmations: the block on a visit's page, the latest of many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.confirming.confirmation import (
    ANSWERED,
    EXPIRED,
    OPEN,
    ConfirmationRead,
)
from lti_tool.activities.placement_log.confirming.seals import Seal, verify
from lti_tool.activities.placement_log.confirming.shown import what_is_shown
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.db.statements import AnyRow
from lti_tool.people.models import Guest, GuestSignature

_NAMES = {
    "guest_name": Guest.name,
    "guest_email": Guest.email,
    "signer_name": GuestSignature.name,
    "signer_role": GuestSignature.role,
    "erased_at": GuestSignature.erased_at,
}
_FIELDS = tuple(ConfirmationRead.__dataclass_fields__)


def confirmation_columns() -> Select[*tuple[object, ...]]:
    """A confirmation with the names that `people` keeps, as `read_confirmation` takes it."""
    columns = [
        (_NAMES[name] if name in _NAMES else getattr(Confirmation, name)).label(name)
        for name in _FIELDS
    ]
    return (
        select(*columns)
        .select_from(Confirmation)
        .outerjoin(Guest, Guest.id == Confirmation.guest_id)
        .outerjoin(GuestSignature, GuestSignature.id == Confirmation.signature_id)
    )


def read_confirmation(row: AnyRow) -> ConfirmationRead:
    """A row of `confirmation_columns`, with whatever else the query asked for left out."""
    return ConfirmationRead(*row[: len(_FIELDS)])


def _list(session: Session, *where: object) -> Iterator[ConfirmationRead]:
    rows = session.execute(
        confirmation_columns().where(*where).order_by(Confirmation.id.desc())  # type: ignore[arg-type]
    )
    return (read_confirmation(row) for row in rows)


def find_confirmation(session: Session, confirmation_id: int) -> ConfirmationRead | None:
    """A confirmation by its row number, or None."""
    return next(_list(session, Confirmation.id == confirmation_id), None)


def find_by_code(session: Session, code_digest: str) -> ConfirmationRead | None:
    """The open confirmation with this code, or None: it ends with the answer and with its time."""
    found = next(_list(session, Confirmation.code_digest == code_digest), None)
    return found if found is not None and found.standing == OPEN else None


def find_host(session: Session, visit: VisitRead) -> dict[str, str] | None:
    """Name and address of whom the participant named as host when they planned the visit."""
    row = session.execute(
        select(Guest.name, Guest.email).where(Guest.id == visit.host_guest_id)
    ).first()
    return None if row is None else {"name": row.name, "email": row.email}


def list_of_visit(session: Session, visit_id: int) -> list[ConfirmationRead]:
    """Every asking for a visit, the newest first."""
    return list(_list(session, Confirmation.visit_id == visit_id))


def confirmations_of(session: Session, visit_ids: Iterable[int]) -> dict[int, ConfirmationRead]:
    """The latest asking of each visit, by the visit's row number, in one query."""
    found: dict[int, ConfirmationRead] = {}
    for one in _list(session, Confirmation.visit_id.in_(set(visit_ids))):
        found.setdefault(one.visit_id, one)
    return found


@dataclass(frozen=True, slots=True)
class AskedRead:
    """Where a visit stands with its host."""

    latest: ConfirmationRead
    seal: Seal | None
    """Of the latest answer, looked at this moment; None while there is none."""
    earlier: tuple[ConfirmationRead, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether somebody was asked and can still answer."""
        return self.latest.standing == OPEN

    @property
    def is_expired(self) -> bool:
        """Whether the time is over and nobody answered."""
        return self.latest.standing == EXPIRED

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer."""
        return self.latest.standing == ANSWERED


def read_asked(
    session: Session, config_dir: Path, visit: VisitRead, found: list[ConfirmationRead]
) -> AskedRead | None:
    """The same from confirmations that were read already, the newest first."""
    if not found:
        return None
    latest = found[0]
    seal = None
    if latest.answered_at is not None:
        seal = verify(latest, what_is_shown(session, config_dir, visit))
    return AskedRead(latest, seal, tuple(found[1:]))


def find_asked(session: Session, config_dir: Path, visit: VisitRead) -> AskedRead | None:
    """Where a visit stands with its host, its seal looked at now; None where nobody was asked."""
    return read_asked(session, config_dir, visit, list_of_visit(session, visit.id))
