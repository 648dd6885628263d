"""Faults of what the tool stands on: a sentence on the screen, nothing lost, and on again."""
