"""Recalculating: the workbooks we give out are worked out afresh by LibreOffice and compared.

Run by `make recalculate`, not with the other tests: it installs LibreOffice and takes a while.
"""
