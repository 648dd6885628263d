"""The numbers of the programme, from `config/rules/programme.yaml`: checks, mentors, deadlines."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from lti_tool.programme.number_file import NumberFile

_FILE = "programme.yaml"


@dataclass(frozen=True, slots=True)
class ProgrammeNumbers:
    """What holds for a programme whatever the activity."""

    dbs_level: str
    """The least that is enough: enhanced, or enhanced_barred."""
    dbs_workforce: str
    dbs_limit_months: int
    """A check made, or asked of the Update Service, no longer ago than this."""
    agreement_school_days: int
    reminder_school_days: int
    """After so many school days without an answer a head is reminded, once."""
    most_sends_a_day: int
    """How often a head's link can be sent for one participant in a day."""
    most_release_days: int
    mentor_link_months: int
    senco_years: int
    """From becoming a SENCO to holding the qualification (SEND Regulations 2014, 49)."""
    nasenco_ends_on: date
    """The last day on which NASENCo can be completed (SI 2024/535)."""
    nasenco_closed_from: date
    """Who began a course on this day or later cannot take NASENCo (SI 2024/535)."""
    free_mail: frozenset[str]
    """Hosts of addresses that belong to nobody's school."""


@cache
def load_programme_numbers(config_dir: Path) -> ProgrammeNumbers:
    """The numbers in force, read once.

    :raises Unusable: naming the line of `rules/programme.yaml` that is wrong, and what is.
    """
    given = NumberFile(config_dir, _FILE, ("dbs", "mentor", "agreement", "deadlines"))
    return ProgrammeNumbers(
        dbs_level=given.one_of("dbs", "level", ("enhanced", "enhanced_barred")),
        dbs_workforce=given.one_of("dbs", "workforce", ("child", "adult", "child_and_adult")),
        dbs_limit_months=given.whole("dbs", "limit_months", 1, 120),
        agreement_school_days=given.whole("agreement", "link_school_days", 1, 60),
        reminder_school_days=given.whole("agreement", "reminder_school_days", 1, 60),
        most_sends_a_day=given.whole("agreement", "most_sends_a_day", 1, 20),
        most_release_days=given.whole("agreement", "most_release_days", 0, 60),
        mentor_link_months=given.whole("mentor", "link_months", 1, 36),
        senco_years=given.whole("deadlines", "senco_years", 1, 10),
        nasenco_ends_on=given.day("deadlines", "nasenco_ends_on"),
        nasenco_closed_from=given.day("deadlines", "nasenco_closed_from"),
        free_mail=given.words("free_mail"),
    )
