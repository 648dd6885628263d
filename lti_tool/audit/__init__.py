"""Who did what, when, from what to what.

Every change that matters to a person leaves an entry in the same transaction. Entries hold ids,
never names, so erasing a person needs no rewriting of history.
"""
