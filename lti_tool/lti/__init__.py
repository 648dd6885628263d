"""The protocol: messages, services, registrations, contexts, links, keys, vocabulary.

Knows LTI 1.3 and nothing of course work. The one door to PyLTI1p3 is `pylti_adapter.py`.
`launch/` calls it on the way in and `gradebook/` on the way out.
"""
