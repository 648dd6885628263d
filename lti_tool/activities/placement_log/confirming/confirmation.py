"""One asking of a host, read: whom, when, what became of it, and what its seal covers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_tool.core import clock

YES, WRONG, NOT_MINE = "yes", "wrong", "not_mine"
"""What a host answers."""
WITHDRAWN, REPLACED, PASSED_ON = "withdrawn", "replaced", "passed_on"
CHANGED, EXPIRED = "changed", "expired"
"""Why an asking was closed without an answer."""
OPEN, ANSWERED, CLOSED = "open", "answered", "closed"


@dataclass(frozen=True, slots=True)
class ConfirmationRead:
    """A row of the table with the names that `people` keeps."""

    id: int
    visit_id: int
    guest_id: int | None
    guest_name: str | None
    guest_email: str | None
    guest_link_id: int | None
    asked_at: datetime
    expires_at: datetime
    reminded_at: datetime | None
    closed_at: datetime | None
    why_closed: str
    passed_from_id: int | None
    by: str
    answer: str
    reason: str
    answered_at: datetime | None
    recorded_by_id: int | None
    shown: dict[str, Any] | None
    shown_digest: str | None
    signature_id: int | None
    signer_name: str | None
    signer_role: str | None
    erased_at: datetime | None
    signer_salt: str | None
    signer_digest: str | None
    broken_at: datetime | None

    @property
    def standing(self) -> str:
        """open, answered, closed or expired; expired from the moment on, swept or not."""
        if self.answered_at is not None:
            return ANSWERED
        if self.closed_at is not None:
            return EXPIRED if self.why_closed == EXPIRED else CLOSED
        return OPEN if self.expires_at > clock.now() else EXPIRED

    @property
    def stands(self) -> bool:
        """Whether it confirms the visit, and the visit was not changed since."""
        return self.answer == YES and self.broken_at is None

    @property
    def reference(self) -> str:
        """What the host's receipt is called: the beginning of the seal, in groups."""
        start = (self.shown_digest or "").upper()[:12]
        return "-".join(start[at : at + 4] for at in range(0, len(start), 4))
