"""The mentor beside a participant: the door by which they come without an account, meetings and
tutorials that both sides confirm, private questions to the tutors, reminders.

A mentor is a guest whose link names a mentorship; `MentorDoor` says which log it opens. Pages of
each side stand in modules of their own (`mentor_views`, `participant_views`, `tutor_views`), and
share what a meeting's form does in `meeting_pages`.
"""
