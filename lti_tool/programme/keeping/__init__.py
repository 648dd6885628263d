"""How long records stay, and deleting them when their time is over.

The times stand in `config/rules/retention.yaml`, what belongs to which record type in the
`personal_data.py` of each folder. A time counts from the end of a course, which only the
programme knows (`ends.py`). Nothing is deleted by time until a record type is switched on.
"""
