"""A very small browser: cookies, redirects, and forms filled in and sent.

Knows HTML forms and nothing of LTI: the auto-posting pages of a launch are forms like others.
`Secure` cookies go to loopback too, where browsers do the same.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

from lti_tool.demo_platform.people import Person

_TIME_LIMIT = (3.05, 30)
_MOST_STEPS = 12
_TYPED = ("text", "date", "number", "search", "email", "url")


class Stuck(Exception):
    """A page was not what it should be; its sentence says where."""


@dataclass
class Form:
    """One form of a page: where it goes, what is in it, and what could be chosen."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    """What a browser would send untouched."""
    texts: list[str] = field(default_factory=list)
    """Names of text fields and text areas, in their order."""
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Values of radio buttons and tick boxes, by name."""
    acts: list[str] = field(default_factory=list)
    """What its buttons named “act” say."""
    has_file: bool = False
    scripted: bool = False
    """Whether the page sends it by itself, as the pages of a launch do."""

    def names(self) -> set[str]:
        """The names of what it would send."""
        return {name for name, _ in self.values}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._written = ""
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self._form.scripted = given.get("id", "") == given.get("name", "-")
            self.forms.append(self._form)
        elif self._form is not None and given.get("name"):
            self._field(self._form, tag, given)
        elif self._form is not None and tag == "option" and self._select and "selected" in given:
            self._form.values.append((self._select, given.get("value", "")))

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value, kind = given["name"], given.get("value", ""), given.get("type", "text")
        if tag == "textarea":
            self._area, self._written = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "input" and kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.values.append((name, value))
        elif tag == "button":
            if name == "act":
                form.acts.append(value)
        elif tag == "input" and kind == "file":
            form.has_file = True
        elif tag == "input":
            form.values.append((name, value))
            if kind in _TYPED:
                form.texts.append(name)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._written += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            self._form.values.append((self._area, self._written.strip("\n")))
            self._form.texts.append(self._area)
            self._area = None


@dataclass(frozen=True)
class Page:
    """A page as it came: its address, status and forms."""

    url: str
    status: int
    forms: tuple[Form, ...]
    text: str = ""

    def form_with(self, *names: str, has_file: bool = False) -> Form:
        """The first posted form that has all these fields.

        :raises Stuck: there is none.
        """
        for form in self.forms:
            there = form.names() | set(form.choices)
            if form.method == "post" and set(names) <= there and form.has_file == has_file:
                return form
        raise self._lacks(f"no form with {names}")

    def form_to(self, ending: str) -> Form:
        """The first posted form whose address ends so.

        :raises Stuck: there is none.
        """
        for form in self.forms:
            if form.method == "post" and form.action.endswith(ending):
                return form
        raise self._lacks(f"no form to “{ending}”")

    def _lacks(self, what: str) -> Stuck:
        path = urlsplit(self.url).path.rsplit("/", 1)[-1]
        return Stuck(f"The page “{path}” (status {self.status}) has {what}.")


@dataclass
class Walker:
    """One person's browser."""

    cookies: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """Cookie values by host and path."""
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.trust_env = False

    def _cookie_header(self, url: str) -> str:
        parts = urlsplit(url)
        fitting = [
            f"{name}={value}"
            for (host, path), kept in self.cookies.items()
            if host == parts.netloc and (parts.path or "/").startswith(path)
            for name, value in kept.items()
        ]
        return "; ".join(fitting)

    def _keep_cookies(self, url: str, answer: requests.Response) -> None:
        for line in answer.raw.headers.getlist("Set-Cookie"):
            pair, *rest = (part.strip() for part in line.split(";"))
            name, _, value = pair.partition("=")
            settings = {k.lower(): v for k, _, v in (part.partition("=") for part in rest)}
            place = (urlsplit(url).netloc, settings.get("path", "/"))
            self.cookies.setdefault(place, {})[name] = value.strip('"')

    def _ask(
        self,
        method: str,
        url: str,
        data: list[tuple[str, str]] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        for _ in range(_MOST_STEPS):
            answer = self.http.request(
                method,
                url,
                data=data,
                files=files,
                headers={"Cookie": self._cookie_header(url)},
                allow_redirects=False,
                timeout=_TIME_LIMIT,
            )
            self._keep_cookies(url, answer)
            if answer.is_redirect:
                url = urljoin(url, answer.headers["Location"])
                method, data, files = "GET", None, None
                continue
            reader = _Reader()
            reader.feed(answer.text)
            page = Page(url, answer.status_code, tuple(reader.forms), answer.text)
            going_on = [form for form in page.forms if form.scripted and form.action]
            if not going_on:
                return page
            method, data, files = "POST", going_on[0].values, None
            url = urljoin(url, going_on[0].action)
        raise Stuck("The pages sent each other round in circles.")

    def open(self, url: str) -> Page:
        """Go to an address, through redirects and pages that send themselves on."""
        return self._ask("GET", url)

    def send(
        self,
        page: Page,
        form: Form,
        changes: list[tuple[str, str]],
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Send a form of a page with these fields changed or added.

        :raises Stuck: it was not taken.
        """
        changed = {name for name, _ in changes}
        data = [(name, value) for name, value in form.values if name not in changed]
        answer = self._ask("POST", urljoin(page.url, form.action), [*data, *changes], files)
        if answer.status >= 400:
            path = urlsplit(answer.url).path.rsplit("/", 1)[-1]
            raise Stuck(f"The form of “{path}” was answered with {answer.status}.")
        return answer


def enter(walker: Walker, person: Person, link_id: str, platform_url: str) -> str:
    """Sign in as somebody and open a link; the address of the visit that begins.

    :raises Stuck: a page was not what it should be.
    """
    home = walker.open(f"{platform_url}/")
    signing_in = next((f for f in home.forms if f.action == "/sign-in"), None)
    if signing_in is None:
        raise Stuck("The platform's front page offers no way to sign in.")
    walker.send(home, signing_in, [("person", person.id)])
    landed = walker.open(f"{platform_url}/mod/lti/launch?id={link_id}")
    if landed.status != 200 or "/v/" not in landed.url:
        raise Stuck(f"The launch ended with status {landed.status}.")
    root, _, rest = landed.url.partition("/v/")
    return f"{root}/v/{rest.split('/', 1)[0]}"
