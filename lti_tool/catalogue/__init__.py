"""What an activity must provide, and which activities exist.

Marking and course work reach an activity through this contract, never by name. `app.py` fills
the register by walking `activities/`.
"""
