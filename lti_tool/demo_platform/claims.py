"""What the platform puts into an id token, in Moodle's shape.

Builds the claims of a resource link launch; a deep linking message would get
its own builder beside `resource_link_claims`. Signing and checks are in oidc.py.
"""

import hashlib
import html
import json
import re
from dataclasses import dataclass, field
from typing import Any

from lti_tool.demo_platform.people import ADMIN, Course, Link, Person

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/"
BASIC_OUTCOME = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"
DEEP_LINKING_SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION_ADMIN = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
SYSTEM_ADMIN = "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"

SCOPE_LINEITEM = f"{AGS}scope/lineitem"
SCOPE_LINEITEM_READONLY = f"{AGS}scope/lineitem.readonly"
SCOPE_RESULT_READONLY = f"{AGS}scope/result.readonly"
SCOPE_SCORE = f"{AGS}scope/score"
SCOPE_MEMBERSHIP_READONLY = f"{NRPS}scope/contextmembership.readonly"
AGS_SCOPES = (SCOPE_LINEITEM, SCOPE_LINEITEM_READONLY, SCOPE_RESULT_READONLY, SCOPE_SCORE)
ALL_SCOPES = (*AGS_SCOPES, SCOPE_MEMBERSHIP_READONLY)

CLIENT_ID = "demo-client"
DEPLOYMENT_ID = "1"
LIFETIME_S = 60
CONTAINER_IFRAME = "iframe"
CONTAINER_WINDOW = "window"
_LAUNCH_CONTAINER = {CONTAINER_IFRAME: "3", CONTAINER_WINDOW: "4"}


@dataclass(frozen=True)
class Addresses:
    """Where the platform's services are, as the tool reaches them."""

    platform_url: str
    tool_id: str = DEPLOYMENT_ID

    def lineitems(self, course_id: str) -> str:
        return f"{self.platform_url}/mod/lti/services/{course_id}/lineitems?type_id={self.tool_id}"

    def lineitem(self, course_id: str, item_id: int) -> str:
        return (
            f"{self.platform_url}/mod/lti/services/{course_id}/lineitems/{item_id}"
            f"/lineitem?type_id={self.tool_id}"
        )

    def results(self, course_id: str, item_id: int, user_id: str) -> str:
        return (
            f"{self.platform_url}/mod/lti/services/{course_id}/lineitems/{item_id}"
            f"/lineitem/results?type_id={self.tool_id}&user_id={user_id}"
        )

    def memberships(self, course_id: str) -> str:
        return (
            f"{self.platform_url}/mod/lti/services/CourseSection/{course_id}/bindings/"
            f"{self.tool_id}/memberships"
        )

    def return_url(self, link: Link, container: str, sesskey: str) -> str:
        return (
            f"{self.platform_url}/mod/lti/return?course={link.course_id}"
            f"&launch_container={_LAUNCH_CONTAINER[container]}"
            f"&instanceid={link.id}&sesskey={sesskey}"
        )


@dataclass(frozen=True)
class LaunchFacts:
    """All that a launch message depends on."""

    addresses: Addresses
    target_link_uri: str
    person: Person
    course: Course
    link: Link
    container: str
    sesskey: str
    item_id: int | None
    as_student: bool
    withhold_names: bool
    scopes: tuple[str, ...]
    client_id: str = CLIENT_ID
    tool_custom: dict[str, str] = field(default_factory=dict)


def html_to_text(markup: str) -> str:
    """Moodle sends titles and descriptions as text, emphasis in capitals."""
    loud = re.sub(r"<(em|strong|b|i)>(.*?)</\1>", lambda m: m[2].upper(), markup, flags=re.S)
    return html.unescape(re.sub(r"<[^>]*>", "", loud)).strip()


def basic_outcome(
    link: Link, person_id: str, launch_number: int, platform_url: str
) -> dict[str, str]:
    """Moodle still names the LTI 1.1 grade service; nothing answers there in the demo."""
    data = {
        "instanceid": link.id,
        "userid": person_id,
        "typeid": DEPLOYMENT_ID,
        "launchid": launch_number,
    }
    digest = hashlib.sha256(json.dumps(data).encode()).hexdigest()
    return {
        "lis_result_sourcedid": json.dumps({"data": data, "hash": digest}),
        "lis_outcome_service_url": f"{platform_url}/mod/lti/service",
    }


def _custom(facts: LaunchFacts) -> dict[str, Any]:
    """Expands the variables Moodle knows and leaves the others as they stand.
    A key with capitals or punctuation arrives twice."""
    names = not facts.withhold_names
    known: dict[str, Any] = {
        "$Context.id": facts.course.id,
        "$Context.title": facts.course.title,
        "$Context.label": facts.course.label,
        "$Context.id.history": facts.course.history,
        "$ResourceLink.id": facts.link.id,
        "$ResourceLink.title": facts.link.title,
        "$User.id": facts.person.id,
        "$User.username": facts.person.username,
        "$Person.name.full": facts.person.name if names else None,
        "$Person.email.primary": facts.person.email if names else None,
        "$LineItems.url": facts.addresses.lineitems(facts.course.id),
        "$Moodle.Person.userGroupIds": "",
    }
    custom: dict[str, Any] = {}
    for key, value in {**facts.tool_custom, **facts.link.custom}.items():
        custom[re.sub(r"[^a-z0-9]", "_", key.lower())] = known.get(value, value)
        custom[key] = known.get(value, value)
    custom["context_memberships_url"] = facts.addresses.memberships(facts.course.id)
    return custom


def _person_claims(facts: LaunchFacts) -> dict[str, Any]:
    ext = {"lms": "moodle-2"}
    if facts.withhold_names:
        return {f"{LTI}ext": ext}
    person = facts.person
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": person.name,
        f"{LTI}ext": {"user_username": person.username, **ext},
        "email": person.email,
    }


def _service_claims(facts: LaunchFacts) -> dict[str, Any]:
    addresses, course = facts.addresses, facts.course
    endpoint: dict[str, Any] = {
        "scope": [scope for scope in AGS_SCOPES if scope in facts.scopes],
        "lineitems": addresses.lineitems(course.id),
    }
    if facts.item_id is not None:
        endpoint["lineitem"] = addresses.lineitem(course.id, facts.item_id)
    return {
        f"{AGS}claim/endpoint": endpoint,
        f"{NRPS}claim/namesroleservice": {
            "context_memberships_url": addresses.memberships(course.id),
            "service_versions": ["1.0", "2.0"],
        },
    }


def _roles(facts: LaunchFacts) -> list[str]:
    """Moodle sends a site administrator as a teacher with two roles more, but not while they
    look as a student."""
    if facts.as_student:
        return [f"{MEMBERSHIP}Learner"]
    given = [f"{MEMBERSHIP}{facts.person.launch_role}"]
    return [INSTITUTION_ADMIN, *given, SYSTEM_ADMIN] if facts.person.part == ADMIN else given


def resource_link_claims(facts: LaunchFacts, nonce: str, now: int) -> dict[str, Any]:
    """The payload of an LtiResourceLinkRequest, keys in Moodle's order."""
    platform_url = facts.addresses.platform_url
    roles = _roles(facts)
    claims: dict[str, Any] = {
        "nonce": nonce,
        "iat": now,
        "exp": now + LIFETIME_S,
        "iss": platform_url,
        "aud": facts.client_id,
        f"{LTI}deployment_id": facts.addresses.tool_id,
        f"{LTI}target_link_uri": facts.target_link_uri,
        "sub": facts.person.id,
        f"{LTI}lis": {
            "person_sourcedid": facts.person.sourcedid,
            "course_section_sourcedid": facts.course.sourcedid,
        },
        f"{LTI}roles": roles,
        f"{LTI}context": {
            "id": facts.course.id,
            "label": facts.course.label,
            "title": facts.course.title,
            "type": ["CourseSection"],
        },
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}resource_link": {
            "title": html_to_text(facts.link.title),
            "description": html_to_text(facts.link.description),
            "id": facts.link.id,
        },
    }
    if facts.link.graded:
        claims[BASIC_OUTCOME] = basic_outcome(facts.link, facts.person.id, now, platform_url)
    return claims | _person_claims(facts) | _setting_claims(facts) | _service_claims(facts)


def as_review(claims: dict[str, Any], user_id: str | None) -> dict[str, Any]:
    """The same message as a link of the gradebook sends it (LtiSubmissionReviewRequest).

    Moodle names whoever the address names, and nobody from the head of a column.
    """
    for_user = {f"{LTI}for_user": {"user_id": user_id}} if user_id else {}
    return claims | for_user | {f"{LTI}message_type": "LtiSubmissionReviewRequest"}


def deep_linking_claims(facts: LaunchFacts, nonce: str, now: int) -> dict[str, Any]:
    """The payload of an LtiDeepLinkingRequest: no link yet, and what the course takes."""
    claims = resource_link_claims(facts, nonce, now)
    del claims[f"{LTI}resource_link"]
    claims[f"{LTI}message_type"] = "LtiDeepLinkingRequest"
    claims[f"{LTI}launch_presentation"] = {"locale": "en"}
    claims[DEEP_LINKING_SETTINGS] = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "deep_link_return_url": (
            f"{facts.addresses.platform_url}/mod/lti/contentitem_return"
            f"?course={facts.course.id}&id={facts.addresses.tool_id}&sesskey={facts.sesskey}"
        ),
        "title": "SENCo activities",
        "text": "",
    }
    return claims


def _setting_claims(facts: LaunchFacts) -> dict[str, Any]:
    """How the launch is shown, what launched it, and the link's own parameters."""
    platform_url = facts.addresses.platform_url
    return {
        f"{LTI}launch_presentation": {
            "locale": "en",
            "document_target": facts.container,
            "return_url": facts.addresses.return_url(facts.link, facts.container, facts.sesskey),
        },
        f"{LTI}tool_platform": {
            "product_family_code": "moodle",
            "version": "2025100600.02",
            "guid": hashlib.md5(platform_url.encode(), usedforsecurity=False).hexdigest(),
            "name": "Demo VLE",
            "description": "Demo platform for newcomers",
        },
        f"{LTI}version": "1.3.0",
        f"{LTI}custom": _custom(facts),
    }
