"""Recording an assessment board's results from an export, in one act, after a look at them.

`reading.py` makes lines of the file, `matching.py` holds them against what is released,
`views.py` shows the differences and records them. For leaders.
"""
