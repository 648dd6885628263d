"""What needs a person in a cohort itself: days that close, awards to raise, results that are
missing. Pure: from the lines that `overview.look_over` gives, whom only a programme's leader sees.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from lti_tool.catalogue.needs import Need, NeedLine
from lti_tool.core import clock
from lti_tool.core.clock import plain_day
from lti_tool.programme.cohorts.overview import PersonLine
from lti_tool.programme.cohorts.queries import CohortRead
from lti_tool.programme.cohorts.words import NO_AWARD

DEADLINES = Need("deadlines", "Deadlines that are near, or that a board would pass")
RAISES = Need("raise", "Certificates that could now be raised")
RESULTS = Need("results", "Module results that are missing after the board", of_present=True)
NEEDS = (DEADLINES, RESULTS, RAISES)


def _near(one: PersonLine, until: date) -> tuple[str, ...]:
    """What would pass a day that closes on somebody, and the days that are near all the same."""
    is_done = one.awarded is not None and one.awarded.kind != NO_AWARD
    if not one.standing.is_on_the_way or is_done:
        return ()
    near = (
        f"{plain_day(deadline.day)}, {deadline.words}."
        for deadline in one.deadlines
        if clock.today() <= deadline.day <= until
    )
    said = " ".join(one.warnings)
    return (*one.warnings, *(words for words in near if words[:-1] not in said))


def _of(need: Need, one: PersonLine, until: date) -> tuple[str, ...]:
    """What a person's line says of a need, in sentences."""
    if need is DEADLINES:
        return _near(one, until)
    if need is RESULTS:
        return tuple(f"{title}: no result is recorded." for title in one.awaits_result)
    return ("The Postgraduate Certificate could be raised now.",) if one.can_be_raised else ()


def needs_in(
    cohort: CohortRead, people: Iterable[PersonLine], near_days: int
) -> Mapping[str, list[NeedLine]]:
    """The needs of a cohort by key, each with its people in the order given.

    :param near_days: from how many days before a day that closes on somebody is near.
    """
    lines, until = list(people), clock.today() + timedelta(days=near_days)
    return {
        need.key: [
            NeedLine(
                words=words,
                person_id=one.person_id,
                endpoint="cohorts.person",
                values={"cohort_id": cohort.id, "entry": one.entry},
            )
            for one in lines
            for words in _of(need, one, until)
        ]
        for need in NEEDS
    }
