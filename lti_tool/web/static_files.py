"""Styles and scripts, served by ourselves, compressed and named by their content.

An address holds a digest of the file, so browsers keep it for a year and a new release is
seen at once.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, request, url_for

from lti_tool.web.policy import PUBLIC, who_may

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
blueprint = Blueprint("files", __name__)


_NAMES = frozenset(
    path.relative_to(_FOLDER).as_posix() for path in _FOLDER.rglob("*") if path.suffix in _TYPES
)
"""The files there are: what is asked for never reaches the file system."""


@lru_cache(maxsize=100)
def _read(name: str) -> tuple[bytes, bytes, str]:
    """A file's bytes, the same compressed, and its digest."""
    if name not in _NAMES:
        abort(404)
    raw = (_FOLDER / name).read_bytes()
    return raw, gzip.compress(raw, 9, mtime=0), hashlib.sha256(raw).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of a file under `web/static/`."""
    return _address(request.root_path, name)


@lru_cache(maxsize=200)
def _address(_root_path: str, name: str) -> str:
    return url_for("files.asset", version=_read(name)[2], name=name)


@blueprint.get("/assets/<version>/<path:name>")
@who_may(PUBLIC, because="styles and scripts hold nothing about anyone")
def asset(version: str, name: str) -> Response:
    """One file. A wrong version still gives today's file, but is not kept."""
    raw, packed, digest = _read(name)
    takes_gzip = request.accept_encodings["gzip"] > 0
    response = Response(packed if takes_gzip else raw, mimetype=_TYPES[Path(name).suffix])
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    if name == "icon.svg":  # platforms show it beside the tool's name
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if version == digest else "no-cache"
    )
    return response


def init_app(app: Flask) -> None:
    """Serve the files and let templates name them by `asset_url`."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["asset_url"] = asset_url
