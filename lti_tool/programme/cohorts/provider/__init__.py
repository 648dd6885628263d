"""The list of starts, engagement and completions that an NPQ's lead provider is given.

`columns.py` reads which columns there are and their words, `engagement.py` finds what somebody
did last, `listing.py` makes the lines and the table.
"""
