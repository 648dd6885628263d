"""What registering asks of a platform, in plain words, and the values for Moodle's own form.

The names of fields are those of Moodle 5.1's form for a tool that is configured manually.
"""

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


Row = tuple[str, str, str, str]


def _tool_rows(settings: Settings) -> list[Row]:
    launch = settings.url("/lti/launch")
    custom = "\n".join(f"{name}={value}" for name, value in registering.CUSTOM.items())
    return [
        ("Tool name", "lti_typename", registering.NAME, ""),
        ("Tool URL", "lti_toolurl", launch, ""),
        ("Tool description", "lti_description", registering.DESCRIPTION, ""),
        ("LTI version", "lti_ltiversion", "LTI 1.3", ""),
        ("Public key type", "lti_keytype", "Keyset URL", ""),
        ("Public keyset", "lti_publickeyset", settings.url("/lti/jwks.json"), ""),
        ("Initiate login URL", "lti_initiatelogin", settings.url("/lti/login"), ""),
        (
            "Redirection URI(s)",
            "lti_redirectionuris",
            launch,
            "Exactly this, on a line of its own.",
        ),
        ("Custom parameters", "lti_customparameters", custom, ""),
        (
            "Tool configuration usage",
            "lti_coursevisible",
            "Show in activity chooser and as a preconfigured tool",
            "Else teachers do not find the tool.",
        ),
        ("Default launch container", "lti_launchcontainer", "Embed, without blocks", ""),
        ("Supports Deep Linking (Content-Item Message)", "lti_contentitem", "Tick it", ""),
        ("Content Selection URL", "lti_toolurl_ContentItemSelectionRequest", launch, ""),
        ("Icon URL", "lti_icon", settings.url("/assets/1/icon.svg"), ""),
        (
            "Secure icon URL",
            "lti_secureicon",
            settings.url("/assets/1/icon.svg") if settings.is_https else "Leave it empty",
            "",
        ),
    ]


_SERVICES: list[Row] = [
    (
        "IMS LTI Assignment and Grade Services",
        "ltiservice_gradesynchronization",
        "Use this service for grade sync and column management",
        "Off in a new tool. Without it, marks stay in the tool.",
    ),
    (
        "IMS LTI Names and Role Provisioning",
        "ltiservice_memberships",
        "Use this service to retrieve members’ information as per privacy settings",
        "So that tutors see who has not begun.",
    ),
    ("Tool Settings", "ltiservice_toolsettings", "Do not use this service", ""),
]
_PRIVACY: list[Row] = [
    ("Share launcher’s name with tool", "lti_sendname", "Always", "Tutors mark by name."),
    ("Share launcher’s email with tool", "lti_sendemailaddr", "Never", "Nothing uses it."),
    ("Accept grades from the tool", "lti_acceptgrades", "Always", ""),
    (
        "Force SSL",
        "lti_forcessl",
        "Tick it where your Moodle uses https",
        "",
    ),
]


def manual_values(settings: Settings) -> list[tuple[str, list[Row]]]:
    """Groups of rows: the field's label, its name in the form, the value, and why."""
    return [
        ("Tool settings", _tool_rows(settings)),
        ("Services", _SERVICES),
        ("Privacy", _PRIVACY),
    ]
