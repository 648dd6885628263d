"""A context's roster, one page at a time (Names and Role Provisioning Services 2.0).

Each page is one HTTP call with no transaction open. What is kept of it is for `people/roster.py`
to say. A next link is followed as it stands, but only within the origin that the signed launch
named, never twice, and not for ever: the token goes nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from lti_tool.db import Database
from lti_tool.db.statements import AnyRow
from lti_tool.lti import vocabulary as v
from lti_tool.lti.calls import Answer
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.links import find_link, may_follow
from lti_tool.lti.roles import roster_roles
from lti_tool.lti.services import ask
from lti_tool.settings import Settings

PAGE_SIZE = 200
"""Members asked for at a time: ten thousand come in fifty pages, and no page fills memory."""
MOST_PAGES = 600
MOST_MEMBERS = 60_000
_STATUSES = {401: "no_access", 403: "no_access", 404: "not_there", 410: "not_there"}


@dataclass(frozen=True, slots=True)
class Member:
    """One person as the roster has them (NRPS 2.0, 2.2 and 2.3)."""

    user_id: str
    roles: frozenset[str]
    is_active: bool
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class RosterPage:
    """One page as it came, and where the platform will tell what changes after it (2.4.3)."""

    members: list[Member]
    differences_url: str | None


def roster_url(memberships_url: str, *, role: str | None = None, rlid: str | None = None) -> str:
    """Where reading begins: parameters are added, and what the query held is kept whole.

    :param role: a role's address; its `#` must go as `%23` or it would end the address.
    :param rlid: the platform's id of a resource link, to read its members only (NRPS 2.0, 3).
    """
    parts = urlsplit(memberships_url)
    there = parse_qs(parts.query, keep_blank_values=True)
    wanted = {"role": role, "rlid": rlid, "limit": None if "limit" in there else str(PAGE_SIZE)}
    added = [f"{name}={quote(value, safe='')}" for name, value in wanted.items() if value]
    query = "&".join(filter(None, (parts.query, *added)))
    return urlunsplit(parts._replace(query=query, fragment=""))


def escapes_twice(product: str) -> bool:
    """Whether names may hold `&amp;` for `&`. Moodle's roster does it, its launches do not; a
    platform registered by hand may be a Moodle, so only one known to be another is believed."""
    return not product or product.lower().startswith("moodle")


def _words(value: Any, limit: int, *, is_escaped: bool) -> str | None:
    """A text for people; half a surrogate pair and NUL go, since no database keeps them."""
    if not isinstance(value, str):
        return None
    text = value.replace("\x00", "").encode("utf-8", "ignore").decode().strip()
    # Moodle turns each bare `&` into `&amp;` and nothing else, so this is its exact inverse;
    # undoing every entity would change a name that was typed with one.
    return (text.replace("&amp;", "&") if is_escaped else text)[:limit] or None


def _user_id(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not 0 < len(value) <= 255 or "\x00" in value:
        return None
    return value if value == value.encode("utf-8", "ignore").decode() else None


def _member(entry: Any, *, is_escaped: bool) -> Member | None:
    """One entry; None for one that does not say who it is about."""
    user_id = _user_id(entry.get("user_id")) if isinstance(entry, dict) else None
    if user_id is None:
        return None
    roles, status = entry.get("roles"), entry.get("status")
    listed = roles if isinstance(roles, list) else []
    is_gone = isinstance(status, str) and status.lower() in {"inactive", "deleted"}

    def words(name: str, limit: int) -> str | None:
        return _words(entry.get(name), limit, is_escaped=is_escaped)

    return Member(
        user_id=user_id,
        roles=roster_roles(role for role in listed if isinstance(role, str)),
        is_active=not is_gone,
        name=words("name", 300),
        given_name=words("given_name", 200),
        family_name=words("family_name", 200),
        email=words("email", 320),
    )


def _check_answer(answer: Answer) -> None:
    """:raises ServiceFailed: it is not a page of a roster, with the reason in one word."""
    if answer.status == 429:
        raise ServiceFailed("busy", answer.status, answer.retry_after)
    if answer.status >= 500:
        raise ServiceFailed("failing", answer.status, answer.retry_after)
    if answer.status != 200:
        raise ServiceFailed(_STATUSES.get(answer.status, "refused"), answer.status)
    if answer.is_html:
        raise ServiceFailed("a_web_page", answer.status)


def _members(answer: Answer, *, is_escaped: bool) -> list[Member]:
    body = answer.json()
    entries = body.get("members") if isinstance(body, dict) else None
    if not isinstance(entries, list):
        raise ServiceFailed("answer_unreadable", answer.status)
    found = (_member(entry, is_escaped=is_escaped) for entry in entries)
    return [member for member in found if member is not None]


def is_tellable(differences_url: str | None, first_url: str) -> bool:
    """Whether the address of the changes, if there is one, may be asked later on."""
    return bool(differences_url) and may_follow(str(differences_url), first_url, set())


def read_pages(
    database: Database,
    settings: Settings,
    registration: AnyRow,
    memberships_url: str,
    *,
    role: str | None = None,
    rlid: str | None = None,
    is_escaped: bool = False,
    differences_url: str | None = None,
) -> Iterator[RosterPage]:
    """The roster's pages, each asked for when the one before has been dealt with.

    :param role: one of our words (`roles.py`) with its address, to read those alone. It is
        checked here again, since Moodle forgets it from the second page on.
    :param is_escaped: whether to undo `&amp;` in names.
    :param differences_url: what the last reading named, to be told only what has changed since.
    :raises ServiceFailed: the roster could not be read to its end; what came before was good.
    """
    url = first_url = roster_url(memberships_url, role=role, rlid=rlid)
    if differences_url is not None:
        if not may_follow(differences_url, first_url, set()):
            raise ServiceFailed("next_page_unusable")
        url = differences_url
    wanted = roster_roles([role]) if role else frozenset()
    asked: set[str] = set()
    count = 0
    while True:
        asked.add(url)
        answer = ask(
            database, settings, registration, v.SCOPE_NRPS, "GET", url,
            {"Accept": v.MEDIA_MEMBERSHIPS},
        )  # fmt: skip
        _check_answer(answer)
        members = _members(answer, is_escaped=is_escaped)
        count += len(members)
        header = answer.headers.get("Link", "")
        differences = find_link(header, url, "differences")
        kept = [one for one in members if not role or wanted & one.roles]
        yield RosterPage(kept, differences if is_tellable(differences, first_url) else None)
        next_url = find_link(header, url, "next")
        if next_url is None:
            return
        if not may_follow(next_url, first_url, asked):
            raise ServiceFailed("next_page_unusable")
        if len(asked) >= MOST_PAGES or count >= MOST_MEMBERS:
            raise ServiceFailed("roster_endless")
        url = next_url
