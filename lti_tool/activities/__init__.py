"""One folder per piece of course work. Adding an activity is adding one folder here:

1. `__init__.py` says what it is and exports one `ACTIVITY` (see `catalogue/contract.py`).
2. `document.py` makes and reads the work as typed: one versioned document, no tables needed.
3. `views.py` has a blueprint below `/v/<handle>/…`; every route says who may use it.
4. `templates/<folder>/` extends `web/base.html` and shows the trust line.
5. For markers: `anchors` names the places of the work, `render_for_marking` shows it frozen with
   `slot(anchor)` once at each of them, `render_changes` what differs between two copies, and
   `render_cohort` what is typical of many, small numbers hidden. None may write or name anybody.
6. `config/rubrics/<key>.yaml` has its rubric.
7. What of it needs a person is announced as `catalogue/needs.py` says; figures as `measures.py`.
8. Tests mirror the folder; `tests/rules/test_every_activity.py` finds it by itself.
Activities never import one another, and know nothing of LTI.
"""
