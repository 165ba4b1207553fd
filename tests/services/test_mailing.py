"""Mail: sealed until it is sent, over TLS that is checked, with headers nobody can break."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Receiver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from app.config import Config
from app.core import jobs as core_jobs
from app.core import services as core_services
from app.kernel.errors import Invalid, Refuse
from app.kernel.protocols import Mail
from app.models import JobRow
from app.services import context, mailing

Build = Callable[..., Flask]
MAIL = Mail(to=["Ana Lima <ana@example.org>"], subject="Grüße", text="Hallo\n", html="<p>Hallo</p>")


class Sink(Receiver):
    """Keeps the messages it gets; addresses that begin with `no` are refused for good."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[Message] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("no"):
            return "550 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        self.got.append(message)


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    with served() as found:
        yield found


@contextmanager
def served(**options: Any) -> Iterator[tuple[Sink, int]]:
    """A mail server on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1, with its key, that nobody trusts unless told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "mail.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(pem))
    return path


@pytest.fixture
def tls_sink(certificate: Path) -> Iterator[tuple[Sink, int]]:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate)
    with served(tls_context=trust, require_starttls=True) as found:
        yield found


def house(build: Build, url: str) -> Flask:
    app = build(*core_jobs.ALL, *core_services.ALL)
    kith = app.extensions["kith"]
    kith.config = Config(**{**vars(kith.config), "smtp_url": url, "mail_from": "Kith <crm@example.org>"})
    return app


def rows(app: Flask) -> list[JobRow]:
    with app.app_context():
        return list(context.as_system("test").session.execute(select(JobRow).order_by(JobRow.id)).scalars())


def test_a_queued_mail_is_sealed_then_sent_once(bare_house: Build, sink: tuple[Sink, int]) -> None:
    app = house(bare_house, f"smtp://127.0.0.1:{sink[1]}")
    with app.app_context():
        mailing.queue_mail(context.as_system("test"), MAIL)
    assert "Hallo" not in rows(app)[0].args
    app.extensions["kith"].worker.run_all()
    (got,) = sink[0].got
    assert (str(got["Subject"]), got["To"]) == ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Ana Lima <ana@example.org>")
    assert got["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in got.walk()][1:] == ["text/plain", "text/html"]
    assert rows(app) == []


def test_every_try_has_the_same_message_id(bare_house: Build, sink: tuple[Sink, int]) -> None:
    app = house(bare_house, "smtp://127.0.0.1:1")
    with app.app_context():
        mailing.queue_mail(context.as_system("test"), MAIL)
    args = rows(app)[0].args
    app.extensions["kith"].worker.run_all()
    (waiting,) = rows(app)
    assert (waiting.state, waiting.attempts, waiting.args) == ("ready", 1, args)
    assert "ConnectionRefusedError" in waiting.error


def test_an_address_refused_for_good_is_not_tried_for_three_days(
    bare_house: Build, sink: tuple[Sink, int]
) -> None:
    app = house(bare_house, f"smtp://127.0.0.1:{sink[1]}")
    with app.app_context():
        mailing.queue_mail(context.as_system("test"), Mail(to=["no@example.org"], subject="x", text="x"))
    app.extensions["kith"].worker.run_all()
    (dead,) = rows(app)
    assert dead.state == "dead"
    assert "550 nobody of this name" in dead.error


def test_tls_is_used_and_the_certificate_checked(certificate: Path, tls_sink: tuple[Sink, int]) -> None:
    handler, port = tls_sink
    trusted = Config(smtp_url=f"smtp://127.0.0.1:{port}?tls=yes&ca={certificate}")
    mailing.mailer(trusted).send(MAIL)
    assert len(handler.got) == 1
    with pytest.raises(ssl.SSLCertVerificationError):
        mailing.mailer(Config(smtp_url=f"smtp://127.0.0.1:{port}?tls=yes")).send(MAIL)


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("smtp://mail.example.org", "starttls", 587),
        ("smtps://mail.example.org", "implicit", 465),
        ("smtp://localhost:25", "none", 25),
        ("smtp://mail:1025?tls=none", "none", 1025),
    ],
)
def test_mail_leaves_this_machine_encrypted_unless_said_otherwise(url: str, tls: str, port: int) -> None:
    where = mailing.server(url)
    assert (where.tls, where.port) == (tls, port)


def test_a_password_may_hold_any_sign() -> None:
    where = mailing.server("smtp://crm%40example.org:p%2Fw%3A@mail.example.org")
    assert (where.user, where.password) == ("crm@example.org", "p/w:")


@pytest.mark.parametrize(
    "mail",
    [
        Mail(to=["ana@example.org\nBcc: all@example.org"], subject="x", text="x"),
        Mail(to=["ana@example.org"], subject="x\r\nBcc: all@example.org", text="x"),
        Mail(to=["ana@example.org"], subject="x", text="x", headers={"X-A": "1\nBcc: all@example.org"}),
        Mail(to=["ana@example.org"], subject="x", text="x", headers={"Bcc: all@example.org\nX": "1"}),
        Mail(to=["nobody"], subject="x", text="x"),
        Mail(to=[], subject="x", text="x"),
    ],
)
def test_headers_cannot_be_smuggled_in(mail: Mail) -> None:
    with pytest.raises(Invalid):
        mailing.compose(mail, "Kith <crm@example.org>")


def test_without_a_server_the_mail_waits_and_says_why(bare_house: Build) -> None:
    app = house(bare_house, "")
    with app.app_context():
        mailing.queue_mail(context.as_system("test"), MAIL)
    app.extensions["kith"].worker.run_all()
    assert "Set KITH_SMTP_URL" in rows(app)[0].error
    with app.app_context(), pytest.raises(Refuse):
        mailing.send_queued(context.as_system("test"), {"sealed": "AAAA"})
