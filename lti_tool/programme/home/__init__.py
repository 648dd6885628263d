"""The leader's home: a cohort at a glance, across its courses. Each number leads to its list.

Reads only, and keeps nothing. What needs a person, figures and panels come from whoever announced
them in the catalogue; this folder knows none of them by name.
"""
