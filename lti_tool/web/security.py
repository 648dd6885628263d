"""Headers that every answer carries.

Strict content security policy without inline code; frames only inside the platforms we know
(`allow_frames`), or anywhere for pages that hold no form. `same-origin` as referrer policy:
with no-referrer, form protection refuses every https POST.
"""

from flask import Flask, Response, g

from lti_tool.db.current import notes, the_request

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
    )
)
_ANYWHERE = "*"
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)


def allow_frames(*origins: str) -> None:
    """Let this answer stand in frames of these origins."""
    g.frame_origins = " ".join(("'self'", *origins))


def allow_frames_anywhere() -> None:
    """Let this answer stand in any frame. Only for pages without a form."""
    g.frame_origins = _ANYWHERE


def allow_forms_to(*origins: str) -> None:
    """Let forms of this page lead to these origins too (a redirect after a post counts)."""
    g.form_origins = " ".join(origins)


def _add_headers(response: Response) -> Response:
    headers, asked, noted = response.headers, the_request(), notes()
    forms = f"'self' {noted.get('form_origins', '')}".strip()
    frames = noted.get("frame_origins", "'none'")
    policy = f"{_POLICY}; form-action {forms}; frame-ancestors {frames}"
    headers.extend((("Content-Security-Policy", policy), *_ALWAYS))
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if asked.endpoint != "static" and "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    if asked.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every answer."""
    app.after_request(_add_headers)
