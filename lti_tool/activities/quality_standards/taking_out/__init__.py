"""The checklist as something to take away: Word, print, a zip with its evidence, tables.

All are made of the one document of `document.py`, whether it is as submitted or as it stands.
"""
