"""Moderation, double marking and the external examiner."""
