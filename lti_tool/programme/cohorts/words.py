"""The words for routes, statuses, boards' states and awards, as they are kept and as people say
them. Keys stand in tables; what is shown stands here once."""

NASENCO, PG_CERTIFICATE, NPQ = "nasenco", "pg_certificate", "npq"
ROUTES: dict[str, str] = {
    NPQ: "NPQ for SENCOs (the result is the lead provider’s)",
    PG_CERTIFICATE: "Postgraduate Certificate (credits)",
    NASENCO: "National Award for SEN Co-ordination (NASENCo)",
}
"""Routes in the order they are offered: those open to starters first."""

ACTIVE, INTERMITTING, TRANSFERRED = "active", "intermitting", "transferred"
WITHDRAWN, COMPLETED = "withdrawn", "completed"
STATUSES: dict[str, str] = {
    ACTIVE: "Taking part",
    INTERMITTING: "Intermitting",
    TRANSFERRED: "Transferred",
    WITHDRAWN: "Withdrawn",
    COMPLETED: "Completed",
}
STATUS_CHIPS: dict[str, str] = {
    ACTIVE: "success",
    INTERMITTING: "waiting",
    TRANSFERRED: "info",
    WITHDRAWN: "neutral",
    COMPLETED: "info",
}

PROVISIONAL, CONFIRMED, DEFERRED = "provisional", "confirmed", "deferred"
BOARD_STATES: dict[str, str] = {
    PROVISIONAL: "provisional",
    CONFIRMED: "confirmed by the board",
    DEFERRED: "deferred by the board",
}

NPQ_PASSED, NPQ_FAILED, NO_AWARD = "npq_passed", "npq_failed", "none"
AWARDS: dict[str, str] = {
    NASENCO: "National Award for SEN Co-ordination",
    PG_CERTIFICATE: "Postgraduate Certificate",
    NPQ_PASSED: "NPQ for SENCOs: passed",
    NPQ_FAILED: "NPQ for SENCOs: not passed",
    NO_AWARD: "No award",
}
AWARDS_OF: dict[str, tuple[str, ...]] = {
    NASENCO: (NASENCO, PG_CERTIFICATE, NO_AWARD),
    PG_CERTIFICATE: (PG_CERTIFICATE, NO_AWARD),
    NPQ: (NPQ_PASSED, NPQ_FAILED),
}
"""What can be recorded on each route."""
