"""What the map comes to: hours, pounds and impact, worked out by pure functions and shown.

Nothing here knows of pages or of the database; every figure says what it could not know.
"""
