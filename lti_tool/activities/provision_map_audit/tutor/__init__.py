"""The work as a tutor reads it: beside the rubric, against an earlier draft, as a cohort."""
