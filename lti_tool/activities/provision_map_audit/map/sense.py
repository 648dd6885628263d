"""The limits in force, read once for each configuration folder."""

from functools import cache

from lti_tool.activities.provision_map_audit.map.limits import load_limits

limits_of = cache(load_limits)
