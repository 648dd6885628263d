"""Whose work a submission review message asks to see (LTI Submission Review 1.0, 2.3).

Moodle signs such a message for whatever person the address names, so a participant could ask
for somebody else's: only a tutor's roles open another person's work.
"""

from typing import Any

from lti_tool.lti import vocabulary as v
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.roles import TUTOR

_ID_LIMIT = 255


def is_review(claims: dict[str, Any]) -> bool:
    """Whether someone wants to look at work from the gradebook."""
    return claims.get(v.MESSAGE_TYPE) == v.SUBMISSION_REVIEW_REQUEST


def person_to_review(claims: dict[str, Any], sub: str, roles: frozenset[str]) -> str | None:
    """The platform's id of the person whose work is asked for; None for nobody's in particular,
    as from the head of a gradebook column.

    :raises LaunchRefused: `review_not_yours` or `claim_unusable`.
    """
    if not is_review(claims) or claims.get(v.FOR_USER) is None:
        return None
    named = claims[v.FOR_USER]
    user_id = named.get("user_id") if isinstance(named, dict) else None
    if not isinstance(user_id, str) or not 0 < len(user_id) <= _ID_LIMIT or "\x00" in user_id:
        raise LaunchRefused("claim_unusable", "for_user")
    if TUTOR not in roles and user_id != sub:
        raise LaunchRefused("review_not_yours")
    return user_id
