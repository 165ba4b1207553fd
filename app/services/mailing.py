"""Mail: written in the transaction that wants it sent, sent by a job over verified TLS (RFC 5321, 5322, 3207)."""

from __future__ import annotations

import base64
import json
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from app.config import Config
from app.house import house
from app.i18n import _
from app.kernel.context import Context
from app.kernel.errors import Invalid, Refuse
from app.kernel.protocols import Mail, Mailer, NullMailer
from app.services import jobs, sealing

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 20
PURPOSE = "mail"
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Whole(UnstructuredHeader):
    """A header that stays on its line: folded by Python, a long address would become encoded words nobody reads."""

    def fold(self, *, policy: Any) -> str:
        """Return the header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", Whole)  # type: ignore[arg-type]
POLICY = SMTP.clone(header_factory=HEADERS)


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where mail is handed over: `tls` is "implicit", "starttls" or "none"; `ca` a file of trusted certificates."""

    host: str
    port: int
    user: str
    password: str
    tls: str
    ca: str | None = None


def server(url: str) -> Server:
    """Read smtp://user:password@host:587 or smtps://host:465, with ?tls=none and ?ca=FILE as exceptions.

    `smtp` means STARTTLS, except to this very machine. Raises ValueError with a sentence.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("KITH_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465.")
    asked = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    plain = asked.get("tls") == "none" or (parts.hostname in LOOPBACK and "tls" not in asked)
    return Server(
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls="implicit" if parts.scheme == "smtps" else "none" if plain else "starttls",
        ca=asked.get("ca"),
    )


class SmtpMailer:
    """The Mailer that hands mails to an SMTP server."""

    def __init__(self, config: Config) -> None:
        self._server = server(config.smtp_url)
        self._sender = sender(config)

    def send(self, mail: Mail) -> None:
        """Send one mail. Raises OSError or SMTPException to try again, Refuse where trying again is no use."""
        message = compose(mail, self._sender)
        try:
            with self._connection() as connection:
                refused = connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise self._judged(error.smtp_code, error.smtp_error, error) from error
        for code, said in refused.values():
            raise self._judged(
                code, said, OSError(f"The mail server did not take the mail: {code} {said!r}.")
            )

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        where, trust = self._server, ssl.create_default_context(cafile=self._server.ca)
        if where.tls == "implicit":
            made: smtplib.SMTP = smtplib.SMTP_SSL(where.host, where.port, timeout=SECONDS, context=trust)
        else:
            made = smtplib.SMTP(where.host, where.port, timeout=SECONDS)
        with made:
            if where.tls == "starttls":
                made.starttls(context=trust)
            if where.user:
                made.login(where.user, where.password)
            yield made

    def _judged(self, code: int, said: bytes | str, error: Exception) -> Exception:
        """A refusal for good (5xx) is no reason to try for three days."""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return Refuse(f"The mail server refuses the mail: {code} {words}.") if 500 <= code < 600 else error


def compose(mail: Mail, sender: str) -> EmailMessage:
    """Return a mail as a message. Raises Invalid for an address or a header that cannot be one."""
    message = EmailMessage(policy=POLICY)
    try:
        message["From"], message["Subject"] = sender, mail.subject
        message["To"] = ", ".join(mail.to)
        if mail.reply_to:
            message["Reply-To"] = mail.reply_to
        message["Date"] = formatdate(localtime=False, usegmt=True)
        for name, value in _headers(mail, sender).items():
            message[name] = value
    except (ValueError, IndexError) as error:
        raise Invalid({"mail": _("This mail cannot be sent: %(why)s.", why=str(error))}) from error
    wrong = [name for name in ("From", "To") if not message[name].addresses or _defects(message[name])]
    if wrong:
        raise Invalid({"mail": _("This mail has no valid address in “%(name)s”.", name=wrong[0])})
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def _defects(header: Any) -> bool:
    return bool(header.defects) or any(not a.username or not a.domain for a in header.addresses)


def _headers(mail: Mail, sender: str) -> Mapping[str, str]:
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    found = {"Auto-Submitted": "auto-generated", "Message-ID": make_msgid(domain=domain), **mail.headers}
    if wrong := [name for name in found if not HEADER.fullmatch(name)]:
        raise ValueError(f"“{wrong[0]}” is no header")
    return found


def sender(config: Config) -> str:
    """Return the From of Kith's own mails: the configured one, or kith@ the public name of this installation."""
    return config.mail_from or f"Kith <kith@{urlsplit(config.base_url).hostname or 'localhost'}>"


def mailer(config: Config) -> Mailer:
    """Return the mailer of the settings: SMTP, or the one that says what is missing."""
    return SmtpMailer(config) if config.smtp_url else NullMailer()


def queue_mail(ctx: Context, mail: Mail, *, key: str | None = None) -> int:
    """Let a mail be sent after the commit and return the job's id; sealed until then, for it may hold secret links.

    Every try carries the same Message-ID, so that a mail that is sent twice is seen as one. Raises Invalid at once
    for what could never be sent.
    """
    from_whom = sender(house().config)
    headers = dict(_headers(mail, from_whom)) | dict(mail.headers)
    values = {**asdict(mail), "to": list(mail.to), "headers": headers}
    compose(Mail(**values), from_whom)
    sealed = sealing.seal(PURPOSE, json.dumps(values).encode(), bound="job.mail")
    args = {"sealed": base64.b64encode(sealed).decode("ascii")}
    return jobs.enqueue(ctx, "mail.send", args, key=key, priority=3, user_id=None)


def send_queued(ctx: Context, args: Mapping[str, Any]) -> None:
    """The job `mail.send`: hand a queued mail to the chosen mailer."""
    try:
        plain = sealing.unseal(PURPOSE, base64.b64decode(args["sealed"]), bound="job.mail")
    except sealing.Unsealable as error:
        raise Refuse(str(error)) from error
    ctx.services.get(Mailer).send(Mail(**json.loads(plain)))
