"""Online sessions and face-to-face days: tutors set them up and take attendance from the roster,
on one screen or by a list that a meeting program or a register gives."""
