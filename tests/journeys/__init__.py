"""Whole paths in a real browser, across two sites, with third-party cookies blocked."""
