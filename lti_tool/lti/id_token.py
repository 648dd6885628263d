"""The outer shape of an id token: three parts, two JSON objects, a header we accept, times, and
the signature.

RFC 7515 and RFC 7519. Nothing read here is believed yet; `pylti_adapter.py` proves it.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_decode

from lti_tool.core import clock
from lti_tool.lti.errors import LaunchRefused

LEEWAY_S = 60
OLDEST_S = 600
"""A message signed longer ago is refused, whatever its expiry says."""
_LONGEST_TOKEN = 200_000
_LATEST_TIME = 1 << 40
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
"""Header, claims and signature, each base64url without padding (RFC 7515, 2 and 7.1). What is not
signed ends in nothing."""
_RS256 = RSAAlgorithm(RSAAlgorithm.SHA256)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _json_object(part: str) -> dict[str, Any]:
    text = base64url_decode(part).decode("utf-8")
    found = json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constants)
    if not isinstance(found, dict):
        raise ValueError("no object")
    if "\\ud" in text.lower():
        # Half a surrogate pair is good JSON, but neither a digest nor a database can take it.
        json.dumps(found, ensure_ascii=False).encode()
    return found


def read_token(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A token's header and claims, unproved.

    :raises LaunchRefused: it is no token, or not signed in the one way we accept, or does not
        say with which key.
    """
    if not token:
        raise LaunchRefused("token_missing")
    if len(token) > _LONGEST_TOKEN or not _COMPACT.fullmatch(token):
        raise LaunchRefused("token_malformed")
    try:
        header, claims = map(_json_object, token.split(".")[:2])
    except (ValueError, RecursionError):
        raise LaunchRefused("token_malformed") from None
    if "crit" in header or header.get("b64", True) is not True:
        raise LaunchRefused("token_malformed", "crit")
    if header.get("alg") != "RS256":
        raise LaunchRefused("token_algorithm")
    if not isinstance(header.get("kid"), str) or not 0 < len(header["kid"]) <= 255:
        raise LaunchRefused("token_key_missing")
    return header, claims


def _whole_seconds(claims: dict[str, Any], name: str) -> int:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _LATEST_TIME:
        raise LaunchRefused("token_times", f"{name} unusable")
    return value


def check_times(claims: dict[str, Any]) -> None:
    """Issued and expiring at times that can be right, with a minute of leeway.

    :raises LaunchRefused: `token_times` or `token_expired`.
    """
    for name in ("iat", "exp"):
        if claims.get(name) is None:
            raise LaunchRefused("token_times", f"{name} missing")
    now = clock.now().timestamp()
    issued, expires = _whole_seconds(claims, "iat"), _whole_seconds(claims, "exp")
    begins = _whole_seconds(claims, "nbf") if "nbf" in claims else issued
    if expires + LEEWAY_S <= now:
        raise LaunchRefused("token_expired")
    if max(issued, begins) > now + LEEWAY_S:
        raise LaunchRefused("token_times", "from the future")
    if issued < now - OLDEST_S - LEEWAY_S or expires <= issued:
        raise LaunchRefused("token_times", "too old")


def check_signature(token: str, keys: Sequence[Any]) -> None:
    """Signed with one of these keys by RSASSA-PKCS1-v1_5 and SHA-256 (RFC 7515, 5.2).

    What the claims say is for others to judge: their times here, the rest in `pylti_adapter.py`.

    :param token: read by `read_token` before.
    :param keys: RSA public keys.
    :raises LaunchRefused: `token_signature` where no key fits, or `token_malformed`.
    """
    signed, _, signature = token.encode("ascii").rpartition(b".")
    try:
        proof = base64url_decode(signature)
    except ValueError:
        raise LaunchRefused("token_malformed") from None
    if not any(_RS256.verify(signed, key, proof) for key in keys):
        raise LaunchRefused("token_signature")
