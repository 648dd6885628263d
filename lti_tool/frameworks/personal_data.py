"""What of people stands in the tables of frameworks: only who brought in or chose a version."""

from lti_tool.frameworks.models import FrameworkChoice, FrameworkVersion
from lti_tool.privacy.holdings import acts, hold

_SHOWN = ("key", "version", "created_at")

hold(
    *acts(FrameworkVersion, "Frameworks you brought in", "brought_in_by_id", only=_SHOWN),
    *acts(FrameworkChoice, "Frameworks you put in force", "put_by_id", only=("key", "put_at")),
)
