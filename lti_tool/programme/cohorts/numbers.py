"""The numbers of awards, from `config/rules/awards.yaml` and `programme.yaml`."""

from functools import cache
from pathlib import Path

from lti_tool.programme.cohorts.awards import Law
from lti_tool.programme.number_file import NumberFile
from lti_tool.programme.numbers import load_programme_numbers

_PARTS = ("nasenco", "resubmission", "watching")


@cache
def load_law(config_dir: Path) -> Law:
    """The days and years that the law sets, read once; the other numbers of the file are read too,
    so that a wrong one stops the start.

    :raises Unusable: naming the line that is wrong, and what is.
    """
    load_near_days(config_dir)
    given = NumberFile(config_dir, "awards.yaml", _PARTS)
    programme = load_programme_numbers(config_dir)
    return Law(
        nasenco_closed_from=given.day("nasenco", "closed_from"),
        nasenco_ends_on=programme.nasenco_ends_on,
        senco_years=programme.senco_years,
    )


@cache
def load_near_days(config_dir: Path) -> int:
    """From how many days before a day that closes on somebody is listed as near.

    :raises Unusable: the line is missing or wrong.
    """
    return NumberFile(config_dir, "awards.yaml", _PARTS).whole("watching", "near_days", 1, 1000)


@cache
def load_resubmission_days(config_dir: Path) -> int:
    """Calendar days of a second attempt at work that the tool does not hold.

    :raises Unusable: the line is missing or wrong.
    """
    given = NumberFile(config_dir, "awards.yaml", _PARTS)
    return given.whole("resubmission", "days", 1, 366)
