"""A mark's way into the gradebook, in fair weather and in foul: real HTTP to the demo platform,
on SQLite and on PostgreSQL. Only the clock and the trouble on the line are made up.
"""
