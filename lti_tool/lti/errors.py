"""Why a launch or a service call was refused: one reason code each, and a sentence.

The codes are stable: they stand in logs, in the `X-Reason-Code` header and on the page.
"""

from lti_tool.core.errors import NotFound, Sentence, Unusable

_RELAUNCH = "Go back to your course and open the activity again."
_ADMIN = "Ask your Moodle administrator, and quote the reference below."

REASONS: dict[str, tuple[int, str, str]] = {
    "login_parameter_missing": (
        400,
        "Your course site’s request left out something we need.",
        _ADMIN,
    ),
    "login_parameter_unusable": (
        400,
        "Your course site’s request holds something we cannot read.",
        _ADMIN,
    ),
    "issuer_unknown": (400, "We do not know the course site you came from.", _ADMIN),
    "client_unknown": (400, "We do not know the connection your course site named.", _ADMIN),
    "client_ambiguous": (
        400,
        "Your course site has several connections with us and did not say which it used.",
        _ADMIN,
    ),
    "registration_disabled": (403, "The connection with your course site is switched off.", _ADMIN),
    "registration_pending": (
        403,
        "The connection with your course site waits for the approval of this tool’s operator.",
        "Ask your Moodle administrator to tell the operator, and quote the reference below.",
    ),
    "deployment_disabled": (
        403,
        "This connection is switched off for your part of the course site.",
        _ADMIN,
    ),
    "deployment_unknown": (
        403,
        "Your course site used a deployment that has not been connected.",
        _ADMIN,
    ),
    "logins_unfinished": (
        429,
        "Very many launches from your network came to a stop at their first step a moment ago.",
        "Go back to your course in a minute and open the activity again.",
    ),
    "deployment_mismatch": (
        400,
        "The launch named another deployment than it began with.",
        _RELAUNCH,
    ),
    "platform_error": (400, "Your course site stopped the launch.", _RELAUNCH),
    "state_missing": (
        400,
        "The launch came without the code that ties it to your browser.",
        _RELAUNCH,
    ),
    "state_unknown": (400, "This launch has already been used, or it is too old.", _RELAUNCH),
    "browser_mismatch": (
        400,
        "Your browser did not give back the cookie we set a moment ago.",
        f"{_RELAUNCH} If you see this once more, allow cookies for this site in your browser’s settings.",
    ),
    "token_missing": (400, "The launch came without its signed message.", _RELAUNCH),
    "token_malformed": (400, "The launch’s signed message cannot be read.", _ADMIN),
    "token_algorithm": (400, "The launch was signed in a way we do not accept.", _ADMIN),
    "token_key_missing": (400, "The launch does not say which key signed it.", _ADMIN),
    "token_key_unknown": (
        400,
        "The launch was signed with a key your course site does not publish.",
        _ADMIN,
    ),
    "token_signature": (400, "The launch’s signature does not hold.", _ADMIN),
    "token_expired": (400, "The launch took too long and has run out.", _RELAUNCH),
    "token_times": (400, "The launch’s times are missing or cannot be right.", _ADMIN),
    "token_audience": (401, "The launch was meant for another tool.", _ADMIN),
    "token_issuer": (400, "The launch was signed by another site than it began with.", _ADMIN),
    "nonce_missing": (400, "The launch lacks its single-use mark.", _ADMIN),
    "nonce_mismatch": (400, "The launch’s single-use mark is not the one we gave.", _RELAUNCH),
    "keys_unreachable": (
        400,
        "We could not read your course site’s keys just now.",
        "Wait a minute, then open the activity again. If it happens again, ask your Moodle administrator, and quote the reference below.",
    ),
    "claim_version": (400, "The launch is not an LTI 1.3 message.", _ADMIN),
    "claim_missing": (400, "The launch lacks something every launch must have.", _ADMIN),
    "claim_unusable": (400, "The launch holds something we cannot use.", _ADMIN),
    "subject_missing": (
        400,
        "The launch does not say who you are.",
        "We cannot keep work for someone without an identity. Sign in to your course site, then open the activity again.",
    ),
    "target_foreign": (400, "The launch points to an address that is not ours.", _ADMIN),
    "message_unsupported": (400, "This kind of link is not one we can open.", _RELAUNCH),
    "context_missing": (
        400,
        "The launch does not say which course it comes from.",
        "Open the activity from inside a course.",
    ),
    "staff_only": (
        403,
        "Only someone who teaches on a course can add activities to it.",
        "If you teach on this course, ask the course administrator to enrol you as a teacher.",
    ),
    "return_url_missing": (
        400,
        "The request to add an activity does not say where the answer should go.",
        _ADMIN,
    ),
    "return_url_unusable": (
        400,
        "The request to add an activity names an address for the answer that we cannot use.",
        _ADMIN,
    ),
    "return_url_foreign": (
        400,
        "The request to add an activity wants the answer sent to a site that is not your course site.",
        _ADMIN,
    ),
    "review_not_yours": (
        403,
        "This link asks for somebody else’s work. You may open your own only.",
        "Open the activity from your course to see your own work. If you teach on this course, ask the course administrator to enrol you as a teacher.",
    ),
    "cookies_blocked": (
        400,
        "Your browser keeps no cookies for this site, even in a window of its own.",
        "Allow cookies for this site in your browser’s settings, then open the activity again from your course.",
    ),
}
"""Reason code: HTTP status, what happened, what to do."""


class LaunchRefused(Sentence):
    """A login or launch that is not let in.

    :param code: a key of `REASONS`.
    :param detail: for the log only; never personal data and never shown.
    :param return_url: where the platform wants people sent back, if it was proved.
    """

    registration_id: int | None = None
    """Of the login it belongs to, once that is known."""
    wait_s: int = 0
    """Seconds until the place it came from may try again, where that is why it was refused."""
    person: tuple[int, str] | None = None
    """Platform's row number and `sub` of who was proved to come, once that is known."""

    def __init__(self, code: str, detail: str = "", return_url: str | None = None) -> None:
        self.code = code
        self.detail = detail
        self.return_url = return_url
        self.status, happened, self.what_to_do = REASONS[code]
        super().__init__(happened)


class RegistrationNotFound(NotFound):
    """No registration has this number."""


class RegistrationUnusable(Unusable):
    """A registration's value that cannot be used, with what to give instead."""


class ServiceFailed(Sentence):
    """A platform's service did not do what was asked.

    :param reason: a short code; `gradebook/states.py` puts it into words.
    :param status: the HTTP status, or None where there was no answer.
    :param retry_after: seconds the platform asked us to wait, if it did.
    """

    def __init__(self, reason: str, status: int | None = None, retry_after: float | None = None):
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"The platform’s service failed ({reason}, status {status}).")
