"""Calls go to the address that was judged, and TLS still proves the name (decision 0015).

A certificate authority of the test's own signs a certificate for one name; a real TLS server on
loopback shows it, and tells which name it was asked for.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lti_tool.core.errors import Unusable
from lti_tool.lti import addresses, calls
from lti_tool.lti.calls import call
from lti_tool.lti.doctor_words import service_step
from lti_tool.lti.errors import ServiceFailed
from lti_tool.lti.offers import RegisteringRefused, read_offer
from lti_tool.settings import Settings
from tests.conformance.cases import case
from tests.support.visiting import make_settings

_NAME = "moodle.example"
_TITLE = "private, loopback, metadata and rebinding addresses, redirects, size and time"


def _certificate(
    name: str, key: Any, issuer: tuple[str, Any], *, is_authority: bool, days: int = 1
) -> x509.Certificate:
    now, subject = datetime.now(UTC), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer[0])])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    usage = x509.KeyUsage(
        True, False, False, False, False, is_authority, is_authority, False, False
    )
    builder = builder.add_extension(usage, critical=True)
    if is_authority:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        builder = builder.add_extension(identifier, critical=False)
    else:
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer[1], hashes.SHA256())


def _write(folder: Path, name: str, certificate: x509.Certificate, key: Any) -> Path:
    whole = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / name).write_bytes(whole)
    return folder / name


@contextmanager
def _tls_server(chain: Path) -> Iterator[tuple[int, list[str | None], list[bytes]]]:
    """A TLS server on loopback: its port, the names it was asked for, and what was sent to it."""
    names: list[str | None] = []
    sent: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    context.sni_callback = lambda sock, name, ctx: names.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    plain, _ = listening.accept()
                except OSError:
                    return
                plain.settimeout(5)
                try:
                    with context.wrap_socket(plain, server_side=True) as sock:
                        sent.append(sock.recv(65536))
                        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                except OSError:
                    plain.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1], names, sent
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(6)


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """As below, for one test."""
    return _make_chain(tmp_path)


def _make_chain(tmp_path: Path, authority_name: str = "Authority") -> Path:
    """A certificate for `_NAME` alone; its authority's stands beside it as `authority.pem`."""
    top, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate(authority_name, top, (authority_name, top), is_authority=True)
    (tmp_path / "authority.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    signed = _certificate(_NAME, own, (authority_name, top), is_authority=False)
    expired = _certificate(_NAME, own, (authority_name, top), is_authority=False, days=-1)
    _write(tmp_path, "expired.pem", expired, own)
    return _write(tmp_path, "chain.pem", signed, own)


@pytest.fixture(params=["private allowed", "public only"])
def settings(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """Both kinds of connection; every name leads to loopback, which passes for public here."""
    may = "1" if request.param == "private allowed" else "0"
    made = make_settings(
        tmp_path, LTI_TOOL_ALLOW_PRIVATE_PLATFORMS=may, LTI_TOOL_PLATFORM_TIMEOUT_S="3"
    )
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["127.0.0.1"])
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    monkeypatch.setattr(calls, "_threads", threading.local())
    return made


def _trusting(settings: Settings, authority: Path) -> Settings:
    return replace(settings, platform_ca=authority)


@case(183, _TITLE)
def test_case_183_the_right_name_is_believed(settings: Settings, chain: Path) -> None:
    settings = _trusting(settings, chain.parent / "authority.pem")
    with _tls_server(chain) as (port, names, sent):
        answer = call(settings, "GET", f"https://{_NAME}:{port}/keys")
        assert answer.status == 200 and names == [_NAME]
        assert f"Host: {_NAME}:{port}".encode() in sent[0]


@case(183, _TITLE)
@pytest.mark.parametrize("name", ["other.example", f"x.{_NAME}", "127.0.0.1"])
def test_case_183_another_name_at_the_same_address_is_refused(
    settings: Settings, chain: Path, name: str
) -> None:
    settings = _trusting(settings, chain.parent / "authority.pem")
    with _tls_server(chain) as (port, _, sent):
        with pytest.raises(ServiceFailed) as failed:
            call(settings, "GET", f"https://{name}:{port}/", headers={"Authorization": "Bearer t"})
        assert failed.value.reason == "certificate_untrusted" and sent == [], "the token never left"


@case(183, _TITLE)
def test_case_183_an_unknown_authority_and_an_expired_certificate_are_refused(
    settings: Settings, chain: Path
) -> None:
    trusting = _trusting(settings, chain.parent / "authority.pem")
    for shown, caller in ((chain, settings), (chain.parent / "expired.pem", trusting)):
        with _tls_server(shown) as (port, _, sent), pytest.raises(ServiceFailed) as failed:
            call(caller, "GET", f"https://{_NAME}:{port}/")
        assert failed.value.reason == "certificate_untrusted" and sent == []


def test_an_own_authority_is_trusted_besides_the_public_ones(
    settings: Settings, chain: Path, tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One platform's certificate is signed by the university, another's as everybody's."""
    other = _make_chain(tmp_path_factory.mktemp("public"), "Public authority")
    monkeypatch.setattr(
        requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(other.parent / "authority.pem")
    )
    settings = _trusting(settings, chain.parent / "authority.pem")
    for shown in (other, chain):
        with _tls_server(shown) as (port, _, _):
            assert call(settings, "GET", f"https://{_NAME}:{port}/").status == 200


def test_a_line_that_is_cut_is_no_matter_of_certificates(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        cutting = threading.Thread(target=lambda: listening.accept()[0].close(), daemon=True)
        cutting.start()
        with pytest.raises(ServiceFailed) as failed:
            call(settings, "GET", f"https://{_NAME}:{port}/")
        cutting.join(5)
    assert failed.value.reason == "unreachable"


def test_registering_and_the_doctor_say_what_a_strange_certificate_needs(
    settings: Settings, chain: Path
) -> None:
    with _tls_server(chain) as (port, _, _), pytest.raises(RegisteringRefused) as refused:
        read_offer(settings, f"https://{_NAME}:{port}/mod/lti/openid-configuration.php")
    assert "certificate was not trusted" in refused.value.sentence
    assert "LTI_TOOL_PLATFORM_CA" in refused.value.what_to_do
    assert "firewall" not in refused.value.what_to_do
    failure = ServiceFailed("certificate_untrusted")
    assert "LTI_TOOL_PLATFORM_CA" in service_step(failure, "a setting of Moodle")


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_authorities_that_cannot_be_read_stop_the_start_with_a_sentence(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "authorities.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Unusable, match=r"LTI_TOOL_PLATFORM_CA names .* Set it to the path of"):
        make_settings(tmp_path, LTI_TOOL_PLATFORM_CA=str(path))


def test_authorities_are_named_by_a_setting(tmp_path: Path, chain: Path) -> None:
    authority = chain.parent / "authority.pem"
    assert make_settings(tmp_path, LTI_TOOL_PLATFORM_CA=str(authority)).platform_ca == authority
