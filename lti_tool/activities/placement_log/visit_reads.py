"""A visit and a step of it as the rest of the log reads them. `visits/queries.py` reads them."""

from dataclasses import dataclass
from datetime import date, datetime

from lti_tool.activities.placement_log import visit_document


@dataclass(frozen=True, slots=True)
class VisitRead:
    """A visit: every column of its row, the document in the newest shape."""

    id: int
    assignment_id: int
    person_id: int
    number: int
    school_id: int | None
    host_guest_id: int | None
    visit_on: date | None
    arrives_at: str
    leaves_at: str
    half_days: int
    document: visit_document.Document
    document_version: int
    state: str
    state_since: datetime
    revision: int
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRead:
    """One move of a visit."""

    id: int
    visit_id: int
    was: str
    became: str
    at: datetime
    person_id: int | None
    guest_id: int | None
    comment: str
