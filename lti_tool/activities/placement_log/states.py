"""The states of a partner-school visit, and which moves there are.

Pure: who may make a move and what else it asks for stands with the operations. Every move leaves
a dated step and an audit entry (`moving.py`).
"""

PLANNED, APPROVED, DONE = "planned", "approved", "done"
CONFIRMED, ACCEPTED, RETURNED, WRONG = "confirmed", "accepted", "returned", "wrong"

MOVES: dict[str, frozenset[str]] = {
    PLANNED: frozenset({APPROVED, RETURNED}),
    APPROVED: frozenset({PLANNED, DONE, RETURNED}),
    DONE: frozenset({CONFIRMED, WRONG, RETURNED, APPROVED}),
    CONFIRMED: frozenset({ACCEPTED, RETURNED, DONE}),
    ACCEPTED: frozenset({CONFIRMED}),
    RETURNED: frozenset({PLANNED, APPROVED, DONE, CONFIRMED}),
    WRONG: frozenset({DONE, RETURNED}),
}
"""From each state to those that may follow.

A changed date, school or length takes an approved visit back to planned; a change of anything the
host saw takes a confirmed one back to done, where it is confirmed anew; an answer on paper counts
as confirmed; accepting can be taken back. A returned visit goes back to where it came from once
the participant has put it right, or to planned or done where they changed what had been settled.
"""

WORDS: dict[str, str] = {
    PLANNED: "Planned, waiting for your tutor’s approval",
    APPROVED: "Approved: go and visit",
    DONE: "Done, waiting for the host school",
    CONFIRMED: "Confirmed by the host school",
    ACCEPTED: "Accepted by your tutor",
    RETURNED: "Returned to you with a comment",
    WRONG: "The host says something is wrong",
}
"""As a participant reads them."""

STANDS: dict[str, str] = {
    PLANNED: "planned",
    APPROVED: "approved",
    DONE: "done and waiting for the host school",
    CONFIRMED: "confirmed by the host school",
    ACCEPTED: "accepted",
    RETURNED: "returned with a comment",
    WRONG: "one of which the host says that something is wrong",
}
"""The same within a sentence: "This visit is …"."""


def may_move(was: str, becomes: str) -> bool:
    """Whether a visit may go from one state to another."""
    return becomes in MOVES.get(was, frozenset())
