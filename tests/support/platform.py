"""A tiny platform in the test's own process: key set, login parameters, claims, signatures.

The key set's address can be rotated, slowed, broken and counted. Nothing here shares code with
the tool or with the library the tool checks launches by.
"""

import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support import claims as c
from tests.support.serving import serving
from tests.support.signing import jwk, rsa_key, sign

_numbers = itertools.count(1)
HINT = '{"cmid":2,"launchid":"ltilaunch2_159300360"}'
"""A message hint as Moodle sends it: JSON, to be given back byte for byte."""


@dataclass
class Answer:
    """What an address of the platform answers."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    wait_s: float = 0
    drip: bool = False
    """Send a byte every tenth of a second, for as long as the other side listens."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "PlatformServer"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output quiet."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.hits[self.path] += 1
        answer = self.server.answers.get(self.path, Answer(b"not here", 404, "text/plain"))
        self.server.closing.wait(answer.wait_s)
        try:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if not answer.drip:
                self.wfile.write(answer.body)
                return
            for byte in answer.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if self.server.closing.wait(0.1):
                    return
        except OSError:
            self.close_connection = True

    do_POST = do_GET


class PlatformServer(ThreadingHTTPServer):
    """The web server of all test platforms; hits are counted by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.hits: Counter[str] = Counter()
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no error here."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serve_platforms() -> Iterator[PlatformServer]:
    """A server for as long as the block runs."""
    server = PlatformServer()
    with serving(server, server.closing):
        yield server


@dataclass
class Platform:
    """One client of one issuer: what the tool registers as one registration."""

    server: PlatformServer
    tool_url: str
    number: int = field(default_factory=lambda: next(_numbers))
    issuer: str = ""
    client_id: str = ""
    deployment_ids: tuple[str, ...] = ()
    auth_query: str = ""
    kid: str = ""
    path: str = ""

    def __post_init__(self) -> None:
        self.issuer = self.issuer or f"https://platform-{self.number}.example"
        self.client_id = self.client_id or f"client-{self.number}"
        self.deployment_ids = self.deployment_ids or (f"deployment-{self.number}",)
        self.kid = self.kid or f"key-{self.number}"
        self.path = f"/platform-{self.number}"
        self.key = rsa_key("first")
        self.publish(jwk(self.key, self.kid))

    @property
    def jwks_path(self) -> str:
        """The key set's path on the server."""
        return f"{self.path}/jwks"

    @property
    def jwks_hits(self) -> int:
        """How often the key set was read."""
        return self.server.hits[self.jwks_path]

    @property
    def auth_login_url(self) -> str:
        """Where the tool sends browsers to be authenticated."""
        return f"{self.server.url}{self.path}/auth{self.auth_query}"

    def registration(self) -> dict[str, Any]:
        """The values that register the tool with this platform."""
        return {
            "name": f"Test platform {self.number}",
            "issuer": self.issuer,
            "client_id": self.client_id,
            "deployment_ids": self.deployment_ids,
            "auth_login_url": self.auth_login_url,
            "auth_token_url": f"{self.server.url}{self.path}/token",
            "jwks_url": f"{self.server.url}{self.jwks_path}",
        }

    def publish(self, *entries: dict[str, Any]) -> None:
        """Let the key set be these entries."""
        self.answer_keys(Answer(json.dumps({"keys": entries}).encode()))

    def answer_keys(self, answer: Answer) -> None:
        """Let the key set's address answer this."""
        self.server.answers[self.jwks_path] = answer

    def rotate(self, name: str = "second") -> None:
        """A new key with a new id; the old one is gone."""
        self.key, self.kid = rsa_key(name), f"{self.kid}-{name}"
        self.publish(jwk(self.key, self.kid))

    def login_parameters(self, **changes: Any) -> dict[str, Any]:
        """What Moodle sends to the tool's login address; None leaves a parameter out."""
        parameters = {
            "iss": self.issuer,
            "target_link_uri": f"{self.tool_url}/lti/launch",
            "login_hint": "5",
            "lti_message_hint": HINT,
            "client_id": self.client_id,
            "lti_deployment_id": self.deployment_ids[0],
            **changes,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    def claims(self, nonce: str, role: str, changes: dict[str, Any]) -> dict[str, Any]:
        """The claims of one message, fresh, with changes."""
        now = int(time.time())
        whole = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            c.DEPLOYMENT_ID: self.deployment_ids[0],
            c.TARGET_LINK_URI: f"{self.tool_url}/lti/launch",
            **c.moodle_claims(f"{self.server.url}{self.path}", role),
        }
        return c.changed(whole, changes)

    def sign(self, payload: Any, header: dict[str, Any] | None = None, **options: Any) -> str:
        """A signed message.

        :param header: changes to the header; `REMOVED` takes a member out.
        :param options: `key` and `alg`: how it is really signed.
        """
        whole = c.changed({"typ": "JWT", "alg": "RS256", "kid": self.kid}, header or {})
        return sign(whole, payload, options.pop("key", self.key), **options)
