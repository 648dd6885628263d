"""The days of release that the head agreed to, held against what the visits take: a notice.

Nothing is refused: a head may have agreed to more since, and says so on paper as often as here.
"""

from lti_tool.activities.placement_log.said import count, say_days
from lti_tool.programme.agreements import AGREED, AgreementRead


def beyond_release(agreement: AgreementRead | None, half_days: int) -> str:
    """What to say where visits take more than the head agreed to; empty where they do not.

    :param agreement: the person's latest, where there is one.
    :param half_days: what all their visits take, planned and made.
    """
    if agreement is None or agreement.state != AGREED or agreement.release_days is None:
        return ""
    if half_days <= 2 * agreement.release_days:
        return ""
    agreed = count(agreement.release_days, "day")
    return f"The head agreed to {agreed} of release, and all visits take {say_days(half_days)}."
