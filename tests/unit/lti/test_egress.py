"""Where the tool may call: addresses judged, names pinned, time and size limited (case 183)."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lti_tool.lti import addresses
from lti_tool.lti.addresses import check_address, is_public
from lti_tool.lti.calls import call
from lti_tool.lti.errors import RegistrationUnusable, ServiceFailed
from lti_tool.settings import Settings
from tests.conformance.cases import case
from tests.support.visiting import make_settings

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "224.0.0.1", "168.63.129.16", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "ff02::1",
    "64:ff9b::7f00:1", "64:ff9b:1::808:808", "fec0::1", "::ffff:0:8.8.8.8", "5f00::1",
    "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "nonsense",
]  # fmt: skip


def _settings(folder: Path, **more: str) -> Settings:
    return make_settings(
        folder,
        LTI_TOOL_ALLOW_HTTP="1",
        **{"LTI_TOOL_ALLOW_PRIVATE_PLATFORMS": "0", "LTI_TOOL_PLATFORM_TIMEOUT_S": "1", **more},
    )


@contextmanager
def _server(behave: Callable[[socket.socket], None]) -> Iterator[tuple[int, list[bytes]]]:
    """A server on a socket of its own; what each caller sent first."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    sock, _ = listening.accept()
                except OSError:
                    return
                with sock:
                    try:
                        asked.append(sock.recv(65536))
                        behave(sock)
                    except OSError:
                        pass

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1], asked
        listening.shutdown(socket.SHUT_RDWR)


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
@pytest.mark.parametrize("address", PRIVATE)
def test_case_183_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0177.0.0.1/",
        "http://0x7f.1/", "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/", "file:///etc/passwd", "ftp://x/", "http://u:p@x.example/",
    ],
)  # fmt: skip
def test_case_183_addresses_that_may_not_be_given(tmp_path: Path, url: str) -> None:
    with pytest.raises(RegistrationUnusable):
        check_address(_settings(tmp_path), "address", url)
    with pytest.raises(ServiceFailed):
        call(_settings(tmp_path), "GET", url)


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
def test_case_183_rebinding_is_judged_at_the_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it was checked, private when it is called."""
    given = iter([["93.184.216.34"], ["127.0.0.1"]])
    monkeypatch.setattr(addresses, "resolve", lambda host, port: next(given))
    with _server(lambda sock: None) as (port, asked):
        url = f"http://rebinding.example:{port}/"
        check_address(_settings(tmp_path), "address", url)
        with pytest.raises(ServiceFailed) as failed:
            call(_settings(tmp_path), "GET", url)
    assert failed.value.reason == "address_private" and asked == []


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
def test_case_183_one_private_address_of_several_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "resolve", lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(ServiceFailed) as failed:
        call(_settings(tmp_path), "GET", "http://both.example/")
    assert failed.value.reason == "address_private"


def test_the_connection_goes_to_the_judged_address_and_keeps_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asks.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(addresses, "resolve", resolve)
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    with _server(lambda sock: sock.sendall(reply)) as (port, asked):
        answer = call(_settings(tmp_path), "GET", f"http://name.example:{port}/x")
    assert answer.status == 200 and asks == ["name.example"]
    assert f"Host: name.example:{port}".encode() in asked[0]


def _drip(start: bytes) -> Callable[[socket.socket], None]:
    def behave(sock: socket.socket) -> None:
        sock.sendall(start)
        for _ in range(100):
            time.sleep(0.1)
            sock.sendall(b"x")

    return behave


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nX-Drip: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n",
    ],
    ids=["status", "headers", "body", "body to the end", "chunk"],
)
def test_case_183_drips_end_in_time(tmp_path: Path, start: bytes) -> None:
    settings = _settings(tmp_path, LTI_TOOL_ALLOW_PRIVATE_PLATFORMS="1")
    with _server(_drip(start)) as (port, _):
        began = time.monotonic()
        with pytest.raises(ServiceFailed) as failed:
            call(settings, "GET", f"http://127.0.0.1:{port}/")
    assert failed.value.reason == "timeout" and time.monotonic() - began < 2


@case(183, "private, loopback, metadata and rebinding addresses, redirects, size and time")
def test_case_183_silence_after_a_late_byte_ends_in_time(tmp_path: Path) -> None:
    """The limit counts from the call's beginning, not from the last byte."""

    def behave(sock: socket.socket) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.8)
        sock.sendall(b"x")
        time.sleep(5)

    settings = _settings(tmp_path, LTI_TOOL_ALLOW_PRIVATE_PLATFORMS="1")
    with _server(behave) as (port, _):
        began = time.monotonic()
        with pytest.raises(ServiceFailed):
            call(settings, "GET", f"http://127.0.0.1:{port}/")
    assert time.monotonic() - began < 4


def test_a_resolver_that_hangs_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, port: int) -> list[str]:
        time.sleep(4)
        return ["127.0.0.1"]

    monkeypatch.setattr(addresses, "resolve", resolve)
    began = time.monotonic()
    with pytest.raises(ServiceFailed) as failed:
        call(_settings(tmp_path), "GET", "http://slow-name.example/")
    assert failed.value.reason == "timeout" and time.monotonic() - began < 2


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    settings = _settings(tmp_path, LTI_TOOL_ALLOW_PRIVATE_PLATFORMS="1")
    with _server(lambda sock: sock.sendall(reply)) as (port, _):
        assert call(settings, "GET", f"http://127.0.0.1:{port}/").status == 302
