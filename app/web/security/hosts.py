"""Which Host and which X-Forwarded-* headers count (S20): our own host only, and headers of trusted proxies only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, g, request

from app.config import Config, ConfigError
from app.house import house

Network = IPv4Network | IPv6Network

FORWARDED = ("FOR", "PROTO", "HOST", "PORT", "PREFIX", "SERVER", "SSL", "SCHEME")
HEALTH = {"/livez", "/readyz"}
"""Asked by address from inside a container or network, whatever the public host is."""


def init_app(app: Flask) -> None:
    """Install the proxy middleware and the check of the Host header."""
    config = house(app).config
    app.wsgi_app = Proxies(app.wsgi_app, networks(config.trusted_proxies))  # type: ignore[method-assign]
    app.before_request(check)


def networks(texts: Iterable[str]) -> Sequence[Network]:
    """Return the networks of trusted proxies. Raises ConfigError for a text that is none."""
    try:
        return [ip_network(text, strict=False) for text in texts]
    except ValueError as error:
        raise ConfigError(
            f"KITH_TRUSTED_PROXIES must be addresses or networks like 10.0.0.0/8: {error}."
        ) from None


class Proxies:
    """WSGI middleware: takes client address, scheme and host from a trusted proxy, and drops the headers of others."""

    def __init__(self, app: Callable[..., Any], trusted: Sequence[Network]) -> None:
        self._app, self._trusted = app, trusted

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Rewrite the environment, then run the application."""
        peer = environ.get("REMOTE_ADDR") or ""
        told = {name: environ.pop(f"HTTP_X_FORWARDED_{name}", "") for name in FORWARDED}
        environ.pop("HTTP_FORWARDED", None)
        environ.pop("HTTP_X_REAL_IP", None)
        if self._trusts(peer):
            environ["REMOTE_ADDR"] = self._client(peer, told["FOR"])
            if (scheme := _last(told["PROTO"])) in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
            if host := _last(told["HOST"]):
                environ["HTTP_HOST"] = host
        return self._app(environ, start_response)

    def _client(self, peer: str, told: str) -> str:
        """The address nearest to us that is no trusted proxy; who claims more than he knows is not believed."""
        for part in reversed([p.strip() for p in told.split(",") if p.strip()]):
            if (found := _address(part)) is None:
                return peer
            peer = found
            if not self._trusts(peer):
                return peer
        return peer

    def _trusts(self, address: str) -> bool:
        found = _address(address)
        if found is None:
            return False
        ip = ip_address(found)
        return any(ip in network for network in self._trusted)


def _last(told: str) -> str:
    return told.rpartition(",")[2].strip()


def _address(text: str) -> str | None:
    """The bare IP address of `1.2.3.4`, `1.2.3.4:80`, `[::1]:80` or `::ffff:1.2.3.4`; None for anything else."""
    bare = text.strip().removeprefix("[").partition("]")[0] if text.startswith("[") else text.strip()
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


# ---------------------------------------------------------------- our own host


def check() -> None:
    """Note the client's address; refuse a Host that is not ours with 400."""
    g.address = request.remote_addr or ""
    if request.path in HEALTH:
        return
    if not is_ours(request.environ.get("HTTP_HOST", ""), house().config):
        abort(400)


def is_ours(host: str, config: Config) -> bool:
    """Tell whether a Host header names us: the host of KITH_BASE_URL, else any IP address and localhost."""
    found = _split(host)
    if found is None:
        return False
    if config.base_url:
        ours = urlsplit(config.base_url)
        usual = 443 if ours.scheme == "https" else 80
        return found[0] == (ours.hostname or "") and (found[1] or usual) == (ours.port or usual)
    return found[0] == "localhost" or found[0].endswith(".localhost") or _address(f"[{found[0]}]") is not None


def _split(host: str) -> tuple[str, int | None] | None:
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return None
    if (
        not parts.hostname
        or parts.path
        or parts.query
        or parts.fragment
        or "@" in host
        or host != host.strip()
    ):
        return None
    return parts.hostname.rstrip("."), port


def origins(config: Config) -> set[str]:
    """Return the origins (scheme, host, port) that count as our own for this request."""
    if config.base_url:
        return {_origin(config.base_url)}
    return {_origin(request.host_url)}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    port = "" if parts.port in (None, 443 if parts.scheme == "https" else 80) else f":{parts.port}"
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"
