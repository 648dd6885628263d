"""All pages of outcomes, on one blueprint; the count of sign-offs that awards read."""

from lti_tool.programme.outcomes import (
    counting,
    evidence_views,
    matrix_views,
    own_views,
    sign_views,
)
from lti_tool.programme.outcomes.pages import blueprint

PAGES = (own_views, evidence_views, matrix_views, sign_views)
"""Each adds its routes to the blueprint as it is imported."""
COUNTING = counting
"""Announces itself to the cohorts as it is imported."""
__all__ = ["COUNTING", "PAGES", "blueprint"]
