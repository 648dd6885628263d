"""All pages of programmes and cohorts, on one blueprint."""

from lti_tool.programme.cohorts import (
    award_views,
    board_views,
    cohort_views,
    leading_views,
    person_views,
    programme_views,
    provider_views,
    results_views,
    roll_views,
    taking_views,
)
from lti_tool.programme.cohorts.pages import blueprint

PAGES = (
    programme_views,
    cohort_views,
    person_views,
    results_views,
    award_views,
    board_views,
    provider_views,
    roll_views,
    taking_views,
    leading_views,
)
"""Each adds its routes to the blueprint as it is imported."""
__all__ = ["PAGES", "blueprint"]
