"""A browser for the protocol: keeps cookies as browsers do and follows a launch step by step.

The jar honours Path, Max-Age and deletion, and sends `Secure` cookies to 127.0.0.1, which
browsers treat as trustworthy and the jar of the requests package does not.
"""

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

import requests


@dataclass(frozen=True)
class Cookie:
    """A cookie as the tool set it."""

    name: str
    value: str
    path: str
    attributes: dict[str, str]
    until: float


def cookies_of(response: requests.Response) -> list[Cookie]:
    """The cookies that an answer sets (or deletes: those have no lifetime left)."""
    found = []
    for line in response.raw.headers.getlist("Set-Cookie"):
        pair, *rest = (part.strip() for part in line.split(";"))
        name, _, value = pair.partition("=")
        attributes = {k.lower(): v for k, _, v in (part.partition("=") for part in rest)}
        until = time.time() + float(attributes.get("max-age", "1e9"))
        found.append(Cookie(name, value.strip('"'), attributes.get("path", "/"), attributes, until))
    return found


def _covers(path: str, address: str) -> bool:
    whole = urlsplit(address).path or "/"
    return whole == path or whole.startswith(path if path.endswith("/") else f"{path}/")


@dataclass
class Login:
    """A login that the tool answered: where it sent the browser, and with what."""

    response: requests.Response

    @property
    def location(self) -> str:
        """Where the browser was sent."""
        return self.response.headers["Location"]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The address's parameters in their order."""
        return parse_qsl(urlsplit(self.location).query, keep_blank_values=True)

    @property
    def parameters(self) -> dict[str, str]:
        """The address's parameters, each proved to stand there once."""
        found = parse_qs(urlsplit(self.location).query, keep_blank_values=True, strict_parsing=True)
        assert all(len(values) == 1 for values in found.values()), found
        return {name: values[0] for name, values in found.items()}

    @property
    def state(self) -> str:
        return self.parameters["state"]

    @property
    def nonce(self) -> str:
        return self.parameters["nonce"]


@dataclass
class Browser:
    """One browser, or one partition of one (a frame in a course page)."""

    tool_url: str
    cookies: list[Cookie] = field(default_factory=list)
    keeps_cookies: bool = True
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False

    def _cookie_header(self, url: str) -> str:
        now = time.time()
        fitting = [x for x in self.cookies if x.until > now and _covers(x.path, url)]
        return "; ".join(f"{x.name}={x.value}" for x in fitting)

    def _keep(self, response: requests.Response) -> None:
        if not self.keeps_cookies:
            return
        for new in cookies_of(response):
            same = (new.name, new.path)
            self.cookies = [x for x in self.cookies if (x.name, x.path) != same]
            if new.until > time.time():
                self.cookies.append(new)

    def ask(self, method: str, address: str, **options: Any) -> requests.Response:
        """One request; redirects are left to the test.

        :param address: whole, or a path on the tool.
        :param options: as the requests package takes them, and `framed`.
        """
        url = urljoin(f"{self.tool_url}/", address)
        dest = "iframe" if options.pop("framed", False) else "document"
        headers = {"Sec-Fetch-Dest": dest, "Accept": "text/html", **options.pop("headers", {})}
        cookie = self._cookie_header(url)
        if cookie and "Cookie" not in headers:
            headers["Cookie"] = cookie
        self.http.cookies.clear()
        response = self.http.request(
            method, url, headers=headers, allow_redirects=False, timeout=40, **options
        )
        self._keep(response)
        return response

    def login(self, parameters: Any, *, method: str = "POST", **options: Any) -> Login:
        """The platform sends the browser to the tool's login address."""
        place = "params" if method == "GET" else "data"
        return Login(self.ask(method, "/lti/login", **{place: parameters}, **options))

    def post_launch(self, state: str, token: str, **more: Any) -> requests.Response:
        """The platform has the browser post the message."""
        fields = {"state": state, "id_token": token, **more}
        return self.ask("POST", "/lti/launch", data=fields)

    def follow(self, response: requests.Response) -> requests.Response:
        """Go where the answer sends us, at most five steps, within the tool."""
        for _ in range(5):
            if response.status_code not in {302, 303}:
                return response
            address = urljoin(response.url, response.headers["Location"])
            assert address.startswith(f"{self.tool_url}/"), address
            response = self.ask("GET", address)
        raise AssertionError("the tool sends the browser round in circles")
