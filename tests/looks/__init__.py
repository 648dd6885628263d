"""Looks in a real browser at one page of every kind that the tests drew: `make test` ends with it.

`keeping.py` keeps the pages while the tests run, `looking.py` opens them, `__main__.py` says what
was found and which address nobody has drawn a page of.
"""
