"""Seeing inside: what a monitoring system may ask, and how the tool stands.

`/metrics` joins what processes counted (`web/meters.py`) with what the database knows. The alert
rules and the dashboard that go with it are in `config/monitoring/`. Knows queries of other
folders and changes nothing.
"""
