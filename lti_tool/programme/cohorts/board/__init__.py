"""The board's sheet of a module: what is marked here, what the gradebook shows, what the registry
has, line by line.

`agreeing.py` says whether the three agree and what to do where not, `reading.py` brings them
together into what `pieces.py` describes, `sheet.py` makes the table. Nothing here changes anything.
"""
