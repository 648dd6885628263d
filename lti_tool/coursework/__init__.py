"""What was set and what was handed in: assignments, dates, submissions and frozen copies.

An activity keeps its work as one versioned document in a submission; this folder never looks
inside it. `marking/` judges what was handed in.
"""
