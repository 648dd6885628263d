"""What the set-up doctor tells people to change, with the names that Moodle's pages use."""

from lti_tool.lti import vocabulary as v
from lti_tool.lti.errors import ServiceFailed

_TOOL = (
    "Site administration > Plugins > Activity modules > External tool > Manage tools > the pen "
    "(Edit) on the tool’s card"
)
BLOCKED = (
    "In Moodle: Site administration > General > Security > HTTP security. Take the tool’s host "
    "out of “cURL blocked hosts list”, and add the tool’s port to “cURL allowed ports list”."
)
CERTIFICATE = (
    "The site’s certificate must be for its own name, and not be out of date; the server should "
    "send the whole chain. If your university’s own authority signed it, the tool’s operator "
    "names that authority’s file in LTI_TOOL_PLATFORM_CA and starts the tool again."
)
CLOCK = (
    "Set both machines’ clocks by NTP: launches are good for a minute, and clocks may not stray."
)
OUR_KEYS = (
    "See that the tool is running and LTI_TOOL_BASE_URL is its address as others reach it, then "
    "compare Moodle’s “Public keyset” of the tool with the address above."
)
TOKEN_REFUSED = (
    f"In Moodle ({_TOOL}): “Public key type” must be Keyset URL and “Public keyset” our key set’s "
    "address. On the tool’s card, the magnifying glass (View configuration details): compare "
    "Client ID and Access token URL with those the tool has (page Connection, or `lti-tool "
    "registration show`)."
)
_GRADES = (
    f"In Moodle ({_TOOL} > Services): set “IMS LTI Assignment and Grade Services” to “Use this "
    "service for grade sync and column management”."
)
_ROLES = (
    f"In Moodle ({_TOOL} > Services): set “IMS LTI Names and Role Provisioning” to “Use this "
    "service to retrieve members’ information as per privacy settings”."
)
SERVICES_OFF = (
    f"In Moodle ({_TOOL} > Services): set “IMS LTI Assignment and Grade Services” to “Use this "
    "service for grade sync and column management”, and “IMS LTI Names and Role Provisioning” to "
    "“Use this service to retrieve members’ information as per privacy settings”."
)
ROSTER = _ROLES
COLUMNS = _GRADES
CHECK_TITLES = {
    "registration": "The tool’s own entry",
    "platform's key set": "Your site’s public keys",
    "clocks": "Clocks",
    "our key set": "The tool’s public keys",
    "token": "Passes for services",
    "services": "Services",
    "roster": "List of members",
    "gradebook": "Gradebook",
}
"""What each check is called on the administrator's page."""
SCOPE_SETTINGS = {
    v.SCOPE_LINE_ITEM: ("making columns in the gradebook", _GRADES),
    v.SCOPE_LINE_ITEM_READONLY: ("reading columns of the gradebook", _GRADES),
    v.SCOPE_RESULT_READONLY: ("reading marks back", _GRADES),
    v.SCOPE_SCORE: ("sending marks", _GRADES),
    v.SCOPE_NRPS: ("reading the roster", _ROLES),
}
"""Scope: what it is for, and where Moodle switches it on."""

_WORDS = {
    "timeout": "No answer in time.",
    "unreachable": "It cannot be reached from here.",
    "certificate_untrusted": "Its certificate was not trusted.",
    "address_private": "The address lies in a private network (see LTI_TOOL_ALLOW_PRIVATE_PLATFORMS).",
    "answer_too_long": "The answer is far too long.",
    "answer_unreadable": "The answer cannot be read.",
    "keys_blocked": "Moodle could not read our key set.",
    "token_refused": "No token was given.",
    "busy": "The platform is busy or has a fault.",
}
_REACH = (
    "No setting of the tool in Moodle mends this. See that the site is up, that no maintenance or "
    "sign-in page stands before it, and that the tool’s server may reach it. Then check again."
)
_STEPS = {
    "keys_blocked": BLOCKED,
    "certificate_untrusted": CERTIFICATE,
    "address_private": "If that is meant, the tool’s operator sets "
    "LTI_TOOL_ALLOW_PRIVATE_PLATFORMS=1.",
}


def service_step(error: ServiceFailed, setting: str) -> str:
    """What to do where a service could not be used.

    :param setting: the one in Moodle that helps where the platform refused us.
    """
    status = error.status or 0
    is_refused = 400 <= status < 500 and status not in (408, 429)
    return _STEPS.get(error.reason) or (setting if is_refused else _REACH)


def service_words(error: ServiceFailed) -> str:
    """Why a call failed."""
    words = _WORDS.get(error.reason, "It was refused.")
    return words if error.status is None else f"{words} (Status {error.status}.)"
