"""Step 4 of a launch, second half: verified claims become a frozen `LaunchMessage`.

LTI Core 1.3, 5.3 and 5.4. Every claim's type and length is checked here, because everything
beyond this module relies on it. Unknown claims are passed over, as the specification asks.
"""

from dataclasses import dataclass, field
from typing import Any

from lti_tool.core.identifiers import digest
from lti_tool.lti import vocabulary as v
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.roles import known_roles

_ID_LIMIT = 255
_NO_CONTEXT = "~link~"
"""Begins the contexts we make up; a claim that begins so is refused, or it could share one."""


@dataclass(frozen=True, slots=True)
class AgsEndpoint:
    """Where and with which scopes marks may be sent (AGS 2.0, 3.1)."""

    line_items_url: str | None
    line_item_url: str | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LaunchMessage:
    """A launch that was proved: who comes, from where, to what."""

    registration_id: int
    platform_id: int
    deployment_id: int
    message_type: str
    sub: str
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    roles: frozenset[str]
    context_id: str
    context_title: str
    context_label: str
    context_history: str
    resource_link_id: str
    resource_link_title: str
    custom: dict[str, str] = field(default_factory=dict)
    ags: AgsEndpoint | None = None
    memberships_url: str | None = None
    return_url: str | None = None


def _object(claims: dict[str, Any], name: str) -> dict[str, Any]:
    """A claim that is an object, or nothing."""
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LaunchRefused("claim_unusable", f"{name} is no object")
    return value


def identifier(holder: dict[str, Any], name: str, claim: str) -> str:
    """An identifier that a platform gave: a text of 1 to 255 characters (LTI Core 1.3, 5.3).

    :param claim: its name for the log.
    :raises LaunchRefused: `claim_missing` or `claim_unusable`.
    """
    value = holder.get(name)
    if value is None:
        raise LaunchRefused("claim_missing", claim)
    if not isinstance(value, str) or not value or len(value) > _ID_LIMIT or "\x00" in value:
        raise LaunchRefused("claim_unusable", claim)
    return value


def _words(holder: dict[str, Any], name: str, limit: int) -> str | None:
    """A text for people: shortened, never a reason to refuse; an unresolved `$Var` is absent."""
    value = holder.get(name)
    if not isinstance(value, str) or value.startswith("$"):
        return None
    return value.replace("\x00", "").strip()[:limit] or None


def _address(holder: dict[str, Any], name: str) -> str | None:
    value = _words(holder, name, 2001)
    if value is None or len(value) > 2000 or not value.startswith(("https://", "http://")):
        return None
    return value


def way_back(claims: dict[str, Any]) -> str | None:
    """Where the platform wants people sent back, if it says so (LTI Core 1.3, 5.4.4)."""
    presentation = claims.get(v.LAUNCH_PRESENTATION)
    return _address(presentation, "return_url") if isinstance(presentation, dict) else None


def check_subject(claims: dict[str, Any]) -> str:
    """Who comes. Anonymous launches are refused: nothing could be kept for anyone.

    :raises LaunchRefused: `subject_missing` or `claim_unusable`.
    """
    if claims.get("sub") is None:
        raise LaunchRefused("subject_missing")
    return identifier(claims, "sub", "sub")


def _roles(claims: dict[str, Any]) -> frozenset[str]:
    if v.ROLES not in claims:
        raise LaunchRefused("claim_missing", "roles")
    roles = claims[v.ROLES]
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise LaunchRefused("claim_unusable", "roles")
    return known_roles(roles)


def _custom(claims: dict[str, Any]) -> dict[str, str]:
    """Custom parameters: hints a teacher may edit, never authority."""
    return {
        key: value
        for key, value in _object(claims, v.CUSTOM).items()
        if isinstance(value, str)
        and not value.startswith("$")
        and len(value) <= 4000
        and "\x00" not in value
    }


def _ags(claims: dict[str, Any]) -> AgsEndpoint | None:
    endpoint = _object(claims, v.AGS_ENDPOINT)
    if not endpoint:
        return None
    scopes = endpoint.get("scope")
    known = (v.SCOPE_LINE_ITEM, v.SCOPE_LINE_ITEM_READONLY, v.SCOPE_RESULT_READONLY, v.SCOPE_SCORE)
    offered = tuple(scope for scope in known if isinstance(scopes, list) and scope in scopes)
    return AgsEndpoint(_address(endpoint, "lineitems"), _address(endpoint, "lineitem"), offered)


def _context(claims: dict[str, Any], link_id: str, link_title: str) -> tuple[str, str, str]:
    """Id, title and label; a launch without a context gets one of its own for its link alone."""
    context = _object(claims, v.CONTEXT)
    if not context:
        return _NO_CONTEXT + digest(link_id), link_title, ""
    context_id = identifier(context, "id", "context.id")
    if context_id.startswith(_NO_CONTEXT):
        raise LaunchRefused("claim_unusable", "context.id")
    return (
        context_id,
        _words(context, "title", 500) or "",
        _words(context, "label", 200) or "",
    )


def check_message(claims: dict[str, Any], base_url: str) -> None:
    """Version, message type and target of a message (LTI Core 1.3, 5.3.1, 5.3.2, 5.3.4).

    :raises LaunchRefused: it is no message we open, or points elsewhere.
    """
    if claims.get(v.VERSION) != v.LTI_VERSION:
        raise LaunchRefused("claim_version", "version")
    kind = claims.get(v.MESSAGE_TYPE)
    if not isinstance(kind, str) or not kind:
        raise LaunchRefused("claim_missing", "message_type")
    if kind != v.RESOURCE_LINK_REQUEST:
        raise LaunchRefused("message_unsupported")
    target = claims.get(v.TARGET_LINK_URI)
    if target is None:
        raise LaunchRefused("claim_missing", "target_link_uri")
    if not isinstance(target, str) or not f"{target}/".startswith(f"{base_url}/"):
        raise LaunchRefused("target_foreign")


def read_message(
    claims: dict[str, Any],
    *,
    registration_id: int,
    platform_id: int,
    deployment_id: int,
    base_url: str,
) -> LaunchMessage:
    """The message in verified claims.

    :param deployment_id: our row of the deployment the claims name.
    :param base_url: the tool's own address; a target elsewhere is refused.
    :raises LaunchRefused: a claim is missing or cannot be used.
    """
    check_message(claims, base_url)
    roles = _roles(claims)
    sub = check_subject(claims)
    link = claims.get(v.RESOURCE_LINK)
    if link is None:
        raise LaunchRefused("claim_missing", "resource_link")
    if not isinstance(link, dict):
        raise LaunchRefused("claim_unusable", "resource_link")
    link_id = identifier(link, "id", "resource_link.id")
    link_title = _words(link, "title", 500) or ""
    context_id, context_title, context_label = _context(claims, link_id, link_title)
    custom = _custom(claims)
    nrps = _object(claims, v.NRPS)
    return LaunchMessage(
        registration_id=registration_id,
        platform_id=platform_id,
        deployment_id=deployment_id,
        message_type=v.RESOURCE_LINK_REQUEST,
        sub=sub,
        name=_words(claims, "name", 300),
        given_name=_words(claims, "given_name", 200),
        family_name=_words(claims, "family_name", 200),
        email=_words(claims, "email", 320),
        roles=roles,
        context_id=context_id,
        context_title=context_title,
        context_label=context_label,
        context_history=custom.get("context_history", ""),
        resource_link_id=link_id,
        resource_link_title=link_title,
        custom=custom,
        ags=_ags(claims),
        memberships_url=_address(nrps, "context_memberships_url"),
        return_url=_address(_object(claims, v.LAUNCH_PRESENTATION), "return_url"),
    )
