"""Pages of other origins: shut out of everything, unless the setting names them, and then only let to the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import config
from app.house import house
from app.services import api_pace, api_tokens
from app.services.api_tokens import Wanted
from app.services.context import acting, for_user
from app.testing.factories import Make

APP = "https://app.example.org"
Ask = Callable[..., TestResponse]


@pytest.fixture
def open_to(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting names an origin."""
    kith = house(app)
    monkeypatch.setattr(kith, "config", replace(kith.config, cors_origins=(APP,)))


@pytest.fixture
def ask(app: Flask, make: Make) -> Ask:
    """`ask("GET", "/api/v1/me", APP)`: a request that a page of an origin sends, with a token."""
    api_pace.forget()
    user = make.user("rep")
    ctx = for_user(user.id)
    with acting(ctx):
        token = api_tokens.create(ctx, user.id, Wanted(name="test", scopes=["read"]))[1]

    def asked(method: str, path: str, origin: str, **headers: str) -> TestResponse:
        told = {"Origin": origin, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if method != "OPTIONS":
            told["Authorization"] = f"Bearer {token}"
        return app.test_client().open(path, method=method, headers=told)

    return asked


def before(ask: Ask, path: str, origin: str) -> TestResponse:
    """What a browser asks before it lets a page send a change."""
    return ask("OPTIONS", path, origin, Access_Control_Request_Method="PATCH")


def told(answer: TestResponse) -> list[str]:
    """The headers of an answer that let another origin in."""
    return [name for name, _value in answer.headers if name.startswith("Access-Control")]


def test_without_the_setting_nobody_is_let_in(ask: Ask) -> None:
    assert told(ask("GET", "/api/v1/me", APP)) == []
    refused = before(ask, "/api/v1/contact", APP)
    assert (refused.status_code, told(refused)) == (405, [])


def test_an_origin_of_the_setting_uses_the_api_without_cookies(ask: Ask, open_to: None) -> None:
    first = before(ask, "/api/v1/contact", APP)
    assert first.status_code == 204
    assert "PATCH" in first.headers["Access-Control-Allow-Methods"]
    assert "If-Match" in first.headers["Access-Control-Allow-Headers"]
    for path, status in (("/api/v1/me", 200), ("/api/v1/nothing", 404), ("/api/v1/contact?limit=0", 422)):
        answer = ask("GET", path, APP)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == APP
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in first.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://app.example.org",
        "https://app.example.org.evil.example",
        "https://app.example.org:444",
        "null",
        "",
    ],
)
def test_other_origins_stay_out(ask: Ask, open_to: None, origin: str) -> None:
    assert told(ask("GET", "/api/v1/me", origin)) == []
    assert told(before(ask, "/api/v1/contact", origin)) == []


@pytest.mark.parametrize("path", ["/", "/login", "/contacts", "/oauth/token", "/api", "/api/v10"])
def test_pages_are_not_opened_by_it(ask: Ask, open_to: None, path: str) -> None:
    assert told(ask("GET", path, APP)) == []
    assert told(before(ask, path, APP)) == []


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "https://*.example.org",
        "https://app.example.org/",
        "app.example.org",
        "http://app.example.org",
    ],
)
def test_a_setting_that_opens_too_much_is_refused_at_start(origin: str) -> None:
    with pytest.raises(config.ConfigError, match="KITH_CORS_ORIGINS"):
        config.load({"KITH_CORS_ORIGINS": origin})
    assert config.load({"KITH_CORS_ORIGINS": f"{APP},http://localhost:5173"}).cors_origins == (
        APP,
        "http://localhost:5173",
    )
