"""The placement log: partner-school visits confirmed by their hosts, meetings with the mentor,
sessions attended.

What people enter lives in tables of this folder as it happens; handing the log in freezes a
snapshot of it, which is marked, moderated and released like any other work.
"""

from lti_tool.activities.placement_log.activity import ACTIVITY

__all__ = ["ACTIVITY"]
