"""The programme around the course work: schools, eligibility, mentors, the school calendar.

What is known of a participant whatever activity they are in: where they work (`posts.py`), who
mentors them there (`mentors.py`), what their head agreed to (`asking.py`, `answering.py`), which
checks were made (`dbs.py`), and what is missing (`eligibility.py`). Activities ask here; nothing
here knows an activity.
"""
