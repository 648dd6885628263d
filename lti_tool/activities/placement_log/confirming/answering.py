"""Taking a host's answer, once: what was shown is sealed with it, and the visit moves on.

The ticket or the link is the proof, so the acts here ask for no account. Whoever comes second
finds it answered; the database would not take two.
"""

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log import states
from lti_tool.activities.placement_log.confirming.confirmation import (
    NOT_MINE,
    OPEN,
    PASSED_ON,
    WRONG,
    YES,
    ConfirmationRead,
)
from lti_tool.activities.placement_log.confirming.operations import (
    HOST_ANSWERED,
    Asked,
    NotWaiting,
    ask,
    close,
)
from lti_tool.activities.placement_log.confirming.proofs import Ticket
from lti_tool.activities.placement_log.confirming.queries import find_confirmation
from lti_tool.activities.placement_log.confirming.seals import Sealed, digest_signer
from lti_tool.activities.placement_log.confirming.shown import Shown, what_is_shown
from lti_tool.activities.placement_log.confirming.visit_rows import course_of, find_visit
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.activities.placement_log.moving import move
from lti_tool.activities.placement_log.numbers import load_numbers
from lti_tool.activities.placement_log.visit_reads import VisitRead
from lti_tool.audit.operations import record
from lti_tool.core import clock
from lti_tool.core.digests import document_digest
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import random_token
from lti_tool.db.statements import count_changed
from lti_tool.mail.outbox import tell
from lti_tool.people.models import GuestSignature
from lti_tool.settings import Settings

_BECOMES = {YES: states.CONFIRMED, WRONG: states.WRONG}


class ShownChanged(Conflict):
    """The participant changed the visit while the host was reading it."""


class PassedTooOften(Conflict):
    """The link was passed from one to another too often."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host typed."""

    answer: str
    """yes, wrong or not_mine."""
    seen: str = ""
    """Digest of what was shown, as the page held it; not asked for where it is not theirs."""
    name: str = ""
    role: str = ""
    reason: str = ""


def tell_participant(session: Session, visit: VisitRead, confirmation_id: int, what: str) -> None:
    """Promise the participant a message about what became of an asking.

    :param what: an answer, or why it was closed.
    """
    tell(
        session,
        HOST_ANSWERED,
        once=f"{confirmation_id}:{what}",
        person_id=visit.person_id,
        context_id=course_of(session, visit.assignment_id).context_id,
        assignment_id=visit.assignment_id,
        about={"confirmation": confirmation_id, "what": what},
    )


def require_open(session: Session, ticket: Ticket) -> tuple[ConfirmationRead, VisitRead]:
    """The asking and its visit, both held until the transaction ends.

    :raises NotWaiting: it was answered, or has ended, or the visit waits for nobody.
    """
    one = find_confirmation(session, ticket.confirmation_id)
    visit = find_visit(session, one.visit_id, lock=True) if one is not None else None
    one = find_confirmation(session, ticket.confirmation_id)  # as it is now that we hold it
    if one is None or visit is None or one.standing != OPEN or visit.state != states.DONE:
        raise NotWaiting("This is not waiting for an answer any more.")
    return one, visit


def sign(session: Session, guest_id: int | None, name: str, role: str) -> tuple[int, str, str]:
    """Keep who signed, in `people`.

    :return: the signature's number, and the salt and hash for the seal.
    """
    signature = GuestSignature(guest_id=guest_id, name=name, role=role, signed_at=clock.now())
    session.add(signature)
    session.flush()
    salt = random_token()
    return signature.id, salt, digest_signer(salt, name, role)


def keep_answer(
    session: Session,
    one_id: int,
    visit: VisitRead,
    shown: Shown,
    given: Answer,
    by: str,
    guest_id: int | None,
    recorded_by_id: int | None = None,
) -> None:
    """Seal an answer into its row, if that is still open.

    :raises NotWaiting: somebody else answered in between.
    """
    signature_id, salt, hashed = (
        sign(session, guest_id, given.name, given.role) if given.name else (None, None, "")
    )
    at = clock.whole_second(clock.now())
    sealed = Sealed(one_id, visit.id, shown, given.answer, given.reason, by, at, hashed)
    if not count_changed(
        session,
        update(Confirmation)
        .where(
            Confirmation.id == one_id,
            Confirmation.answered_at.is_(None),
            Confirmation.closed_at.is_(None),
        )
        .values(
            answered_at=at,
            answer=given.answer,
            reason=given.reason,
            by=by,
            recorded_by_id=recorded_by_id,
            shown=shown,
            shown_digest=sealed.digest(),
            signature_id=signature_id,
            signer_salt=salt,
            signer_digest=hashed or None,
            code_digest=None,
        ),
    ):
        raise NotWaiting("This is not waiting for an answer any more.")


def answer(session: Session, settings: Settings, ticket: Ticket, given: Answer) -> None:
    """Take a host's answer.

    :raises NotWaiting: it was answered, or has ended; nothing is changed.
    :raises ShownChanged: the visit is not as the host's page showed it.
    """
    one, visit = require_open(session, ticket)
    shown = what_is_shown(session, settings.config_dir, visit)
    if given.answer != NOT_MINE and given.seen != document_digest(shown):
        raise ShownChanged(
            "The participant changed this while you were reading. Please read it once more: what "
            "you typed is still there."
        )
    keep_answer(session, one.id, visit, shown, given, ticket.by, one.guest_id)
    becomes = _BECOMES.get(given.answer)
    if becomes is not None:
        move(session, visit, becomes, guest_id=one.guest_id, comment=given.reason)
    tell_participant(session, visit, one.id, given.answer)
    record(
        session,
        "host answered",
        ("partner_visit", visit.id),
        actor="guest",
        context_id=course_of(session, visit.assignment_id).context_id,
        became={"confirmation": one.id, "answer": given.answer, "by": ticket.by},
    )


def _count_passes(session: Session, one: ConfirmationRead) -> int:
    count, before = 0, one.passed_from_id
    while before is not None:
        count += 1
        earlier = find_confirmation(session, before)
        before = earlier.passed_from_id if earlier is not None else None
    return count


def pass_on(
    session: Session, settings: Settings, ticket: Ticket, *, name: str, email: str
) -> Asked:
    """A host names the colleague who hosted: their own link ends, and a new one goes out.

    :raises NotWaiting: it was answered, or has ended.
    :raises PassedTooOften: it went from one to another too often already.
    :raises TooOften: about this visit was written often enough today.
    """
    one, visit = require_open(session, ticket)
    most = load_numbers(settings.config_dir).most_passes
    if _count_passes(session, one) >= most:
        raise PassedTooOften(
            f"This was passed on {most} times already, which is the most. Choose “Not my visit” "
            "and the participant will ask the right person."
        )
    if (one.guest_email or "") == email.lower():
        raise Conflict("That is the address this was sent to. Enter your colleague’s address.")
    context_id = course_of(session, visit.assignment_id).context_id
    close(session, one, PASSED_ON, actor_id=None, context_id=context_id)
    asked = ask(
        session, settings, visit, name=name, email=email, actor_id=None, passed_from_id=one.id
    )
    tell_participant(session, visit, one.id, PASSED_ON)
    record(
        session,
        "confirmation passed on",
        ("partner_visit", visit.id),
        actor="guest",
        context_id=context_id,
        was={"confirmation": one.id},
        became={"confirmation": asked.confirmation_id},
    )
    return asked
