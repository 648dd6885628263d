"""Step 4 of a launch, second half: verified claims become a frozen `LaunchMessage`.

LTI Core 1.3, 5.3 and 5.4. Every claim's type and length is checked here, because everything
beyond this module relies on it. Unknown claims are passed over, as the specification asks.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lti_tool.core.identifiers import digest, random_token
from lti_tool.lti import vocabulary as v
from lti_tool.lti.errors import LaunchRefused
from lti_tool.lti.reviews import person_to_review
from lti_tool.lti.roles import known_roles

_ID_LIMIT = 255
_NO_CONTEXT = "~link~"
CHOOSING = "~choosing~"
_UNNAMED = "~unnamed~"
ERASED = "~erased~"
_MADE_UP = (_NO_CONTEXT, CHOOSING, _UNNAMED, ERASED)
"""How identifiers begin that we make up; a claim that begins so is refused, or it could share
one. Deep linking requests come without a link, and may come without a person or a context; who was
erased keeps a row."""

_OPENED = (v.RESOURCE_LINK_REQUEST, v.DEEP_LINKING_REQUEST, v.SUBMISSION_REVIEW_REQUEST)


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
    deep_linking: dict[str, Any] | None = None
    """What a deep linking request asks for; see `deep_linking.py`."""
    for_user: str | None = None
    """Whose work a submission review asks for; see `reviews.py`."""

    @property
    def is_unnamed(self) -> bool:
        """Whether the message does not say who comes."""
        return self.sub.startswith(_UNNAMED)


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
    if value.startswith(_MADE_UP):
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
    try:
        is_address = bool(urlsplit(value).hostname) and urlsplit(value).port != 0
    except ValueError:
        return None
    return value if is_address else None


def way_back(claims: dict[str, Any]) -> str | None:
    """Where the platform wants people sent back, if it says so (LTI Core 1.3, 5.4.4)."""
    presentation = claims.get(v.LAUNCH_PRESENTATION)
    return _address(presentation, "return_url") if isinstance(presentation, dict) else None


def is_choosing(claims: dict[str, Any]) -> bool:
    """Whether someone wants to choose activities (Deep Linking 2.0, 4.4): no link yet, and
    roles, person and context may be left out."""
    return claims.get(v.MESSAGE_TYPE) == v.DEEP_LINKING_REQUEST


def check_subject(claims: dict[str, Any]) -> str:
    """Who comes. Anonymous launches are refused: nothing could be kept for anyone. Whoever
    chooses activities may stay unnamed, and is then nobody whom a later launch could be.

    :raises LaunchRefused: `subject_missing` or `claim_unusable`.
    """
    if claims.get("sub") is None and is_choosing(claims):
        return _UNNAMED + random_token()
    if claims.get("sub") is None:
        raise LaunchRefused("subject_missing")
    return identifier(claims, "sub", "sub")


def _roles(claims: dict[str, Any]) -> frozenset[str]:
    if v.ROLES not in claims and is_choosing(claims):
        return frozenset()
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
    if not context and link_id == CHOOSING:
        return CHOOSING + random_token(), "", ""
    if not context:
        return _NO_CONTEXT + digest(link_id), link_title, ""
    context_id = identifier(context, "id", "context.id")
    return (
        context_id,
        _words(context, "title", 500) or "",
        _words(context, "label", 200) or "",
    )


def _link(claims: dict[str, Any]) -> tuple[str, str]:
    """Id and title of the link; choosing has none, so it gets a place of its own."""
    if is_choosing(claims):
        return CHOOSING, "Add activities"
    link = claims.get(v.RESOURCE_LINK)
    if link is None:
        raise LaunchRefused("claim_missing", "resource_link")
    if not isinstance(link, dict):
        raise LaunchRefused("claim_unusable", "resource_link")
    return identifier(link, "id", "resource_link.id"), _words(link, "title", 500) or ""


def check_message(claims: dict[str, Any], base_url: str) -> None:
    """Version, message type and target of a message (LTI Core 1.3, 5.3.1, 5.3.2, 5.3.4).

    :raises LaunchRefused: it is no message we open, or points elsewhere.
    """
    if claims.get(v.VERSION) != v.LTI_VERSION:
        raise LaunchRefused("claim_version", "version")
    kind = claims.get(v.MESSAGE_TYPE)
    if not isinstance(kind, str) or not kind:
        raise LaunchRefused("claim_missing", "message_type")
    if kind not in _OPENED:
        raise LaunchRefused("message_unsupported")
    target = claims.get(v.TARGET_LINK_URI)
    if target is None and is_choosing(claims):
        return
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
    link_id, link_title = _link(claims)
    context_id, context_title, context_label = _context(claims, link_id, link_title)
    custom = _custom(claims)
    nrps = _object(claims, v.NRPS)
    return LaunchMessage(
        registration_id=registration_id,
        platform_id=platform_id,
        deployment_id=deployment_id,
        message_type=claims[v.MESSAGE_TYPE],
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
        for_user=person_to_review(claims, sub, roles),
    )
