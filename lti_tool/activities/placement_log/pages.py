"""The blueprint of the placement log, and what its pages share.

Each module of pages adds its own routes to it by `add_to`, as `activity.py` lists them.
"""

from flask import Blueprint

blueprint = Blueprint(
    "placement_log",
    __name__,
    template_folder="templates",
    url_prefix="/v/<handle>/placement",
)
TRUST = "Who can see this: you, your tutor, moderators. The host school sees only what it says so."
"""The line that every page of a participant shows."""
