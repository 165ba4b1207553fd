"""Requests to addresses that people typed in (TRUST S10): public ones only, checked where the connection is made.

A name is resolved once and the connection goes to the very address that was checked, so a name that changes its mind
between the two reaches nothing. Redirects are answers like any other; time and size have an end.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from time import monotonic
from urllib.parse import urlsplit

from app.house import house
from app.i18n import _
from app.kernel.errors import KithError

Address = IPv4Address | IPv6Address

SECONDS = 10.0
MOST = 64 * 1024
LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}
EMBEDDING = [
    ip_network(text)
    for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
]
"""Networks of IPv6 whose addresses carry one of IPv4 that nobody would look at, or that are no longer public."""


class Unreachable(KithError):
    """Nothing answered in time, or not in a way that can be understood; the sentence says what happened."""


class Forbidden(Unreachable):
    """The address is none that this installation may connect to."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address taken apart: how to connect, and what to ask for."""

    secure: bool
    host: str
    port: int
    path: str
    named: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back: the status, and the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def target_of(url: str) -> Target:
    """Return an address taken apart. Raises Forbidden for one that is no plain http or https address."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        parts, port, host = urlsplit(""), None, ""
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if parts.scheme not in PORTS or not host or not plain:
        raise Forbidden(_("Write a whole address like https://www.example.org/hook."))
    if parts.username is not None or parts.password is not None:
        raise Forbidden(_("Leave name and password out of the address."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(
        secure=parts.scheme == "https",
        host=host,
        port=PORTS[parts.scheme] if port is None else port,
        path=path,
        named=parts.netloc,
    )


def fetch(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"", seconds: float = SECONDS
) -> Answer:
    """Send a request and return the answer with up to 64 kB of its body; redirects are not followed.

    Raises Forbidden for an address that is not public (and not in the setting `outgoing_allow`), Unreachable when
    there is no answer within `seconds`, from the name's resolution to the last byte that is read.
    """
    target = target_of(url)
    end = monotonic() + seconds
    addresses = _resolved(target)
    _checked(target, addresses)
    line = [_connected(target, addresses, end)]
    late = threading.Event()
    watch = threading.Timer(max(0.0, end - monotonic()), lambda: _cut(line, late))
    watch.daemon = True
    watch.start()
    try:
        if target.secure:
            _encrypt(target, line)
        answer = _spoken(target, line[0], method, dict(headers), body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(_slow() if late.is_set() else _words(error)) from error
    finally:
        watch.cancel()
        line[0].close()
    if late.is_set():
        raise Unreachable(_slow())
    return answer


def _encrypt(target: Target, line: list[socket.socket]) -> None:
    """Put TLS on the line; the bare socket has no end of its own any more, so the watch must know the new one first."""
    talking = tls().wrap_socket(line[0], server_hostname=target.host, do_handshake_on_connect=False)
    line[0] = talking
    talking.do_handshake()


def _spoken(target: Target, sock: socket.socket, method: str, headers: dict[str, str], body: bytes) -> Answer:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    try:
        connection.request(method, target.path, body=body, headers={"Host": target.named, **headers})
        response = connection.getresponse()
        return Answer(status=response.status, headers=dict(response.headers), body=response.read(MOST))
    finally:
        connection.close()


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """Return how certificates are checked: always, against those that the system trusts."""
    return ssl.create_default_context()


# ---------------------------------------------------------------- where to


def public(address: Address) -> bool:
    """Tell whether an address is one of the internet, and of no network that only this machine or house can reach."""
    inner = getattr(address, "ipv4_mapped", None) or address
    if isinstance(inner, IPv6Address) and any(inner in network for network in EMBEDDING):
        return False
    closed = (
        inner.is_private
        or inner.is_loopback
        or inner.is_link_local
        or inner.is_multicast
        or inner.is_reserved
        or inner.is_unspecified
    )
    return inner.is_global and not closed


def _resolved(target: Target) -> Sequence[Address]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(_("There is no computer with the name “%(host)s”.", host=target.host)) from error
    return list(dict.fromkeys(ip_address(str(info[4][0])) for info in found))


def _checked(target: Target, addresses: Sequence[Address]) -> None:
    named = {entry.lower() for entry in house().config.outgoing_allow}
    usual = target.port in PORTS.values()
    if f"{target.host}:{target.port}" in named or (usual and target.host in named):
        return
    for address in addresses:
        if _in_list(address, named):
            continue
        if not public(address):
            text = _(
                "“%(host)s” is an address within the own network. Whoever runs Kith can allow it (KITH_OUTGOING_ALLOW)."
            )
            raise Forbidden(text % {"host": target.host})
        if not usual:
            text = _("Only the ports 80 and 443 are allowed. Whoever runs Kith can allow “%(host)s”.")
            raise Forbidden(text % {"host": f"{target.host}:{target.port}"})


def _in_list(address: Address, named: set[str]) -> bool:
    inner = getattr(address, "ipv4_mapped", None) or address
    for entry in named:
        try:
            network = ip_network(entry, strict=False)
        except ValueError:
            continue
        if network.version == inner.version and inner in network:
            return True
    return False


def _connected(target: Target, addresses: Sequence[Address], end: float) -> socket.socket:
    problem: OSError | None = None
    for address in addresses:
        left = end - monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((str(address), target.port), timeout=left)
        except OSError as error:
            problem = error
    raise Unreachable(_slow() if problem is None else _words(problem)) from problem


def _cut(line: list[socket.socket], late: threading.Event) -> None:
    """End a conversation that takes too long, in whatever it is: a byte a second keeps every other timeout from firing."""
    late.set()
    try:
        socket.socket.shutdown(line[0], socket.SHUT_RDWR)
    except OSError:
        pass


def _slow() -> str:
    return _("There was no whole answer in time.")


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("The certificate of the address is not valid: %(why)s", why=error.verify_message)
    if isinstance(error, TimeoutError):
        return _slow()
    if isinstance(error, ConnectionRefusedError):
        return _("Nothing listens at this address.")
    return _("The connection failed: %(why)s", why=str(error) or type(error).__name__)
