"""Staff without a course site: learning technologists and administrators of this installation.

They sign in at the university's identity provider (OpenID Connect); whom to let in an operator
says by `lti-tool staff`. Off unless the provider is set. Pages here look at what other folders
know and call their operations, with the member of staff as the actor.
"""
