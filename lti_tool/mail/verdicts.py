"""What came of one try to send a message, and how long to wait for the next.

The reasons are stable and stand in the table; `REASONS` puts them into words for operators.
"""

import random
from dataclasses import dataclass

from lti_tool.core.errors import NotFound

SENT, WAIT, REFUSED, LOST = "sent", "wait", "refused", "lost"

REASONS = {
    "busy": "the mail server asked us to try again later",
    "unreachable": "the mail server could not be reached",
    "tls_refused": "the mail server’s certificate was not trusted, or it offers no encryption",
    "login_refused": "the mail server did not take our user name and password",
    "sender_refused": "the mail server does not take messages from LTI_TOOL_MAIL_FROM",
    "address_refused": "the mail server says there is no such address",
    "bad_address": "the course site gave an address that is none",
    "refused": "the mail server refused the message",
    "folder_closed": "the folder for messages cannot be written",
    "our_fault": "something went wrong on our side",
    "gave_up": "it could not be sent for five days",
    "answer_lost": "the connection broke before the mail server confirmed the message",
    "worker_lost": "the worker that was sending it was never heard of again",
    "restored": "it waited in a backup that was restored, and may have left in between",
    "no_mail": "no mail server is set",
    "no_address": "the course site does not share this person’s address",
    "not_wanted": "this person chose not to get these",
    "withdrawn": "it was withdrawn before it left",
    "moot": "it was no longer true when it was to leave",
}


class MessageNotFound(NotFound):
    """There is no such message."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One try's end. Of the four kinds only *wait* is tried again without being asked."""

    kind: str
    """sent, wait, refused (for good) or lost (nobody knows whether it arrived)."""
    reason: str | None = None
    code: int | None = None
    """The mail server's reply code."""
    is_server: bool = False
    """Whether any other message would meet the same."""


def pause_s(tries: int) -> float:
    """Seconds until the next try: a minute, doubled each time up to an hour, a little uneven."""
    return min(60 * 2.0 ** min(tries - 1, 10), 3600) * random.uniform(0.9, 1.1)
