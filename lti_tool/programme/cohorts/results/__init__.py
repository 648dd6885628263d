"""Results of modules and student numbers, from a file of the registry, after a look at it.

Credits have no other source. `reading.py` makes lines of the file, `matching.py` holds them
against what is kept, `recording.py` adds what is new; `shown.py` reads what is kept.
"""
