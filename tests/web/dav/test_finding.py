"""Discovery: from the name of the server to the cards, as phones do it; and what nobody may see on the way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import ApiToken
from app.testing.factories import Make
from app.web.api import signing
from tests.web.dav.phone import SPACES, C, D, Phone, S, basic

Phones = Callable[..., Phone]


def test_a_phone_finds_its_cards_from_the_name_of_the_server(phone: Phones, make: Make) -> None:
    asking = phone()
    ana = make.contact(given_name="Ana", family_name="Lima", owner=asking.user)
    there = asking.ask("PROPFIND", "/.well-known/carddav")
    assert (there.status_code, there.headers["Location"]) == (301, "/dav/")
    principal = asking.find("/dav/", "d:current-user-principal").href("/dav/", f"{D}current-user-principal")
    home = asking.find(principal, "c:addressbook-home-set").href(principal, f"{C}addressbook-home-set")
    books = asking.find(home, "d:resourcetype", "d:displayname", depth="1")
    book = [h for h, p in books.found.items() if p[f"{D}resourcetype"].find(f"{C}addressbook") is not None]
    assert book == [asking.book]
    assert asking.names() == {f"{asking.book}{ana.uid}.vcf"}


def test_the_book_says_what_it_can_do(phone: Phones) -> None:
    asking = phone()
    tags = ("d:supported-report-set", "c:supported-address-data", "s:getctag", "d:sync-token", "x:y")
    told = asking.find(asking.book, *tags[:4], "d:no-such")
    found = told.found[asking.book]
    reports = {one.tag for one in found[f"{D}supported-report-set"].iter()}
    assert {f"{C}addressbook-multiget", f"{C}addressbook-query", f"{D}sync-collection"} <= reports
    versions = [one.get("version") for one in found[f"{C}supported-address-data"]]
    assert versions == ["3.0", "4.0"]
    assert found[f"{S}getctag"].text == found[f"{D}sync-token"].text
    assert told.missing[asking.book] == {f"{D}no-such"}
    can = asking.ask("OPTIONS", asking.book).headers
    assert "addressbook" in can["DAV"]
    assert "REPORT" in can["Allow"]


def test_without_a_valid_app_password_there_is_nothing(app: Flask, phone: Phones) -> None:
    asking = phone()
    client = app.test_client()
    bare = client.open(asking.book, method="PROPFIND")
    assert bare.status_code == 401
    assert bare.headers["WWW-Authenticate"].startswith('Basic realm="Kith"')
    for email, password in (
        (asking.user.email, "wrong"),
        ("somebody@example.org", asking.password),
        (asking.user.email, ""),
    ):
        sent = {"Authorization": basic(email, password)}
        assert client.open(asking.book, method="PROPFIND", headers=sent).status_code == 401
    typed = asking.password.upper().replace("-", " ")
    sent = {"Authorization": basic(asking.user.email.upper(), typed)}
    assert client.open(asking.book, method="PROPFIND", headers=sent).status_code == 207


def test_wrong_passwords_have_to_wait(app: Flask, phone: Phones) -> None:
    asking = phone()
    sent = {"Authorization": basic(asking.user.email, "wrong")}
    codes = [app.test_client().open("/dav/", method="PROPFIND", headers=sent).status_code for _n in range(61)]
    assert codes[:60] == [401] * 60
    assert codes[60] == 429


def test_the_session_of_a_browser_does_not_count(phone: Phones, as_user: Callable[..., object]) -> None:
    asking = phone()
    person = as_user(asking.user)
    assert person.client.open("/dav/", method="PROPFIND").status_code == 401  # type: ignore[attr-defined]


def test_an_app_password_is_good_for_nothing_else(app: Flask, phone: Phones) -> None:
    asking = phone()
    for way in (f"Bearer {asking.password}", basic(asking.user.email, asking.password)):
        assert app.test_client().get("/api/v1/contact", headers={"Authorization": way}).status_code == 401
        assert app.test_client().get("/contacts", headers={"Authorization": way}).status_code == 303


def test_a_password_is_never_asked_for_without_https(app: Flask, phone: Phones) -> None:
    asking = phone()
    sent = {"Authorization": basic(asking.user.email, asking.password)}
    far = {"REMOTE_ADDR": "203.0.113.9"}
    client = app.test_client()
    plain = client.open("/dav/", method="PROPFIND", headers=sent, environ_overrides=far)
    assert plain.status_code == 403
    assert "WWW-Authenticate" not in plain.headers
    safe = {**far, "wsgi.url_scheme": "https"}
    assert client.open("/dav/", method="PROPFIND", headers=sent, environ_overrides=safe).status_code == 207


def test_nobody_comes_in_by_the_address_of_somebody_else(phone: Phones, make: Make) -> None:
    hers, other = phone(), phone()
    make.contact(given_name="Ana", owner=hers.user)
    (href,) = hers.names()
    for method, path in (
        ("PROPFIND", hers.book),
        ("REPORT", hers.book),
        ("PROPFIND", f"/dav/principals/{hers.user.uid}/"),
        ("GET", href),
        ("PUT", href),
        ("DELETE", href),
    ):
        body = f"<d:propfind {SPACES}><d:allprop/></d:propfind>" if method == "PROPFIND" else ""
        assert other.ask(method, path, body, Content_Type="text/vcard").status_code == 404, (method, path)


@pytest.mark.parametrize(
    "body",
    [
        "<propfind",
        '<!DOCTYPE a [<!ENTITY b "c">]><d:propfind xmlns:d="DAV:"><d:prop><d:displayname/></d:prop></d:propfind>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    ],
)
def test_xml_that_is_broken_or_reaches_out_is_refused(phone: Phones, body: str) -> None:
    assert phone().ask("PROPFIND", "/dav/", body, Depth="0").status_code == 400


def test_an_endless_depth_is_refused(phone: Phones) -> None:
    asking = phone()
    told = asking.find(asking.book, "d:getetag", depth="infinity")
    assert told.code == 403
    assert told.root is not None
    assert told.root.find(f"{D}propfind-finite-depth") is not None


def test_nothing_is_kept_in_a_cookie_and_the_last_use_is_remembered(
    phone: Phones, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_noted", {})
    asking = phone()
    answer = asking.ask("PROPFIND", "/dav/")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-cache"
    session = make.ctx().session
    session.rollback()
    assert session.scalar(select(ApiToken.used_at)) is not None


@pytest.mark.parametrize("path", ["/dav/nothing", "/dav/principals/", "/dav/addressbooks/x/"])
def test_other_addresses_are_not_there(phone: Phones, path: str) -> None:
    assert phone().ask("PROPFIND", path).status_code == 404
