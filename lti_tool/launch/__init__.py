"""Steps 1, 3, 5 and 6 of a launch: the platform's browser becomes a visit at the right page.

The only place that knows both the protocol and the course. `lti/` proves the message;
`operations.py` keeps what it says; `views.py` answers the browser.
"""
