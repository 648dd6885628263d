"""The guard against pupils' names, UPNs and dates of birth in whatever is typed or brought in.

Plain words and shapes; nothing here knows an activity. `posted.py` is what a page of writing uses.
"""
