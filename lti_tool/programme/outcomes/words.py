"""The words for states of outcomes, kinds of evidence and steps of confidence, as they are kept and
as people say them. Keys stand in tables; what is shown stands here once."""

NOT_STARTED, OFFERED, QUERIED, MET = "not_started", "offered", "queried", "met"
REOPENED = "reopened"
STATES: dict[str, str] = {
    NOT_STARTED: "Not started",
    OFFERED: "Evidence offered",
    QUERIED: "Queried",
    MET: "Met",
}
"""In the order of the way."""
SHORT: dict[str, str] = {
    NOT_STARTED: "none",
    OFFERED: "offered",
    QUERIED: "queried",
    MET: "met",
}
"""In the cells of the matrix."""
CHIPS: dict[str, str] = {
    NOT_STARTED: "neutral",
    OFFERED: "waiting",
    QUERIED: "warning",
    MET: "success",
}
"""The shape that goes with each, beside its colour."""
DECISIONS: dict[str, str] = {MET: "Met", QUERIED: "Ask a question", REOPENED: "Open it again"}
DONE: dict[str, str] = {MET: "Signed off as met", QUERIED: "Queried", REOPENED: "Opened again"}

NOTE, ASSIGNMENT = "note", "assignment"
KINDS: dict[str, str] = {
    "audit_part": "Part of an audit",
    "visit": "Partner-school visit",
    "meeting": "Meeting",
    ASSIGNMENT: "Assignment handed in",
    NOTE: "Note of one’s own",
}

BEFORE, AFTER = "before", "after"
MOMENTS: dict[str, str] = {BEFORE: "At the start", AFTER: "At the end"}
CONFIDENCE: dict[int, str] = {
    1: "1, not at all sure",
    2: "2, not very sure",
    3: "3, fairly sure",
    4: "4, sure",
    5: "5, very sure",
}
