"""All pages of outcomes, on one blueprint; the count of sign-offs that awards read, and the
live measures."""

from lti_tool.programme.outcomes import (
    counting,
    evidence_views,
    matrix_views,
    measures,
    own_views,
    sign_views,
)
from lti_tool.programme.outcomes.pages import blueprint

PAGES = (own_views, evidence_views, matrix_views, sign_views)
"""Each adds its routes to the blueprint as it is imported."""
COUNTING = counting
"""Announces itself to the cohorts as it is imported."""
MEASURES = measures.MEASURES
"""Announced as they are imported."""
__all__ = ["COUNTING", "MEASURES", "PAGES", "blueprint"]
