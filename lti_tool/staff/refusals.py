"""Why a sign-in went no further: each reason with what happened and what to do."""

from lti_tool.core.errors import Sentence

_AGAIN = "Begin again from the sign-in page."
_OPERATOR = "Tell whoever runs this tool, and quote the reason code and the reference."

REASONS: dict[str, tuple[str, str]] = {
    "provider_unreachable": (
        "Your university’s sign-in could not be reached.",
        "Try again in a minute. Course pages are not touched by this: they open from the course "
        "site as ever.",
    ),
    "provider_unusable": (
        "Your university’s sign-in answered with something that cannot be used.",
        _OPERATOR,
    ),
    "client_refused": ("Your university’s sign-in does not accept this tool’s secret.", _OPERATOR),
    "sign_in_cancelled": ("You were not signed in: it was cancelled or declined.", _AGAIN),
    "provider_refused": ("Your university’s sign-in did not sign you in.", _AGAIN),
    "answer_unusable": ("What came back from your university’s sign-in cannot be read.", _AGAIN),
    "state_unknown": (
        "This sign-in was not begun in this browser, or was left for more than ten minutes.",
        _AGAIN,
    ),
    "state_used": ("This sign-in has been completed already.", _AGAIN),
    "issuer_mixed_up": ("The answer did not come from your university’s sign-in.", _OPERATOR),
    "code_refused": ("Your university’s sign-in did not accept its own answer any more.", _AGAIN),
    "nonce_wrong": ("The answer belongs to another sign-in than the one you began.", _AGAIN),
    "token_time": (
        "The answer is too old, or from the future: the clocks of this tool and of your "
        "university’s sign-in differ.",
        f"Try again. If it happens again: {_OPERATOR[0].lower()}{_OPERATOR[1:]}",
    ),
    "token_unusable": (
        "The answer of your university’s sign-in could not be proved genuine.",
        _OPERATOR,
    ),
    "not_staff": (
        "Your university signed you in, and you are not named as staff of this tool.",
        "Participants and tutors need no sign-in here: they come from their course. If you look "
        "after the tool, ask whoever runs it to let you in, and send them your id at the "
        "university’s sign-in:",
    ),
    "too_often": ("Too many sign-ins from here went no further in the last minute.", _AGAIN),
}
"""Reason code: what happened, and what to do."""


class SignInRefused(Sentence):
    """A sign-in that goes no further."""

    def __init__(self, code: str, *, detail: str = "", subject: str = "") -> None:
        """:param detail: for the log; a word of ours.
        :param subject: the provider's id of whom it signed in, to be shown to them alone.
        """
        super().__init__(REASONS[code][0])
        self.code, self.detail, self.subject = code, detail, subject

    @property
    def what_to_do(self) -> str:
        """The next step."""
        return REASONS[self.code][1]
