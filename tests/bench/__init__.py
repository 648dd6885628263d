"""`make bench`: figures of launches, pages and marks, beside what they are held against.

Loopback only, bounded in count and time; ends only the processes it began. `bench.py` says what a
bench is and `__main__.py` runs them; `course.py` sets up a tool with marks to send, `platform.py`
is the platform that answers.
"""
