"""Whose Host and whose X-Forwarded headers count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.config import Config, ConfigError
from app.house import house
from app.web.security import hosts

PUBLIC = Config(base_url="https://crm.example.org")


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("crm.example.org", True),
        ("CRM.example.org:443", True),
        ("crm.example.org.", True),
        ("crm.example.org:8080", False),
        ("evil.example", False),
        ("crm.example.org@evil.example", False),
        ("crm.example.org/evil", False),
        ("127.0.0.1", False),
        ("crm.example.org:port", False),
        ("", False),
    ],
)
def test_with_a_public_address_only_its_host_is_ours(host: str, ours: bool) -> None:
    assert hosts.is_ours(host, PUBLIC) is ours


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8000", True),
        ("[::1]:8000", True),
        ("192.168.1.7", True),
        ("localhost", True),
        ("kith.localhost:8000", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_without_one_addresses_and_localhost_are(host: str, ours: bool) -> None:
    assert hosts.is_ours(host, Config()) is ours


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("198.51.100.1", "203.0.113.9", "198.51.100.1"),
        ("10.0.0.2", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9, 10.0.0.9", "203.0.113.9"),
        ("10.0.0.2", "203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.2", "[2001:db8::1]:80", "2001:db8::1"),
        ("10.0.0.2", "not an address", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("::ffff:10.0.0.2", "203.0.113.9", "203.0.113.9"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_trusted_proxy(peer: str, told: str, client: str) -> None:
    seen: dict[str, Any] = {}
    proxies = hosts.Proxies(lambda environ, start: seen.update(environ), hosts.networks(["10.0.0.0/8"]))
    proxies({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": told}, None)
    assert seen["REMOTE_ADDR"] == client
    assert "HTTP_X_FORWARDED_FOR" not in seen


def test_scheme_and_host_come_from_trusted_proxies_only() -> None:
    seen: dict[str, Any] = {}
    proxies = hosts.Proxies(lambda environ, start: seen.update(environ), hosts.networks(["10.0.0.2"]))
    told = {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "crm.example.org",
        "HTTP_FORWARDED": "x",
    }
    before = {"wsgi.url_scheme": "http", "HTTP_HOST": "inside", **told}
    proxies({**before, "REMOTE_ADDR": "10.0.0.2"}, None)
    assert (seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == ("https", "crm.example.org")
    seen.clear()
    proxies({**before, "REMOTE_ADDR": "10.0.0.3"}, None)
    assert seen == {"wsgi.url_scheme": "http", "HTTP_HOST": "inside", "REMOTE_ADDR": "10.0.0.3"}


def test_a_proxy_that_is_no_network_stops_the_start() -> None:
    with pytest.raises(ConfigError, match="KITH_TRUSTED_PROXIES"):
        hosts.networks(["proxy.example.org"])


def test_a_foreign_host_is_answered_400(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/login", headers={"X-Forwarded-Host": "evil.example"}).status_code != 400


def test_links_never_carry_the_host_of_the_request(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.services import letters

    kith = house()
    monkeypatch.setattr(kith, "config", replace(kith.config, base_url="https://crm.example.org/"))
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert letters.address("/reset/x") == "https://crm.example.org/reset/x"
