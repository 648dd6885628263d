"""Mentors on both databases: their door, meetings, questions, reminders."""
