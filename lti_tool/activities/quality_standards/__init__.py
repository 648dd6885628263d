"""The quality standards checklist: a programme's audit of itself, year by year, towards the mark.

Not course work: nobody hands it in and nobody marks it. It belongs to a programme and an academic
year, whatever course it is opened from.
"""

from lti_tool.activities.quality_standards.activity import ACTIVITY

__all__ = ["ACTIVITY"]
