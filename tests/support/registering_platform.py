"""A platform that can be registered with, in the test's own process, with Moodle's shapes.

Built on the server of the test platforms; each answer can be changed, and what the tool sent is
kept. Shares no code with the tool.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from tests.support.serving import serving

PLATFORM_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOOL_CONFIGURATION = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPES = (
    "https://purl.imsglobal.org/spec/lti-bo/scope/basicoutcome",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
    "https://purl.imsglobal.org/spec/lti-ags/scope/score",
    "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    "openid",
)
_numbers = count(1)


def token(scope: str = "reg", sub: str = "client") -> str:
    """A registration token of Moodle's shape; its signature is the platform's own business."""
    parts = ({"typ": "JWT", "alg": "RS256"}, {"sub": sub, "scope": scope})
    coded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join((*coded, "c2lnbmF0dXJl"))


@dataclass
class Said:
    """One answer."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "RegisteringPlatform"

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the tests' output quiet."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
        self.server.asked.append(asked)
        said = self.server.answer(asked)
        self.server.closing.wait(said.wait_s)
        try:
            self.send_response(said.status)
            self.send_header("Content-Type", said.content_type)
            self.send_header("Content-Length", str(len(said.body)))
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = _answer


class RegisteringPlatform(ThreadingHTTPServer):
    """One platform with its own port, and so its own issuer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.closing = threading.Event()
        self.asked: list[Asked] = []
        self.said: dict[str, Said] = {}
        """Answers by path that stand in place of the usual ones."""
        self.configuration_changes: dict[str, Any] = {}
        self.granted_scope: str | None = None
        self.client_id = f"dynamic-{next(_numbers)}"
        self.deployment_id: str | None = "1"
        self.current: dict[str, Any] = {}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A tool that hangs up is no error here."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def configuration_url(self) -> str:
        return f"{self.url}/mod/lti/openid-configuration.php"

    def configuration(self) -> dict[str, Any]:
        """What the platform says about itself."""
        whole = {
            "issuer": self.url,
            "token_endpoint": f"{self.url}/mod/lti/token.php",
            "jwks_uri": f"{self.url}/mod/lti/certs.php",
            "authorization_endpoint": f"{self.url}/mod/lti/auth.php",
            "registration_endpoint": f"{self.url}/mod/lti/openid-registration.php",
            "scopes_supported": list(SCOPES),
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            PLATFORM_CONFIGURATION: {
                "product_family_code": "moodle",
                "version": "5.1+ (Build: 20251017)",
                "messages_supported": [
                    {"type": "LtiResourceLinkRequest"},
                    {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
                ],
            },
        }
        whole.update(self.configuration_changes)
        return {name: value for name, value in whole.items() if value is not None}

    def answer(self, asked: Asked) -> Said:
        path = asked.path.split("?")[0]
        if path in self.said:
            return self.said[path]
        if path == "/mod/lti/openid-configuration.php":
            return Said(body=json.dumps(self.configuration()).encode())
        if path == "/mod/lti/openid-registration.php":
            return self._registration(asked)
        return Said(404, b"<!DOCTYPE html><title>Error</title>", "text/html")

    def _registration(self, asked: Asked) -> Said:
        if asked.method == "GET":
            return Said(body=json.dumps({"client_id": self.client_id, **self.current}).encode())
        self.current = asked.json()
        given = {**self.current, "client_id": self.client_id}
        if self.granted_scope is not None:
            given["scope"] = self.granted_scope
        configuration = dict(given[TOOL_CONFIGURATION])
        if self.deployment_id is not None:
            configuration["deployment_id"] = self.deployment_id
        return Said(body=json.dumps({**given, TOOL_CONFIGURATION: configuration}).encode())

    def applications(self) -> list[Asked]:
        """What was sent to the registration address, in order."""
        return [a for a in self.asked if a.path.startswith("/mod/lti/openid-registration.php")]


@contextmanager
def registering_platform() -> Iterator[RegisteringPlatform]:
    """A platform for as long as the block runs."""
    server = RegisteringPlatform()
    with serving(server, server.closing):
        yield server
