"""Puts the demo platform together: state, keys, services and pages.

`create_app` is for tests and for __main__; `registration_values` says how to
register the platform with the tool. Rules of the protocol do not belong here.
"""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, g, request
from joserfc.jwk import RSAKey

from lti_tool.demo_platform import (
    ags,
    choosing,
    gradebook_pages,
    manage_tools,
    misbehave,
    nrps,
    oidc,
    pages,
    registration,
    tokens,
    tools,
)
from lti_tool.demo_platform.claims import CLIENT_ID, DEPLOYMENT_ID
from lti_tool.demo_platform.cohort import pages as cohort_pages
from lti_tool.demo_platform.courses import Courses
from lti_tool.demo_platform.gradebook import Gradebook
from lti_tool.demo_platform.platform import Clock, Platform, get_platform
from lti_tool.demo_platform.store import Store
from lti_tool.demo_platform.switches import Switches


def registration_values(platform_url: str) -> dict[str, object]:
    """How the tool registers this platform."""
    return {
        "name": "Demo platform",
        "issuer": platform_url,
        "client_id": CLIENT_ID,
        "deployment_ids": [DEPLOYMENT_ID],
        "auth_login_url": f"{platform_url}/mod/lti/auth",
        "auth_token_url": f"{platform_url}/mod/lti/token",
        "jwks_url": f"{platform_url}/mod/lti/certs",
    }


def create_app(
    state_dir: Path | str,
    tool_url: str,
    platform_url: str,
    clock: Clock = lambda: datetime.now(UTC),
) -> Flask:
    """The platform as a WSGI application. `clock` answers an aware UTC time."""
    store = Store(Path(state_dir))
    app = Flask(__name__, static_url_path="/static")
    app.extensions["demo_platform"] = Platform(
        store=store,
        gradebook=Gradebook(store),
        courses=Courses(store),
        switches=Switches(store),
        signing_key=_load_signing_key(store),
        platform_url=platform_url.rstrip("/"),
        tool_url=tool_url.rstrip("/"),
        clock=clock,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    tokens.init_app(app)
    for module in (
        oidc,
        choosing,
        ags,
        nrps,
        pages,
        gradebook_pages,
        misbehave,
        registration,
        manage_tools,
        cohort_pages,
    ):
        app.register_blueprint(module.blueprint)
    app.register_blueprint(tokens.blueprint)
    app.before_request(_refuse_foreign_forms)
    app.after_request(_set_headers)
    app.register_error_handler(404, pages.not_found)
    return app


def _load_signing_key(store: Store) -> RSAKey:
    """The platform's one key; made on the first start."""
    saved = store.get_setting("signing_key")
    if saved is None:
        key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(10)})
        saved = key.as_dict(private=True)
        store.set_setting("signing_key", saved)
    return RSAKey.import_key(saved)


def _refuse_foreign_forms() -> Response | None:
    """Forms for people come from our own pages; services are not for browsers."""
    origin = request.headers.get("Origin")
    if request.method != "POST" or origin is None or request.path.startswith("/mod/lti/"):
        return None
    ours = {get_platform().platform_url, request.host_url.rstrip("/")}
    if origin in ours:
        return None
    return Response("This form came from another site.\n", 403, mimetype="text/plain")


def _set_headers(response: Response) -> Response:
    """Own files only; forms go to ourselves or the tool; only we may frame us."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype != "text/html":
        return response
    known = (t.origin for t in tools.list_tools())
    tool = " ".join(dict.fromkeys((*known, *g.get("tool_origins", ()))))
    headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
        f"frame-src 'self' {tool}; form-action 'self' {tool}; frame-ancestors 'self'; "
        f"base-uri 'none'"
    )
    headers["X-Frame-Options"] = "sameorigin"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    headers["Cache-Control"] = "no-store"
    return response
