"""The marker's desk: the queue and its filters, who marks whom, timing, comments kept for use
again, and a queue taken away and brought back.

Reads and acts only about first marks; moderation and second marking have folders of their own.
"""
