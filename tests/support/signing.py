"""Signing id tokens by hand, so that a test can sign what no library would.

Keys are real RSA keys of the cryptography package. A token is built from its parts: any header,
any payload, any bytes.
"""

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def b64(raw: bytes) -> str:
    """Base64 as JWTs write it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def number(value: int) -> str:
    """A whole number as key sets write it."""
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@lru_cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of this name, made once in a test run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk(key: rsa.RSAPrivateKey, kid: str, **changes: Any) -> dict[str, Any]:
    """A key's public half as an entry of a key set; a change to None leaves the member out."""
    public = key.public_key().public_numbers()
    entry = {
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "kid": kid,
        "n": number(public.n),
        "e": number(public.e),
        **changes,
    }
    return {name: value for name, value in entry.items() if value is not None}


def pem(key: rsa.RSAPrivateKey) -> bytes:
    """A key's public half as PEM text, which some libraries took for a shared secret."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _signature(alg: str, key: Any, signed: bytes) -> bytes:
    if alg == "none":
        return b""
    if alg.startswith("HS"):
        return hmac.new(key, signed, getattr(hashlib, f"sha{alg[2:]}")).digest()
    hash_ = _HASHES[alg[2:]]
    if alg.startswith("ES"):
        return ec.generate_private_key(ec.SECP256R1()).sign(signed, ec.ECDSA(hash_))
    if alg.startswith("PS"):
        pss = padding.PSS(padding.MGF1(hash_), padding.PSS.DIGEST_LENGTH)
        return bytes(key.sign(signed, pss, hash_))
    return bytes(key.sign(signed, padding.PKCS1v15(), hash_))


def sign(header: Any, payload: Any, key: Any, *, alg: str = "RS256") -> str:
    """A compact JWT. Header and payload may be given as ready bytes.

    :param alg: how it is really signed, whatever the header says.
    """
    parts = [
        b64(part if isinstance(part, bytes) else json.dumps(part).encode())
        for part in (header, payload)
    ]
    signed = ".".join(parts)
    return f"{signed}.{b64(_signature(alg, key, signed.encode()))}"
