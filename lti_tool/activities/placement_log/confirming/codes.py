"""The code of an asking that is open: given to its row as a digest, and made again to be shown."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.activities.placement_log.confirming import proofs
from lti_tool.activities.placement_log.models import Confirmation
from lti_tool.core.errors import Conflict
from lti_tool.core.identifiers import same
from lti_tool.settings import Settings

_MOST_TURNS = 20
"""Codes of one asking that are tried before one is free; two have never been needed."""


def free_code_digest(session: Session, settings: Settings, confirmation_id: int) -> str:
    """The digest of a code that no open asking has."""
    for turn in range(_MOST_TURNS):
        code = proofs.make_code(settings.secret_key, confirmation_id, turn)
        found = proofs.code_digest(settings.secret_key, code)
        if session.scalar(select(Confirmation.id).where(Confirmation.code_digest == found)) is None:
            return found
    raise Conflict("No free code was found. Try again.")


def code_of(session: Session, settings: Settings, confirmation_id: int) -> str | None:
    """The code of an open asking, made again to be shown; None once it has ended."""
    kept = session.scalar(
        select(Confirmation.code_digest).where(Confirmation.id == confirmation_id)
    )
    for turn in range(_MOST_TURNS if kept else 0):
        code = proofs.make_code(settings.secret_key, confirmation_id, turn)
        if same(proofs.code_digest(settings.secret_key, code), str(kept)):
            return code
    return None
