"""The provision-map audit: the first piece of course work.

A SENCo in training brings the school's provision map, sees what it costs and whom it reaches,
audits it and writes an action plan. Reading a map (`sheets/`, `importing/`, `readings/`), guarding
against names (`privacy/`), costing it (`costing.py`) and the work as typed (`document.py`) are
plain Python; the modules named `…views.py` are its pages.
"""

from lti_tool.activities.provision_map_audit.activity import ACTIVITY

__all__ = ["ACTIVITY"]
