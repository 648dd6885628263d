"""The audit to take away: workbooks, Word, print and CSV, all safe to open at work."""
