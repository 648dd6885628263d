"""What the tool is made of: keys that slipped in, packages with known weaknesses, list of parts.

`make secrets`, `make audit`, `make sbom`. The libraries do the work; here stands what of ours
they look at, and that a look that was not possible is never taken for a good one.
"""
