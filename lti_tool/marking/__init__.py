"""Marking: rubrics, judgements, outcomes and release.

A judgement is a marker's view and is never changed; an outcome is what comes of it; a release
says when a person could see it. Releasing hands the outcome to `gradebook/` in the same
transaction. What the work looks like is asked of the activity through `catalogue/`.
"""
