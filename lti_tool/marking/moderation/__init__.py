"""Moderation and double marking, kept apart.

Sampled moderation looks at some marks and changes no single one: its outcome is confirmed,
re-mark all, or scale all. Double marking gives every piece a second marker and an agreed mark.
Releasing and the queue ask `gate.py`; nothing here releases anything.
"""
