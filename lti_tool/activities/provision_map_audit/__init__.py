"""The provision-map audit: the first piece of course work.

A SENCo in training brings the school's provision map, sees what it costs and whom it reaches,
audits it and writes an action plan. Reading a map (`importing.py` and what it uses), costing it
(`costing.py`) and the work as typed (`document.py`) are plain Python; `views.py`,
`map_views.py` and `writing_views.py` are its pages.
"""

from lti_tool.activities.provision_map_audit.activity import ACTIVITY

__all__ = ["ACTIVITY"]
