"""Deep linking as tests use it: the request in Moodle's shape, the picker, the answer."""

import html
import re
import time
from dataclasses import dataclass
from typing import Any

import html5lib
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.support import claims as c
from tests.support.browser import Browser
from tests.support.claims import REMOVED
from tests.support.door import Attempt, Door
from tests.support.platform import Platform

_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SETTINGS = _DL + "deep_linking_settings"
ITEMS = _DL + "content_items"
DATA = _DL + "data"
MSG = _DL + "msg"
ERRORMSG = _DL + "errormsg"
ERRORLOG = _DL + "errorlog"
PICKER = "<h1>Add activities</h1>"


def return_url(door: Door, platform: Platform | None = None) -> str:
    """Where the platform takes the answer, with a secret in it as Moodle has one."""
    platform = platform or door.platform
    return f"{door.server.url}{platform.path}/contentitem?course=2&id=2&sesskey=FdvBBcKDmX"


def request_claims(door: Door, platform: Platform | None = None, **settings: Any) -> dict[str, Any]:
    """Changes to a launch's claims that make it Moodle's deep linking request.

    :param settings: changes to the settings; `REMOVED` takes one out.
    """
    whole = {
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_copy_advice": False,
        "accept_multiple": True,
        "accept_unsigned": False,
        "auto_create": False,
        "can_confirm": False,
        "deep_link_return_url": return_url(door, platform),
        "title": "SENCo activities",
        "text": "",
    }
    return {
        c.MESSAGE_TYPE: "LtiDeepLinkingRequest",
        c.RESOURCE_LINK: REMOVED,
        SETTINGS: c.changed(whole, settings),
    }


@dataclass
class Picker:
    """The picker page as somebody has it open."""

    door: Door
    browser: Browser
    page: requests.Response

    @property
    def path(self) -> str:
        """The picker's address."""
        return re.search(r"/v/\w+/choose", self.page.url)[0]

    def send(self, act: str = "send", *rows: dict[str, str], **more: str) -> requests.Response:
        """Press a button of the page."""
        token = re.search(r'name="csrf_token" value="(\w+)"', self.page.text)[1]
        rows = rows or ({},)
        fields = {"csrf_token": token, "act": act, "count": str(len(rows)), **more}
        for number, row in enumerate(rows):
            whole = {"what": "new:provision-map-audit", "maximum": "100", **row}
            fields |= {f"item{number}-{name}": value for name, value in whole.items()}
        return self.browser.ask("POST", self.path, data=fields)

    def answer(self, *rows: dict[str, str], act: str = "send") -> dict[str, Any]:
        """The claims of the answer to what was chosen, proved by the tool's key set."""
        return read_answer(self.door, self.send(act, *rows))


def attempt(
    door: Door,
    changes: dict[str, Any] | None = None,
    *,
    role: str = "teacher",
    platform: Platform | None = None,
    **settings: Any,
) -> Attempt:
    """Post a deep linking request."""
    claims = {**request_claims(door, platform, **settings), **(changes or {})}
    return door.attempt(claims, role=role, platform=platform)


def open_picker(
    door: Door,
    changes: dict[str, Any] | None = None,
    *,
    platform: Platform | None = None,
    **settings: Any,
) -> Picker:
    """A deep linking request that must be let in."""
    done = attempt(door, changes, platform=platform, **settings)
    return Picker(door, done.browser, door.enters(done.browser, done.response))


def form_of(page: requests.Response) -> tuple[str, dict[str, str]]:
    """Address and fields of the form that carries the answer."""
    assert page.status_code == 200, f"{page.status_code} {page.text}"
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    (form,) = [one for one in tree.iter("form") if "data-auto-post" in one.attrib]
    assert form.attrib["method"] == "post" and "target" not in form.attrib
    fields = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input")}
    assert len(list(form.iter("button"))) == 1
    return form.attrib["action"], fields


def read_answer(door: Door, page: requests.Response) -> dict[str, Any]:
    """The answer's claims, after its signature was checked by the published key of its kid."""
    _, fields = form_of(page)
    assert set(fields) == {"JWT"}
    published = requests.get(f"{door.tool.url}/lti/jwks.json", timeout=10).json()
    token = jwt.decode(fields["JWT"], KeySet.import_key_set(published), algorithms=["RS256"])
    assert token.header["alg"] == "RS256"
    assert token.header["kid"] in {key["kid"] for key in published["keys"]}
    return dict(token.claims)


def link_claims(item: dict[str, Any], number: str, **more: Any) -> dict[str, Any]:
    """Changes to a launch's claims that make it one of a link the platform made of an item."""
    custom = {k: v for k, v in item["custom"].items() if not v.startswith("$")}
    return {
        c.RESOURCE_LINK: {"id": number, "title": item["title"], "description": ""},
        c.CUSTOM: {**custom, "context_history": more.pop("history", "")},
        **more,
    }


def text_of(page: requests.Response) -> str:
    """A page's words, as people read them."""
    return html.unescape(re.sub(r"<[^>]*>", " ", page.text))


def now() -> int:
    """Whole seconds since 1970."""
    return int(time.time())
