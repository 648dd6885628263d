"""Outcome sets and quality standards: shipped in `config/frameworks/`, in force in the database.

A framework is one document of one schema, whatever it came from: a shipped file, a CSV or a Word
table that a programme leader brought in. `framework.py` is what the others read; `shipped.py`
has what ships. Work, cohorts and checklists keep the version they were begun with.
"""
