"""Requests to addresses that people typed in: nothing private, nothing that changes its mind, nothing without end."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from app.house import house
from app.services import safe_fetch
from app.services.safe_fetch import Forbidden, Unreachable, fetch, public

Handler = Callable[[socket.socket], None]


@contextmanager
def server(handler: Handler) -> Iterator[int]:
    """A server on this machine that treats each connection by `handler`; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    talking, _peer = listening.accept()
                except OSError:
                    return
                with talking:
                    try:
                        handler(talking)
                    except OSError:
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def says(text: bytes) -> Handler:
    """A handler that reads the head of a request and answers."""

    def handler(talking: socket.socket) -> None:
        talking.recv(65536)
        talking.sendall(text)

    return handler


@pytest.fixture
def here(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests to this machine are allowed."""
    kith = house(app)
    monkeypatch.setattr(kith, "config", replace(kith.config, outgoing_allow=("127.0.0.0/8",)))


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fec0::1",
        "2001:db8::1",
    ],
)
def test_addresses_of_the_own_house_are_not_public(text: str) -> None:
    assert not public(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(text: str) -> None:
    assert public(ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "example.org",
        "http://",
        "http://a b/",
        "http://user:pass@example.org/",
        "http://example.org/\r\nX: y",
        "http://example.org:99999/",
        "https://" + "a" * 3000,
    ],
)
def test_what_is_no_plain_address_is_refused(app: Flask, url: str) -> None:
    with pytest.raises(Forbidden):
        fetch("POST", url, headers={})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/"]
)
def test_this_machine_is_not_reached(app: Flask, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("it connected"))
    with pytest.raises(Unreachable):
        fetch("POST", url, headers={})


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let names resolve to one answer after the other; returns where connections went."""
    left, went = list(answers), []

    def resolve(host: str, port: int, **rest: Any) -> Any:
        found = left.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in found]

    def connect(address: tuple[str, int], timeout: float) -> Any:
        went.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    return went


def test_the_connection_goes_to_the_address_that_was_checked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = resolving(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    with pytest.raises(Unreachable):
        fetch("POST", "https://rebinding.example/", headers={})
    assert went == ["93.184.216.34"]


def test_one_private_address_among_several_is_enough_to_refuse(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    went = resolving(monkeypatch, ["93.184.216.34", "10.0.0.7"])
    with pytest.raises(Forbidden):
        fetch("POST", "https://both.example/", headers={})
    assert went == []


def test_other_ports_and_private_names_need_the_operator(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    went = resolving(monkeypatch, ["93.184.216.34"], ["93.184.216.34"], ["10.0.0.7"], ["10.0.0.7"])
    with pytest.raises(Forbidden):
        fetch("POST", "https://a.example:8443/", headers={})
    kith = house(app)
    allowed = ("a.example:8443", "b.example")
    monkeypatch.setattr(kith, "config", replace(kith.config, outgoing_allow=allowed))
    for url in ("https://a.example:8443/", "http://b.example/"):
        with pytest.raises(Unreachable) as caught:
            fetch("POST", url, headers={})
        assert not isinstance(caught.value, Forbidden)
    assert went == ["93.184.216.34", "10.0.0.7"]
    with pytest.raises(Forbidden):
        fetch("POST", "http://b.example:8080/", headers={})


def test_a_redirect_is_an_answer_and_is_not_followed(here: None) -> None:
    redirect = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with server(says(redirect)) as port:
        assert fetch("POST", f"http://127.0.0.1:{port}/", headers={}, body=b"{}").status == 302


def test_a_body_without_end_is_read_to_the_limit(here: None) -> None:
    def endless(talking: socket.socket) -> None:
        talking.recv(65536)
        talking.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            talking.sendall(b"x" * 65536)

    with server(endless) as port:
        assert len(fetch("POST", f"http://127.0.0.1:{port}/", headers={}).body) == safe_fetch.MOST


def test_a_byte_now_and_then_does_not_hold_the_line(here: None) -> None:
    over = threading.Event()

    def dripping(talking: socket.socket) -> None:
        talking.recv(65536)
        while not over.wait(0.02):
            talking.sendall(b"H")

    with server(dripping) as port:
        with pytest.raises(Unreachable):
            fetch("POST", f"http://127.0.0.1:{port}/", headers={}, seconds=0.2)
        over.set()


def certified() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS of a server on this machine, and that of a client who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "here")])
    begin = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - timedelta(days=1))
        .not_valid_after(begin + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile() as file:
        file.write(private + public)
        file.flush()
        own.load_cert_chain(file.name)
    return own, ssl.create_default_context(cadata=public.decode())


def test_an_encrypted_answer_is_read(here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    own, trusting = certified()
    monkeypatch.setattr(safe_fetch, "tls", lambda: trusting)

    def answering(talking: socket.socket) -> None:
        with own.wrap_socket(talking, server_side=True) as secret:
            says(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell")(secret)

    with server(answering) as port:
        assert fetch("POST", f"https://127.0.0.1:{port}/", headers={}).body == b"well"


def test_a_byte_now_and_then_does_not_hold_an_encrypted_line_either(
    here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, trusting = certified()
    monkeypatch.setattr(safe_fetch, "tls", lambda: trusting)
    sent: list[int] = []
    over = threading.Event()

    def dripping(talking: socket.socket) -> None:
        with own.wrap_socket(talking, server_side=True) as secret:
            secret.recv(65536)
            secret.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
            for n in range(400):
                secret.sendall(b"x")
                sent.append(n)
                over.wait(0.01)

    with server(dripping) as port:
        with pytest.raises(Unreachable):
            fetch("POST", f"https://127.0.0.1:{port}/", headers={}, seconds=0.3)
        over.set()
    assert len(sent) < 400


def test_what_is_no_http_is_a_sentence(here: None) -> None:
    with server(says(b"SSH-2.0-OpenSSH\r\n")) as port, pytest.raises(Unreachable, match="failed"):
        fetch("POST", f"http://127.0.0.1:{port}/", headers={})


def test_a_certificate_that_nobody_trusts_is_refused() -> None:
    assert safe_fetch.tls().verify_mode == ssl.CERT_REQUIRED
    assert safe_fetch.tls().check_hostname
