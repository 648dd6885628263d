"""What registering asks of a platform, in plain words, and the values for Moodle's own form.

The names of fields are those of Moodle 5.1's form for a tool that is configured manually.
"""

from dataclasses import dataclass

from lti_tool.lti import registering
from lti_tool.lti import vocabulary as v
from lti_tool.settings import Settings

_SCOPES = {
    v.SCOPE_LINE_ITEM: "Make and change its own columns in the gradebook",
    v.SCOPE_LINE_ITEM_READONLY: "See its own columns in the gradebook",
    v.SCOPE_RESULT_READONLY: "Read back the marks in those columns",
    v.SCOPE_SCORE: "Send marks and feedback to the gradebook, when a tutor releases them",
    v.SCOPE_NRPS: "Read who is on a course and with which role, for courses that use the tool",
}
_CLAIMS = {
    "iss": "Which platform it is",
    "sub": "The person’s number on your platform (no name, no user name)",
    "name": "Their name",
    "given_name": "Their first name",
    "family_name": "Their surname",
}
_MESSAGES = {
    v.DEEP_LINKING_REQUEST: "Let teachers choose activities from the tool (deep linking)",
    v.SUBMISSION_REVIEW_REQUEST: "Open a participant’s work from the gradebook (submission review)",
}


def scope_words(scopes: tuple[str, ...]) -> list[str]:
    """What each service allows."""
    return [_SCOPES[scope] for scope in scopes]


def claim_words(claims: tuple[str, ...]) -> list[str]:
    """What we are told about a person who opens the tool."""
    return [_CLAIMS[claim] for claim in claims]


def message_words(messages: tuple[str, ...]) -> list[str]:
    """The ways into the tool."""
    return ["Open an activity from a course", *(_MESSAGES[kind] for kind in messages)]


@dataclass(frozen=True, slots=True)
class Row:
    """One field of Moodle's form: what to paste, or which choice to make, and why."""

    label: str
    value: str
    why: str = ""
    is_pasted: bool = False


def _pasted(label: str, value: str, why: str = "") -> Row:
    return Row(label, value, why, is_pasted=True)


def _tool_rows(settings: Settings) -> list[Row]:
    launch, icon = settings.url("/lti/launch"), settings.url("/assets/1/icon.svg")
    custom = "\n".join(f"{name}={value}" for name, value in registering.CUSTOM.items())
    secure = _pasted("Secure icon URL", icon) if settings.is_https else None
    rows = [
        _pasted("Tool name", registering.NAME, "Teachers see it. You may choose another."),
        _pasted("Tool URL", launch),
        _pasted("Tool description", registering.DESCRIPTION),
        Row("LTI version", "LTI 1.3", "Choose this first: the fields below appear then."),
        Row("Public key type", "Keyset URL"),
        _pasted("Public keyset", settings.url("/lti/jwks.json")),
        _pasted("Initiate login URL", settings.url("/lti/login")),
        _pasted("Redirection URI(s)", launch, "Exactly this, on a line of its own."),
        _pasted("Custom parameters", custom, "Lets a copied course find its set-up again."),
        Row(
            "Tool configuration usage",
            "Show in activity chooser and as a preconfigured tool",
            "Else teachers do not find the tool.",
        ),
        Row("Default launch container", "Embed, without blocks"),
        Row("Supports Deep Linking (Content-Item Message)", "Tick it"),
        _pasted("Content Selection URL", launch),
        _pasted("Icon URL", icon, "Under “Show more…”."),
        secure or Row("Secure icon URL", "Leave it empty"),
    ]
    return rows


_SERVICES = [
    Row(
        "IMS LTI Assignment and Grade Services",
        "Use this service for grade sync and column management",
        "Off in a new tool. Without it, marks stay in the tool.",
    ),
    Row(
        "IMS LTI Names and Role Provisioning",
        "Use this service to retrieve members’ information as per privacy settings",
        "Off in a new tool. Without it, tutors do not see who has yet to begin.",
    ),
    Row("Tool Settings", "Do not use this service"),
]
_WRITTEN = "receipts, reminders and news of results, never a mark"


def _privacy_rows(settings: Settings) -> list[Row]:
    """An address is of use only where there is a server to send by."""
    if settings.mail_url:
        email = ("Always", f"The tool writes to people: {_WRITTEN}.")
    else:
        email = ("Never", f"No mail server is set. With one the tool can send {_WRITTEN}.")
    return [
        Row("Share launcher’s name with tool", "Always", "Tutors mark by name."),
        Row("Share launcher’s email with tool", *email),
        Row(
            "Accept grades from the tool", "Always", "Else each teacher’s form decides, or nothing."
        ),
        Row("Force SSL", "Tick it where your Moodle uses https"),
    ]


def manual_values(settings: Settings) -> list[tuple[str, list[Row]]]:
    """Groups of Moodle's form, each with its fields in Moodle's order."""
    return [
        ("Tool settings", _tool_rows(settings)),
        ("Services", _SERVICES),
        ("Privacy", _privacy_rows(settings)),
    ]
