"""The bottom floor: clock, identifiers and base errors.

Plain Python only, so that everything may lean on it. Nothing here knows the web, a database
or LTI.
"""
