"""A course whose participants hand in by themselves, so that a tutor of the demo has a cohort
to mark, moderate and release.

They are no shortcut: each signs in, launches and fills in the tool's own forms over HTTP, as a
browser would. `walker.py` is that browser, `handing_in.py` what they do, `pages.py` the button.
"""
