"""Deep linking: the page where a tutor chooses activities for a course, and the answer.

Begins with a visit that carries what the platform asked for; ends with a signed response that
the browser posts back. Reading the request and signing are `lti/deep_linking.py`'s.
"""
