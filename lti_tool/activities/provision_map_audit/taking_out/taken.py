"""What there is to take away: one piece of work with its figures, gathered for every export.

Plain data from plain data. It takes a document, so the work in hand, a frozen copy and the
example are taken out by the same functions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lti_tool.activities.provision_map_audit.document import (
    Document,
    MapRow,
    current,
    rates_in_force,
)
from lti_tool.activities.provision_map_audit.figures.picture import MapPicture, picture_of
from lti_tool.activities.provision_map_audit.figures.shown import Figures, shown_of
from lti_tool.activities.provision_map_audit.rates import RoleRates
from lti_tool.activities.provision_map_audit.words import Words
from lti_tool.activities.provision_map_audit.workbench import (
    rules_in_force,
    shipped_rates,
    words_in_force,
)
from lti_tool.core import clock


@dataclass(frozen=True, slots=True)
class Taken:
    """The work, its rows and their figures, with the words and rates they were made with."""

    document: Document
    rows: list[MapRow]
    figures: Figures
    picture: MapPicture
    rates: RoleRates
    words: Words
    config_dir: Path

    @property
    def has_illustrative_rates(self) -> bool:
        """Whether a rate that a row was costed with is ours and not the school's."""
        used = {
            share.role for one in self.rows for share in one.row.staff if share.hourly_rate is None
        }
        return any(rate.illustrative for role, rate in self.rates.by_role.items() if role in used)


def gather(document: Document, config_dir: Path) -> Taken:
    """A document of any version with its figures worked out."""
    document = current(document)
    words = words_in_force(config_dir)
    rates = rates_in_force(document, shipped_rates(config_dir))
    today = clock.in_london(clock.now()).date()
    picture = picture_of(document, words, rates, rules_in_force(config_dir), today)
    figures = shown_of(picture.cost, picture.rows, words)
    return Taken(document, picture.rows, figures, picture, rates, words, config_dir)


def role_name(role: str, words: Words) -> str:
    """A role as workbooks name it: its label without what stands in brackets or after a comma,
    so that our own reader takes it back as one role."""
    return re.split(r"(?<!\s)\s*[(,]", words.role_labels.get(role, role))[0]
