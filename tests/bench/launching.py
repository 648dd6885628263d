"""Launches made with as little effort as will do, so that the measuring takes few of the cores.

A launch is a login, the signed message and the page it leads to, each on a connection of its own,
as behind a proxy. What is due at a moment is launched at that moment, whether or not others have
been answered; a launch that begins late carries its lateness in the time it took.
"""

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.support.signing import sign

_TIMEOUT_S = 30
_CREW = 64
"""Launches that can be on their way at once."""


class Refused(Exception):
    """The tool did not take a launch; says at which step."""


@dataclass(frozen=True)
class Launcher:
    """Makes launches of the tool at one address.

    `key` and `kid` sign for every platform.
    """

    host: str
    key: Any
    kid: str

    def _ask(
        self, method: str, path: str, cookies: dict[str, str], form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """One request: status, where it sends us, and the page."""
        connection = http.client.HTTPConnection(self.host, timeout=_TIMEOUT_S)
        headers = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Connection": "close"}
        if cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                cookies[name] = value
            return answer.status, answer.headers.get("Location", ""), page
        finally:
            connection.close()

    def launch(self, login: dict[str, str], claims: dict[str, Any]) -> str:
        """A whole launch; the page it leads to.

        :param login: what the platform sends to the login address.
        :param claims: all but nonce and times.
        :raises Refused: an answer is not what a launch that is let in has.
        """
        cookies: dict[str, str] = {}
        status, place, _ = self._ask("POST", "/lti/login", cookies, login)
        if status != 302:
            raise Refused(f"login answered {status}")
        asked = parse_qs(urlsplit(place).query)
        now = int(time.time())
        whole = {**claims, "nonce": asked["nonce"][0], "iat": now, "exp": now + 300}
        token = sign({"typ": "JWT", "alg": "RS256", "kid": self.kid}, whole, self.key)
        form = {"state": asked["state"][0], "id_token": token}
        status, place, _ = self._ask("POST", "/lti/launch", cookies, form)
        if status != 303:
            raise Refused(f"launch answered {status}")
        status, _, page = self._ask("GET", place, cookies)
        if status != 200:
            raise Refused(f"first page answered {status}")
        return page


@dataclass
class Burst:
    """What came of launches that were due at set moments."""

    took_s: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


def open_loop(due_s: Sequence[float], launch: Callable[[int], str], wanted: str) -> Burst:
    """Begin each launch when it is due.

    :param due_s: seconds from now, in order.
    :param launch: makes the launch of this number.
    :param wanted: what the page holds if it is the right one.
    """
    burst, lock = Burst(), threading.Lock()
    numbers = iter(range(len(due_s)))
    began = time.perf_counter()

    def work() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            at = began + due_s[number]
            time.sleep(max(0.0, at - time.perf_counter()))
            try:
                if wanted not in launch(number):
                    raise Refused("another page than the participant’s first")
            except (Refused, OSError, KeyError, http.client.HTTPException) as error:
                burst.failures.append(f"{type(error).__name__}: {error}")
            burst.took_s.append(time.perf_counter() - at)

    crew = [threading.Thread(target=work) for _ in range(_CREW)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    burst.seconds = time.perf_counter() - began
    return burst
