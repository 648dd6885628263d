"""The tutor's first page: the whole cohort in a grid, who is stuck and why, and what to do."""
