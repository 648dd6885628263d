"""Bringing the facts of a cohort in by file: read, compared, shown, and only then kept.

The file itself is never kept; between the preview and the keeping it travels in the page.
"""
