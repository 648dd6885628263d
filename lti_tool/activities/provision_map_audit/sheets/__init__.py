"""Files as plain cells: opening what a person brings, bounded and sniffed.

Knows file formats and limits; knows nothing of provision. Called by `map_views.py`.
"""
