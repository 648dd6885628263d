"""`make bench`: figures of sending marks and of the queue page, beside what they are held against.

Loopback only, bounded in count and time; ends only the processes it began. `__main__.py` says
what is measured, `course.py` sets up the tool, `platform.py` is the platform that answers.
"""
