"""The seal of an answer: one digest over exactly what was shown, the answer and who signed.

The signer goes in as a salted hash, so that their name can be erased and the seal still holds.
What is kept is held against the seal whenever it is shown, and by `lti-tool doctor`.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.confirmation import YES, ConfirmationRead
from lti_tool.activities.placement_log.confirming.shown import Shown, list_differing
from lti_tool.activities.placement_log.confirming.visit_rows import find_visit
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.activities.placement_log.moving import move
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.core.identifiers import digest, same
from lti_tool.db.statements import count_changed
from lti_tool.people.models import GuestSignature

WHOLE, BROKEN, ERASED = "whole", "broken", "erased"
_BACK = {states.ACCEPTED: (states.CONFIRMED, states.DONE), states.CONFIRMED: (states.DONE,)}
"""The moves by which a visit whose seal broke is done again, and waits for the host."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What holding an answer against its seal found."""

    state: str
    """whole, broken, or erased: whole, with the signer's name gone."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """Everything that a seal covers."""

    confirmation_id: int
    visit_id: int
    shown: Shown
    answer: str
    reason: str
    by: str
    answered_at: datetime
    signer_digest: str

    def digest(self) -> str:
        """The seal."""
        return document_digest(
            {
                "seal": 1,
                "confirmation": self.confirmation_id,
                "visit": self.visit_id,
                "shown": self.shown,
                "answer": self.answer,
                "reason": self.reason,
                "by": self.by,
                "answered_at": self.answered_at.isoformat(),
                "signer": self.signer_digest,
            }
        )


def digest_signer(salt: str, name: str, role: str) -> str:
    """The hash that stands in a seal for who signed."""
    return digest(json.dumps([salt, name, role], ensure_ascii=False))


def in_list(words: list[str]) -> str:
    """Words as people list them: the date, the focus and the school."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def _is_as_sealed(one: ConfirmationRead) -> bool:
    return (
        one.answered_at is not None
        and one.shown is not None
        and same(
            one.shown_digest or "",
            Sealed(
                one.id,
                one.visit_id,
                one.shown,
                one.answer,
                one.reason,
                one.by,
                one.answered_at,
                one.signer_digest or "",
            ).digest(),
        )
    )


def _is_signer_as_sealed(one: ConfirmationRead) -> bool:
    if one.signature_id is None:
        return not one.signer_digest
    found = digest_signer(one.signer_salt or "", one.signer_name or "", one.signer_role or "")
    return same(found, one.signer_digest or "")


def _why_broken(one: ConfirmationRead, now: Shown | None) -> str | None:
    if not _is_as_sealed(one):
        return "What we keep of this answer is no longer what was sealed."
    if one.erased_at is None and not _is_signer_as_sealed(one):
        return "The name or role beneath this answer is not the one that was sealed."
    differing = list_differing(one.shown or {}, now) if now is not None else []
    was_changed = in_list(differing)
    if one.broken_at is not None:
        day = clock.day(one.broken_at)
        if differing:
            return f"The visit was changed after the host confirmed it, on {day}: {was_changed}."
        return f"The visit was changed after the host confirmed it, on {day}."
    if one.answer == YES and differing:
        verb = "is" if len(differing) == 1 and not differing[0].endswith("s") else "are"
        return f"{was_changed[:1].upper()}{was_changed[1:]} {verb} not as the host confirmed."
    return None


def verify(confirmation: ConfirmationRead, visit_shown: Shown | None) -> Seal:
    """Hold an answer against its seal, and a confirmed visit against what the host saw.

    :param visit_shown: the visit as a host would see it now; None where it is gone, so that only
        what was kept of the answer is looked at.
    """
    why = _why_broken(confirmation, visit_shown)
    if why is not None:
        return Seal(BROKEN, why)
    if confirmation.erased_at is not None:
        day = clock.day(confirmation.erased_at)
        return Seal(ERASED, f"As it was sealed. The signer’s name was erased on {day}.")
    return Seal(WHOLE, "As it was sealed: nothing has changed since.")


def break_seal(session: Session, visit: VisitRead, actor_id: int | None) -> bool:
    """What the host saw of a visit was changed: it is done again, and the host is asked again.

    Call it after the visit's row is written, in the same transaction. The new asking goes out by
    the worker's sweep, a while later, so that the change can be finished first.

    :return: whether there was a confirmation to break.
    """
    if not count_changed(
        session,
        update(Confirmation)
        .where(
            Confirmation.visit_id == visit.id,
            Confirmation.answer == YES,
            Confirmation.broken_at.is_(None),
        )
        .values(broken_at=clock.now()),
    ):
        return False
    record(session, "seal broken", ("partner_visit", visit.id), actor_id=actor_id)
    for becomes in _BACK.get(visit.state, ()):
        now = find_visit(session, visit.id)
        if now is not None:
            move(session, now, becomes, person_id=actor_id)
    return True


def erase_signer(session: Session, signature_id: int) -> None:
    """Erase the name and role under an answer, and the salt by which they could be guessed. The
    seal stays whole."""
    session.execute(
        update(GuestSignature)
        .where(GuestSignature.id == signature_id, GuestSignature.erased_at.is_(None))
        .values(name=None, role=None, erased_at=clock.now())
    )
    session.execute(
        update(Confirmation)
        .where(Confirmation.signature_id == signature_id)
        .values(signer_salt=None)
    )
    record(session, "signature erased", ("guest_signature", signature_id), actor="operator")
