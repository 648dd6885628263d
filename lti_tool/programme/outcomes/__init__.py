"""Outcomes: what a participant offers as evidence, what a tutor signs off, and how sure they feel.

Kept for a person in a cohort, under the cohort's outcome set in its version; one piece of
evidence may count for many outcomes.
"""
