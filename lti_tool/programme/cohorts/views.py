"""All pages of programmes and cohorts, on one blueprint; and the live measures."""

from lti_tool.programme.cohorts import (
    award_views,
    cohort_views,
    leading_views,
    measures,
    person_views,
    programme_views,
    results_views,
    roll_views,
)
from lti_tool.programme.cohorts.pages import blueprint

PAGES = (
    programme_views,
    cohort_views,
    person_views,
    results_views,
    award_views,
    roll_views,
    leading_views,
)
"""Each adds its routes to the blueprint as it is imported."""
MEASURES = measures.MEASURES
"""Announced as they are imported."""
__all__ = ["MEASURES", "PAGES", "blueprint"]
