"""A platform that has a roster and a token for it, answering just as a test wants.

Real HTTP on loopback. Every request is kept with its headers. Shares no code with the tool.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.support.serving import serving_app

MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
PATH = "/CourseSection/A-b/Bindings/2/Memberships"
QUERY = "Type_Id=7&blank=&twice=1&twice=2"


def member(user_id: str, role: str = "Learner", **more: Any) -> dict[str, Any]:
    """An entry of a roster as Moodle writes it; None leaves a member out."""
    whole = {
        "status": "Active",
        "roles": [role],
        "user_id": user_id,
        "name": f"Given{user_id} Family{user_id}",
        "given_name": f"Given{user_id}",
        "family_name": f"Family{user_id}",
        "email": f"p{user_id}@example.ac.uk",
        **more,
    }
    return {name: value for name, value in whole.items() if value is not None}


@dataclass
class RosterPlatform:
    """What the platform answers, and what it was asked."""

    members: list[dict[str, Any]] = field(default_factory=list)
    page: int = 0
    """Members on a page; 0 puts all on one, or as many as were asked for."""
    link: Callable[[str, int], str] | None = None
    """Writes the Link header from the next page's address and the page's number."""
    answer: Callable[[Request], Response | None] | None = None
    """Answers in place of the roster."""
    before: Callable[[int], None] | None = None
    """Called before each page, with its number."""
    changes: list[dict[str, Any]] | None = None
    """What changed since the last reading; None where the platform does not tell."""
    asked: list[Request] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def memberships_url(self) -> str:
        return f"{self.url}{PATH}?{QUERY}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        if request.path == "/token":
            self.scopes.append(request.form["scope"])
            token = {"access_token": f"token-{len(self.scopes)}", "token_type": "Bearer"}
            body = json.dumps({**token, "expires_in": 3600, "scope": request.form["scope"]})
            return Response(body, content_type="text/html")(environ, start_response)
        self.asked.append(request)
        if self.changes is not None and "since" in request.args and not self.answer:
            return self._changes()(environ, start_response)
        own = self.answer(request) if self.answer else None
        return (own or self._roster(request))(environ, start_response)

    def _tells(self) -> str:
        return f'<{self.memberships_url}&since={len(self.asked)}>; rel="differences"'

    def _changes(self) -> Response:
        body = {"id": self.memberships_url, "members": self.changes}
        response = Response(json.dumps(body), content_type=MEDIA)
        response.headers["Link"] = self._tells()
        return response

    def _roster(self, request: Request) -> Response:
        start = int(request.args.get("from", "0"))
        size = self.page or int(request.args.get("limit", "0")) or len(self.members) or 1
        number = start // size
        if self.before:
            self.before(number)
        body = {"id": request.base_url, "members": self.members[start : start + size]}
        response = Response(json.dumps(body), content_type=f"{MEDIA}; charset=utf-8")
        if start + size < len(self.members):
            after = f"{self.memberships_url}&limit={size}&from={start + size}"
            link = self.link or (lambda url, _number: f'<{url}>; rel="next"')
            response.headers["Link"] = link(after, number)
        elif self.changes is not None:
            response.headers["Link"] = self._tells()
        return response


def status(code: int, **headers: str) -> Callable[[Request], Response]:
    """An answer with nothing but a status."""
    return lambda _request: Response("{}", code, headers=headers, mimetype="application/json")


def web_page(_request: Request) -> Response:
    """A page for people where a list should be."""
    return Response("<!DOCTYPE html><html></html>", 200, mimetype="text/html")


def slowly(seconds: float) -> Callable[[Request], None]:
    """Wait, then answer as usual."""
    return lambda _request: time.sleep(seconds)


@contextmanager
def roster_platform() -> Iterator[RosterPlatform]:
    """A running platform, for as long as the block runs."""
    platform = RosterPlatform()
    with serving_app(platform) as platform.url:
        yield platform
