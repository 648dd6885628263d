"""One folder per piece of course work. Adding an activity is adding one folder here:

1. `__init__.py` says what it is and exports one `ACTIVITY` (see `catalogue/contract.py`).
2. `document.py` makes and reads the work as typed: one versioned document, no tables needed.
3. `views.py` has a blueprint below `/v/<handle>/…`; every route says who may use it.
4. `templates/<folder>/` extends `web/base.html` and shows the trust line.
5. For markers it renders the frozen work with a slot at each of its `anchors`, what changed between
   two copies, and what is typical of many.
6. `config/rubrics/<key>.yaml` has its rubric.
7. Tests mirror the folder; `tests/rules/test_every_activity.py` finds it by itself.
Activities never import one another, and know nothing of LTI.
"""
