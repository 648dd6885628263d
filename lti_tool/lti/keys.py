"""The tool's own signing keys: files in the keys folder, public halves at `/lti/jwks.json`.

A file's name begins with the time from which the key signs. All are published at once; the
latest whose time has come signs, so a new key is known to platforms before it is used. With a
secret, files are encrypted by it; older plain ones are still read. The key id is the RFC 7638
thumbprint, which is what PyLTI1p3 sends as `kid`.
"""

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from joserfc.jwk import RSAKey

from lti_tool.core import clock
from lti_tool.core.errors import Conflict, NotFound, OutOfOrder
from lti_tool.core.identifiers import keyed, random_token

OVERLAP = timedelta(hours=1)
"""How long a new key is published before it signs: longer than platforms keep a key set."""
SUBJECT = ("signing_key", 0)
"""What audit entries are about: keys are files and have no row, so an entry names the key."""
_PREFIX = "signing-"
_TIME = "%Y%m%dT%H%M%S.%f"
"""To the microsecond: of two keys made in one second, the later one signs."""
_SHORTEST_START = 8
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_lock = Lock()
_parsed: dict[tuple[Path, int, str], RSAKey] = {}
"""By file, time of its last change and secret: a process's own cache."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One key as it lies in the folder."""

    path: Path
    kid: str
    signs_from: datetime
    state: str
    """signs, waits (published, not yet in use) or published (no longer in use)."""

    @property
    def in_audit(self) -> dict[str, str]:
        """What an audit entry keeps of it."""
        return {"key": self.kid, "signs_from": self.signs_from.isoformat()}


def _files(keys_dir: Path) -> list[Path]:
    return sorted(keys_dir.glob(f"{_PREFIX}*.pem"))


def _signs_from(path: Path) -> datetime:
    """The time in a file's name; a file an operator named otherwise has always signed."""
    named = re.match(r"(\d{8}T\d{6})(\.\d{6})?", path.name.removeprefix(_PREFIX))
    try:
        whole, part = named.groups(".000000") if named else ("", "")
        return datetime.strptime(whole + part, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return _ALWAYS


def _password(secret: str) -> str:
    """What encrypts a key: drawn from the secret, since PEM takes no password of any length."""
    return keyed(secret, "lti-tool signing keys").hex()


def make_key(keys_dir: Path, secret: str = "", *, after: timedelta = timedelta()) -> Path:
    """Make a 2048-bit RSA key that only the tool's own user may read.

    :param secret: encrypts the file; plain where empty.
    :param after: how long from now until it signs.
    """
    keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = RSAKey.generate_key(2048)
    signs_from = clock.now() + after
    path = keys_dir / f"{_PREFIX}{signs_from:{_TIME}}-{key.thumbprint()[:8]}.pem"
    pem = key.as_pem(private=True, password=_password(secret) if secret else None)
    # Written beside and moved into place, so that no other process ever reads half a key.
    unready = keys_dir / f".new-{random_token(12)}"
    descriptor = os.open(unready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    unready.rename(path)
    return path


def ensure_key(keys_dir: Path, secret: str = "") -> None:
    """Make the first key where there is none; called once as the tool starts."""
    if not _files(keys_dir):
        make_key(keys_dir, secret)


def _parse(path: Path, secret: str) -> RSAKey:
    try:
        raw = path.read_bytes()
    except PermissionError:
        raise OutOfOrder(
            f"The signing key {path.name} cannot be read by this account. Let it read the file."
        ) from None
    is_encrypted = b"BEGIN ENCRYPTED PRIVATE KEY" in raw
    try:
        return RSAKey.import_key(raw, password=_password(secret) if is_encrypted else None)
    except (ValueError, TypeError):
        why = (
            "was encrypted with another LTI_TOOL_SECRET_KEY. Set that one again, or take the "
            "file away and run `lti-tool keys rotate --at-once`."
            if is_encrypted
            else "is no private key. Put it back from a backup, or take it away."
        )
        raise OutOfOrder(f"The signing key {path.name} {why}") from None


def _load(path: Path, secret: str) -> RSAKey:
    """Parse once per process: parsing PEM text costs some 40 ms a time."""
    place = (path, path.stat().st_mtime_ns, secret)
    with _lock:
        if place not in _parsed:
            _parsed[place] = _parse(path, secret)
        return _parsed[place]


def _signing_file(files: list[Path]) -> Path:
    """The latest whose time has come; the first of all where a clock went back."""
    if not files:
        raise OutOfOrder("The tool has no signing key. Run `lti-tool db upgrade` to make one.")
    now = clock.now()
    ready = [path for path in files if _signs_from(path) <= now]
    return max(ready, key=lambda path: (_signs_from(path), path.name)) if ready else files[0]


def signing_key(keys_dir: Path, secret: str = "") -> RSAKey:
    """The key that signs now.

    :raises OutOfOrder: there is none, or it cannot be read.
    """
    return _load(_signing_file(_files(keys_dir)), secret)


def require_readable(keys_dir: Path, secret: str = "") -> None:
    """Read all keys as a process begins: one that cannot be read keeps platforms from them all,
    and no mark could be sent. They stay read for the processes forked from this one.

    :raises OutOfOrder: there is none, or one cannot be read.
    """
    signing_key(keys_dir, secret)
    list_keys(keys_dir, secret)


def key_id(key: RSAKey) -> str:
    """The key's id as platforms see it."""
    return key.thumbprint()


def list_keys(keys_dir: Path, secret: str = "") -> list[KeyFile]:
    """All keys, the one that signs latest first.

    :raises OutOfOrder: one cannot be read.
    """
    files = _files(keys_dir)
    now = clock.now()
    signing = _signing_file(files) if files else None
    found = []
    for path in sorted(files, key=lambda one: (_signs_from(one), one.name), reverse=True):
        begins = _signs_from(path)
        state = "signs" if path == signing else "waits" if begins > now else "published"
        found.append(KeyFile(path, key_id(_load(path, secret)), begins, state))
    return found


def rotate(keys_dir: Path, secret: str, after: timedelta = OVERLAP) -> KeyFile:
    """Make a new key, published now and signing `after` that. The old ones stay published.

    :raises Conflict: another new key is waiting for its time.
    """
    waiting = [one.kid for one in list_keys(keys_dir, secret) if one.state == "waits"]
    if waiting and after:
        raise Conflict(f"The key {waiting[0]} is waiting for its time already.")
    made = make_key(keys_dir, secret, after=after)
    return next(one for one in list_keys(keys_dir, secret) if one.path == made)


def retire(keys_dir: Path, secret: str, kid: str) -> KeyFile:
    """Withdraw a key: its file is deleted, and platforms are told of it no more.

    :param kid: the key's id, or enough of its beginning.
    :raises NotFound: no key, or more than one, has this id.
    :raises Conflict: it signs now, so calls would fail.
    """
    meant = [
        one
        for one in list_keys(keys_dir, secret)
        if one.kid == kid or (len(kid) >= _SHORTEST_START and one.kid.startswith(kid))
    ]
    if len(meant) != 1:
        raise NotFound(f"No key has the id {kid}. `lti-tool keys list` shows them.")
    if meant[0].state == "signs":
        raise Conflict(
            f"The key {meant[0].kid} signs now. Run `lti-tool keys rotate` first, and retire it "
            "once the new one signs."
        )
    meant[0].path.unlink()
    return meant[0]


def published_keys(keys_dir: Path, secret: str = "") -> dict[str, Any]:
    """The JSON Web Key Set of public keys (RFC 7517; Security Framework 1.0, 6.3).

    :raises OutOfOrder: one cannot be read.
    """
    keys = []
    for path in reversed(_files(keys_dir)):
        try:
            public = _load(path, secret).as_dict(private=False)
        except FileNotFoundError:
            continue  # retired this very moment
        keys.append(
            {
                "kty": "RSA",
                "n": public["n"],
                "e": public["e"],
                "kid": key_id(_load(path, secret)),
                "alg": "RS256",
                "use": "sig",
            }
        )
    return {"keys": keys}
