"""The programme around the course work: schools, eligibility, mentors, the school calendar.

What is known of a participant whatever activity they are in: where they work, who supports them
there, which checks were made. Activities ask here; nothing here knows an activity.
"""
