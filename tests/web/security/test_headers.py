"""The headers of every answer: strict policy on pages and errors, nothing kept of what is private."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app.house import house
from app.testing.clients import Person
from app.web.security import headers

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/login", "/forgot", "/nothing-here", "/account/sessions/end"])
def test_pages_and_errors_carry_the_policy(as_role: Callable[..., Person], path: str) -> None:
    for person in (as_role(None), as_role("rep")):
        answer = person.get(path)
        if answer.mimetype != "text/html":
            continue
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "Server" not in answer.headers


def test_a_crash_carries_it_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("secret detail in /srv/kith/app.py")

    monkeypatch.setitem(app.view_functions, "account.forgot", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = app.test_client().get("/forgot")
    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "secret detail" not in answer.text
    assert "/srv" not in answer.text


def test_what_is_private_is_kept_by_nobody(as_role: Callable[..., Person]) -> None:
    assert as_role("rep").get("/account").headers["Cache-Control"] == "no-store"
    with as_role("rep").get("/static/logo.svg") as picture:
        assert "no-store" not in picture.headers["Cache-Control"]
    assert "Cookie" in as_role("rep").get("/account").headers["Vary"]


def test_https_is_demanded_where_it_is_used(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, kith = app.test_client(), house()
    assert "Strict-Transport-Security" not in client.get("/login").headers
    monkeypatch.setattr(kith, "config", replace(kith.config, base_url="https://localhost"))
    answer = client.get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_only_named_https_origins_are_added() -> None:
    assert "img-src 'self' https://img.example.org;" in headers.policy(images=["https://img.example.org"])
    assert headers.policy(frames=["https://www.example.org"]).endswith(
        "frame-ancestors https://www.example.org"
    )
    for wrong in ("*", "http://a.example", "https://a.example/x", "https://a.example; script-src *", "data:"):
        with pytest.raises(ValueError, match="no origin"):
            headers.policy(images=[wrong])


def test_each_answer_has_a_number_that_nobody_chooses(app: Flask) -> None:
    client = app.test_client()
    seen = {client.get("/login", headers={"X-Request-Id": "mine"}).headers["X-Request-Id"] for _i in range(3)}
    assert len(seen) == 3
    assert "mine" not in seen
