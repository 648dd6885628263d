"""The tool's own signing keys: files in the keys folder, public halves at `/lti/jwks.json`.

A file's name begins with the time it was made; the newest signs, all are published. The key id
is the RFC 7638 thumbprint, which is what PyLTI1p3 sends as `kid`.
"""

import os
from pathlib import Path
from threading import Lock
from typing import Any

from joserfc.jwk import RSAKey

from lti_tool.core import clock
from lti_tool.core.errors import Unusable

_PREFIX = "signing-"
_lock = Lock()
_parsed: dict[Path, RSAKey] = {}


def _files(keys_dir: Path) -> list[Path]:
    return sorted(keys_dir.glob(f"{_PREFIX}*.pem"))


def make_key(keys_dir: Path) -> Path:
    """Make a 2048-bit RSA key that only the tool's own user may read."""
    keys_dir.mkdir(parents=True, exist_ok=True)
    key = RSAKey.generate_key(2048)
    path = keys_dir / f"{_PREFIX}{clock.now():%Y%m%dT%H%M%S}-{key.thumbprint()[:8]}.pem"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.as_pem(private=True))
    return path


def ensure_key(keys_dir: Path) -> None:
    """Make the first key where there is none; called once as the tool starts."""
    if not _files(keys_dir):
        make_key(keys_dir)


def _load(path: Path) -> RSAKey:
    """Parse once per process: parsing PEM text costs some 40 ms a time."""
    with _lock:
        if path not in _parsed:
            _parsed[path] = RSAKey.import_key(path.read_bytes())
        return _parsed[path]


def signing_key(keys_dir: Path) -> RSAKey:
    """The key that signs now: the newest.

    :raises Unusable: there is none.
    """
    files = _files(keys_dir)
    if not files:
        raise Unusable("The tool has no signing key. Run `lti-tool db upgrade` to make one.")
    return _load(files[-1])


def key_id(key: RSAKey) -> str:
    """The key's id as platforms see it."""
    return key.thumbprint()


def published_keys(keys_dir: Path) -> dict[str, Any]:
    """The JSON Web Key Set of public keys (RFC 7517; Security Framework 1.0, 6.3)."""
    keys = []
    for path in reversed(_files(keys_dir)):
        key = _load(path)
        public = key.as_dict(private=False)
        keys.append(
            {
                "kty": "RSA",
                "n": public["n"],
                "e": public["e"],
                "kid": key_id(key),
                "alg": "RS256",
                "use": "sig",
            }
        )
    return {"keys": keys}
