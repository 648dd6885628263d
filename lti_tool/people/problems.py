"""Why a roster could not be read, in words, and what to do about it in Moodle.

The codes come from `lti/nrps.py`, `lti/tokens.py` and `lti/calls.py`; they stand in the roster's
row and in logs.
"""

from dataclasses import dataclass

_SERVICE = (
    "In Moodle: Site administration > Plugins > Activity modules > External tool > Manage tools, "
    "edit this tool, and under Services set “IMS LTI Names and Role Provisioning” to “Use this "
    "service to retrieve members’ information as per privacy settings”. Then open the activity "
    "again from the course."
)
_WAIT = "You need do nothing: it is tried again by itself, and each time a tutor comes."
_OPERATOR = "Tell whoever runs this tool, with the time of the last try."


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and what to do."""

    sentence: str
    what_to_do: str


PROBLEMS: dict[str, Problem] = {
    "not_offered": Problem("The course site does not offer us the list of members.", _SERVICE),
    "no_access": Problem("The course site does not let us read the list of members.", _SERVICE),
    "token_refused": Problem(
        "The course site did not give us a pass for its list of members.", _SERVICE
    ),
    "keys_blocked": Problem(
        "The course site could not read our keys.",
        "In Moodle: Site administration > General > Security > HTTP security. Take this tool’s "
        "address out of “cURL blocked hosts list”, and its port into “cURL allowed ports list”.",
    ),
    "not_there": Problem(
        "The course site says that there is no such list of members.",
        "The course may have been deleted or moved. Open the activity again from the course as it "
        "is now; if that does not help, remove and add the activity.",
    ),
    "refused": Problem("The course site refused our request for the list of members.", _SERVICE),
    "busy": Problem("The course site asked us to wait.", _WAIT),
    "failing": Problem("The course site failed when we asked for the list of members.", _WAIT),
    "timeout": Problem("The course site did not answer in time.", _WAIT),
    "unreachable": Problem("The course site could not be reached.", _WAIT),
    "certificate_untrusted": Problem("The course site’s certificate was not trusted.", _OPERATOR),
    "a_web_page": Problem(
        "The course site answered with a web page in place of a list.",
        "Often a maintenance page or a sign-in page stands in front of it. Ask the Moodle "
        "administrator to let this tool through to /mod/lti/services.php.",
    ),
    "answer_unreadable": Problem("The course site’s answer could not be read.", _WAIT),
    "answer_too_long": Problem(
        "The course site’s answer was too long to be a page of members.", _OPERATOR
    ),
    "next_page_unusable": Problem(
        "The list of members goes on at an address that is not the course site’s own, so we "
        "stopped there.",
        "Ask the Moodle administrator to compare $CFG->wwwroot and the settings for a proxy in "
        "config.php with the address that people use: scheme, host and port must be the same.",
    ),
    "roster_endless": Problem("The list of members did not come to an end.", _OPERATOR),
    "roster_empty": Problem(
        "The course site’s list of members is empty.",
        "Most often the tool may not see anyone in this course. Ask the course administrator.",
    ),
    "address_private": Problem(
        "The course site’s address leads to a private network, which this tool may not call.",
        _OPERATOR,
    ),
    "switched_off": Problem("The connection with this course site is switched off.", _OPERATOR),
    "our_fault": Problem("Something went wrong on our side.", _WAIT),
}
_UNKNOWN = Problem("The list of members could not be read.", _OPERATOR)


def describe(code: str) -> Problem:
    """A problem's words."""
    return PROBLEMS.get(code, _UNKNOWN)
