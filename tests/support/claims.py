"""Claims as Moodle 5.1 sends them, for tests to change.

The names are written out here rather than imported from the tool, so that a slip in the tool's
vocabulary shows.
"""

from typing import Any

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
VERSION = LTI + "version"
MESSAGE_TYPE = LTI + "message_type"
DEPLOYMENT_ID = LTI + "deployment_id"
TARGET_LINK_URI = LTI + "target_link_uri"
RESOURCE_LINK = LTI + "resource_link"
ROLES = LTI + "roles"
CONTEXT = LTI + "context"
CUSTOM = LTI + "custom"
PRESENTATION = LTI + "launch_presentation"
ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

_LIS = "http://purl.imsglobal.org/vocab/lis/v2/"
INSTRUCTOR = _LIS + "membership#Instructor"
LEARNER = _LIS + "membership#Learner"
MENTOR = _LIS + "membership#Mentor"
OTHER = _LIS + "institution/person#Other"
STAFF = _LIS + "institution/person#Staff"
INSTITUTION_STUDENT = _LIS + "institution/person#Student"
INSTITUTION_INSTRUCTOR = _LIS + "institution/person#Instructor"
SYSTEM_ADMINISTRATOR = _LIS + "system/person#Administrator"
UNKNOWN_ROLE = _LIS + "unknown/unknown#Helper"

ACTIVITY = {"activity": "provision-map-audit"}
REMOVED = object()
"""Given as a claim's value: leave the claim out."""

_STUDENT = {
    "sub": "5",
    ROLES: [LEARNER],
    "given_name": "Ada",
    "family_name": "Alpha",
    "name": "Ada Alpha",
    "email": "ada.alpha@students.example",
    LTI + "lis": {"person_sourcedid": "S001", "course_section_sourcedid": "SEN7001-2026"},
}
_TEACHER = {
    "sub": "3",
    ROLES: [INSTRUCTOR],
    "given_name": "Tess",
    "family_name": "Teacher",
    "name": "Tess Teacher",
    "email": "tess.teacher@staff.example",
    LTI + "lis": {"person_sourcedid": "T001", "course_section_sourcedid": "SEN7001-2026"},
}
PERSONAL = ("Ada", "Alpha", "Tess", "Teacher", "students.example", "staff.example", "S001")
"""What may never stand in a log."""


def moodle_claims(services: str, role: str) -> dict[str, Any]:
    """A launch's claims but for those that belong to one message (nonce, times, addresses).

    :param services: the address under which the platform's services would answer.
    :param role: `student` or `teacher`.
    """
    return {
        **(_TEACHER if role == "teacher" else _STUDENT),
        VERSION: "1.3.0",
        MESSAGE_TYPE: "LtiResourceLinkRequest",
        CONTEXT: {
            "id": "2",
            "label": "NASENCO-M1",
            "title": "NASENCo Module 1",
            "type": ["CourseSection"],
        },
        RESOURCE_LINK: {"title": "Provision-map audit", "description": "", "id": "1"},
        CUSTOM: {
            **ACTIVITY,
            "context_history": "",
            "due": "$ResourceLink.submission.endDateTime",
            "context_memberships_url": f"{services}/CourseSection/2/bindings/2/memberships",
        },
        PRESENTATION: {
            "locale": "en",
            "document_target": "iframe",
            "return_url": f"{services}/return?course=2&sesskey=s4WqplZaSt",
        },
        LTI + "ext": {"user_username": "student1", "lms": "moodle-2"},
        LTI + "tool_platform": {"product_family_code": "moodle", "version": "2025100600.02"},
        ENDPOINT: {
            "scope": [
                f"https://purl.imsglobal.org/spec/lti-ags/scope/{scope}"
                for scope in ("lineitem", "lineitem.readonly", "result.readonly", "score")
            ],
            "lineitems": f"{services}/2/lineitems?type_id=2",
            "lineitem": f"{services}/2/lineitems/2/lineitem?type_id=2",
        },
        NRPS: {
            "context_memberships_url": f"{services}/CourseSection/2/bindings/2/memberships",
            "service_versions": ["1.0", "2.0"],
        },
    }


def changed(claims: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Claims with changes; the value `REMOVED` takes a claim out."""
    return {k: value for k, value in {**claims, **changes}.items() if value is not REMOVED}
