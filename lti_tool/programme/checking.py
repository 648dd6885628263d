"""What makes facts impossible: days in the wrong order, numbers of the wrong shape. Pure.

Asked by the head's page, the tutor's forms and the programme office's file alike, so that none
lets in what another refuses.
"""

import re
from datetime import date

from lti_tool.programme.dates import NASENCO, why_no_nasenco
from lti_tool.programme.numbers import ProgrammeNumbers

FIRST_DISCLOSURE = date(2002, 3, 1)
"""Before this day nobody in England was given a disclosure: the Criminal Records Bureau, which the
DBS took over from, began to give them in March 2002."""
FIRST_SENCO = date(1994, 9, 1)
"""The Code of Practice that first named SENCOs was in force from September 1994."""
_TRN = re.compile(r"[0-9]{7}", re.ASCII)


def _in_future(day: date | None, today: date) -> str | None:
    if day is not None and day > today:
        return "This day is still to come: check the year."
    return None


def check_dbs_days(
    issued_on: date | None, update_service_on: date | None, checked_on: date | None, today: date
) -> dict[str, str]:
    """Sentences by field where the days of a check cannot be right."""
    found: dict[str, str] = {}
    days = {
        "issued_on": issued_on,
        "update_service_on": update_service_on,
        "checked_on": checked_on,
    }
    for name, day in days.items():
        sentence = _in_future(day, today)
        if sentence is not None:
            found[name] = sentence
    if issued_on is not None and issued_on < FIRST_DISCLOSURE:
        found["issued_on"] = "No DBS check is as old as this: check the year."
    for name in ("update_service_on", "checked_on"):
        day = days[name]
        if issued_on is not None and day is not None and day < issued_on:
            found.setdefault(name, "This is before the day on which the check was issued.")
    return found


def check_standing(
    *,
    senco_since: date | None,
    is_aspiring: bool,
    qts_checked_on: date | None,
    qualification: str,
    course_began_on: date | None,
    trn: str | None,
    today: date,
    numbers: ProgrammeNumbers,
) -> dict[str, str]:
    """Sentences by field where a standing cannot be right."""
    found: dict[str, str] = {}
    if senco_since is not None and is_aspiring:
        found["senco_since"] = (
            "Somebody who is not a SENCO yet has no such day: leave it empty, or take the tick out."
        )
    elif senco_since is not None:
        found |= _senco(senco_since, today)
    ahead = _in_future(qts_checked_on, today)
    if ahead is not None:
        found["qts_checked_on"] = ahead
    if qualification == NASENCO:
        closed = why_no_nasenco(course_began_on, numbers)
        if closed is not None:
            found["qualification"] = closed
    if trn and not _TRN.fullmatch(trn):
        found["trn"] = "Enter the TRN as seven digits, such as 1234567, or leave it empty."
    return found


def _senco(senco_since: date, today: date) -> dict[str, str]:
    ahead = _in_future(senco_since, today)
    if ahead is not None:
        return {"senco_since": ahead}
    if senco_since < FIRST_SENCO:
        return {"senco_since": "There were no SENCOs before September 1994: check the year."}
    return {}
