"""The state of a delivery in words a busy tutor understands, with the next step.

Reason codes are stable and stand in the table; the words stand only here.
"""

WAITING, DELIVERED, NEEDS_PERSON = "waiting", "delivered", "needs_person"
CANCELLED, SUPERSEDED = "cancelled", "superseded"

_ADMIN = "Ask the course administrator, then send again."
COURSE_RESET, RESTORED = "course_reset", "restored"
REASONS: dict[str, str] = {
    COURSE_RESET: "The course was reset, so this mark of the earlier participants is not sent again.",
    RESTORED: "The tool was brought back from a backup, and this mark may have been sent in between. "
    "Compare with the gradebook; send again if the mark here is the right one.",
    "busy": "The course site was busy. We try again by ourselves.",
    "asked_to_wait": "The course site asked us to wait a little. We go on by ourselves.",
    "server_error": "The course site failed on this mark. We try again by ourselves.",
    "our_fault": "Something went wrong on our side. We try again by ourselves.",
    "server_error_stays": "The course site has failed on this mark for a day, so we stopped trying. "
    f"{_ADMIN}",
    "our_fault_stays": "Something has been wrong on our side for a day, so we stopped trying. Ask "
    "those who run the tool, then send again.",
    "timeout": "The course site did not answer in time. We try again by ourselves.",
    "unreachable": "The course site could not be reached. We try again by ourselves.",
    "certificate_untrusted": "The course site’s certificate was not trusted. We try again by "
    "ourselves; tell those who run the tool.",
    "answer_unreadable": "The course site’s answer could not be read. We try again by ourselves.",
    "answer_too_long": "The course site’s answer was too long to be one. We try again by ourselves.",
    "results_unreadable": "We could not read what the gradebook shows. We try again by ourselves.",
    "columns_unreadable": "We could not read the gradebook’s columns. We try again by ourselves.",
    "column_being_found": "The gradebook column is being looked up. We go on by ourselves.",
    "newer_second": "The gradebook had our earlier mark at the same second. We send again by ourselves.",
    "switched_off": "The connection with this course site is switched off. Marks wait until it is switched on again.",
    "address_private": f"The course site’s address leads to a private network. {_ADMIN}",
    "not_enrolled": "The course site refused this mark. Most often the participant is no longer "
    f"enrolled in the course, or is enrolled as a teacher. {_ADMIN}",
    "not_allowed": "The course site does not let us write marks here. Ask the course administrator to "
    "allow the tool’s grade service, then send again.",
    "column_gone": "The gradebook column is no longer there. If the activity was deleted by mistake "
    "and is restored, send again. Else make the column again on the page Gradebook.",
    "locked": "The course site fails on this mark each time. Most often the grade is locked in the "
    "gradebook. Unlock it there, then send again.",
    "newer_elsewhere": "The gradebook holds a newer mark that did not come from here. Look at it "
    "there; send again only if the mark here should replace it.",
    "refused": f"The course site refused this mark. {_ADMIN}",
    "column_refused": f"The course site did not let us make a gradebook column. {_ADMIN}",
    "token_refused": "The course site did not let us in. Ask the Moodle administrator to check the "
    "tool’s keys and services, then send again.",
    "keys_blocked": "The course site could not read our keys. Ask the Moodle administrator to look "
    "at “cURL blocked hosts” and the tool’s key set address, then send again.",
    "no_scope": "The course site did not give the tool permission to write marks. Ask the "
    "Moodle administrator to switch on the grade service for the tool; open the activity once, "
    "then send again.",
    "no_column": "The course site named no gradebook column for this activity and lets us make none. "
    "Ask the course administrator to switch on grading for it; open the activity once, then "
    "send again.",
}
"""Reason code: what happened and the next step."""


WITHDRAWN_STANDS, WITHDRAWN_ON_ITS_WAY = "withdrawn_stands", "withdrawn_on_its_way"
ERASED = "erased"
_WITHDRAWN: dict[str | None, str] = {
    ERASED: "Not sent: the participant’s data were erased before it left.",
    COURSE_RESET: "Not sent: the course was reset before it left: {mark}.",
    WITHDRAWN_STANDS: "Taken back here. The gradebook still shows the mark that was sent before, until it is taken out there or a new mark is released.",
    WITHDRAWN_ON_ITS_WAY: "Taken back here while it was on its way, so it may have reached the gradebook. Compare to see.",
    None: "Not sent: the mark was withdrawn before it left.",
}


def describe_clearing(state: str, reason: str | None) -> str:
    """Where the taking out of a mark stands."""
    if state == DELIVERED:
        return "Taken out of the gradebook, as a tutor asked."
    if state == WAITING:
        return REASONS.get(reason or "", "The mark is being taken out of the gradebook.")
    return REASONS.get(reason or "", REASONS["refused"])


def describe(state: str, reason: str | None, mark: str) -> str:
    """One plain sentence or two about where a mark stands.

    :param mark: the mark as shown, such as "62 out of 100".
    """
    if state == DELIVERED:
        if reason == COURSE_RESET:
            return f"Was in the gradebook before the course was reset: {mark}."
        return f"In the gradebook: {mark}."
    if state == WAITING:
        return REASONS.get(reason or "", f"On its way to the gradebook: {mark}.")
    if state == NEEDS_PERSON:
        return REASONS.get(reason or "", REASONS["refused"])
    if state == CANCELLED:
        return _WITHDRAWN.get(reason, _WITHDRAWN[None]).format(mark=mark)
    return "The gradebook keeps its own mark, as a tutor decided."
