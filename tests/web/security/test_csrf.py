"""Unsafe requests need the session's token and the browser's word that our own page sent them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.testing.clients import Person
from app.web.security import csrf

PATH = "/account/sessions/end"
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost"}, 303),
        (SAME, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Referer": "http://localhost/account"}, 303),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Referer": "http://evil.example/http://localhost/"}, 403),
    ],
)
def test_the_sender_counts(as_role: Callable[..., Person], headers: dict[str, str], status: int) -> None:
    person = as_role("rep")
    answer = person.client.post(PATH, data={"csrf_token": person.csrf()}, headers=headers)
    assert answer.status_code == status


def test_the_token_counts(as_role: Callable[..., Person]) -> None:
    ana, bob = as_role("rep"), as_role("rep")
    for token in ("", "x", "ä", bob.csrf(), ana.csrf()[:-4] + "AAA="):
        assert ana.client.post(PATH, data={"csrf_token": token}, headers=SAME).status_code == 403
    assert ana.client.post(PATH, headers={**SAME, "X-CSRF-Token": ana.csrf()}).status_code == 303


def test_signing_in_needs_it_too(app: Flask) -> None:
    client: FlaskClient = app.test_client()
    typed = {"email": "ana@acme.pt", "password": "four words in a row"}
    assert client.post("/login", data=typed, headers=SAME).status_code == 403


def test_a_token_looks_different_each_time_and_opens_the_same() -> None:
    mac = bytes(range(32))
    first, second = csrf.mask(mac), csrf.mask(mac)
    assert first != second
    assert csrf.unmask(first) == csrf.unmask(second) == mac
    assert csrf.unmask("short") == b""


@pytest.mark.parametrize("override", [{"_method": "POST"}, {}])
def test_no_get_pretends_to_be_a_post(as_role: Callable[..., Person], override: dict[str, str]) -> None:
    person = as_role("rep")
    headers = {"X-HTTP-Method-Override": "POST"}
    assert person.client.get(PATH, query_string=override, headers=headers).status_code == 405
