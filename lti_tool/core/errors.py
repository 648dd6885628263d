"""Base errors. Each one is a sentence a person can read and act upon.

Domain folders subclass these; `web/errors.py` turns them into pages and `cli.py` into one
line on standard error.
"""


class Sentence(Exception):
    """Something that went wrong, said in one plain sentence that names what to do."""

    @property
    def sentence(self) -> str:
        """The sentence itself."""
        return str(self.args[0]) if self.args else "Something went wrong."


class NotFound(Sentence):
    """There is no such thing, or the person asking may not know that there is."""


class NotAllowed(Sentence):
    """The person may not do this."""


class Conflict(Sentence):
    """Someone else changed it in between, or its state no longer allows this."""


class Unusable(Sentence):
    """Input or configuration that cannot be used as it stands."""


class OutOfOrder(Unusable):
    """A file or setting of this installation that cannot be used: an operator is told the
    sentence, which may name it, and whoever asked for a page is told no more than that."""
