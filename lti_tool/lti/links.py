"""Link headers as platforms really write them (RFC 8288, 3).

Parameters in any order, quoted or not, several links in one header, relative addresses, any
case of path and query. Nothing that a header says is believed: `may_follow` tells whether a
link may be asked.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lti_tool.lti.addresses import origin

_LONGEST_HEADER = 16_000
_TARGET = re.compile(r"[^<]*<([^<>]*)>")
_PARAMETER = re.compile(
    r"""\s*;\s*(?P<name>[^\s=;,"<>]*)\s*(?:=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s;,"]*)))?"""
)


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a header: where to, and as what."""

    url: str
    relations: frozenset[str]


def parse_links(header: str, base: str) -> list[Link]:
    """The links of a header, in their order; what cannot be read ends the list.

    :param base: the address that was asked, for relative ones.
    """
    links: list[Link] = []
    place = 0
    header = header[:_LONGEST_HEADER]
    while found := _TARGET.match(header, place):
        place = found.end()
        relations: frozenset[str] | None = None
        is_about_us = True
        while parameter := _PARAMETER.match(header, place):
            place = parameter.end()
            value = parameter["quoted"] if parameter["quoted"] is not None else parameter["bare"]
            name = parameter["name"].lower()
            if name == "rel" and relations is None:  # the first counts, others are passed over
                relations = frozenset((value or "").lower().split())
            is_about_us = is_about_us and name != "anchor"
        if relations and is_about_us:
            links.append(Link(_absolute(found[1].strip(), base), relations))
    return links


def _absolute(target: str, base: str) -> str:
    """A whole address goes as it was written: joining would tidy it."""
    target = target.partition("#")[0]
    try:
        return target if urlsplit(target).scheme else urljoin(base, target)
    except ValueError:
        return ""


def find_link(header: str, base: str, relation: str) -> str | None:
    """The first link's address with a relation, or None; empty where it cannot be read."""
    for link in parse_links(header, base):
        if relation in link.relations:
            return link.url
    return None


def may_follow(next_url: str, first_url: str, asked: set[str]) -> bool:
    """Whether a next link may be asked with our token: the same scheme, host and port, no
    user name that would take the token's place, and never asked before."""
    try:
        parts = urlsplit(next_url)
        is_ours = origin(next_url) == origin(first_url) and "@" not in parts.netloc
    except ValueError:
        return False
    return is_ours and len(next_url) <= 4000 and next_url not in asked
