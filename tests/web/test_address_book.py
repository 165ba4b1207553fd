"""The page of contacts on one's phone: an app password is made after a proof, shown once, revoked; and how it is set up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import ApiToken
from app.services import dav_receipts, passwords
from app.services.context import as_system, for_user
from app.testing.clients import Person, soup
from app.testing.factories import Make
from tests.web.dav.phone import Phone, basic, card

SECRET = "four words in a row"
NEW = "/account/address-book/new"


@pytest.fixture
def ana(make: Make, as_user: Callable[[Any], Person]) -> Person:
    """Somebody who has a password."""
    return as_user(make.user("rep", password_hash=passwords.hashed(SECRET)))


def send(of: Person, **values: Any) -> Any:
    """Fill in the form of a new app password."""
    return of.post(NEW, {"name": "My phone", "access": "write", "current_password": SECRET, **values})


def password_in(page: Any) -> str:
    """The app password that a page shows."""
    found = soup(page).select_one("#app-password")
    assert found is not None
    return found.text


def works(app: Flask, email: str, password: str) -> int:
    """The answer to a program that comes in by it."""
    sent = {"Authorization": basic(email, password)}
    return app.test_client().open("/dav/", method="PROPFIND", headers=sent).status_code


def test_an_app_password_is_shown_once_and_works_until_it_is_revoked(app: Flask, ana: Person) -> None:
    page = send(ana)
    assert page.headers["Cache-Control"] == "no-store"
    password = password_in(page)
    email = str(ana.user.email) if ana.user else ""
    assert works(app, email, password) == 207
    listed = ana.get("/account/address-book")
    assert password not in listed.get_data(as_text=True)
    assert "My phone" in listed.get_data(as_text=True)
    assert "My phone" not in ana.get("/account/tokens").get_data(as_text=True)
    revoke = soup(listed).select_one("form[action*=revoke]")
    assert revoke is not None
    assert ana.post(str(revoke["action"])).status_code == 303
    assert works(app, email, password) == 401


def test_only_the_hash_of_an_app_password_is_stored(make: Make, ana: Person) -> None:
    password = password_in(send(ana))
    row = make.ctx().session.execute(select(ApiToken)).scalar_one()
    stored = str({c.name: getattr(row, c.name) for c in ApiToken.__table__.columns})
    assert password not in stored
    assert password.replace("-", "") not in stored


@pytest.mark.parametrize(
    ("values", "wrong"), [({"current_password": "x"}, "current_password"), ({"name": " "}, "name")]
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    make: Make, ana: Person, values: dict[str, Any], wrong: str
) -> None:
    page = send(ana, **values)
    assert page.status_code == 422
    assert soup(page).select_one(f'[role=alert] a[href="#{wrong}"]') is not None
    assert make.ctx().session.execute(select(ApiToken.id)).first() is None


def test_the_page_says_what_is_typed_into_each_program(ana: Person) -> None:
    page = soup(ana.get("/account/address-book"))
    told = {field["id"]: field["value"] for field in page.select("input[readonly]")}
    assert told["ios-server"] == "localhost"
    assert told["dav-url"] == told["tb-url"] == "http://localhost/dav/"
    assert ana.user is not None
    assert {told["ios-user"], told["dav-user"], told["tb-user"]} == {ana.user.email}
    link = page.select_one("a[href^='davx5:']")
    assert link is not None
    assert str(link["href"]) == f"davx5://{ana.user.email.replace('@', '%40')}@localhost/dav/"
    assert page.select_one("svg.qr") is not None


def test_an_app_password_for_reading_says_so(ana: Person, make: Make) -> None:
    send(ana, access="read")
    scopes = make.ctx().session.execute(select(ApiToken.scopes)).scalar_one()
    assert scopes == "company:read contact:read"


def test_a_card_that_could_not_be_taken_is_told_until_it_is(app: Flask, ana: Person, make: Make) -> None:
    assert ana.user is not None
    phone, other = Phone(app, ana.user), Phone(app, make.user("rep"))
    assert (
        phone.put("a.vcf", card("Ana Lima", "u-1", "PHOTO;ENCODING=b;TYPE=JPEG:aGVsbG8=")).status_code == 403
    )
    assert phone.put("b.vcf", "hello").status_code == 403
    other.put("c.vcf", card("Rui", "u" * 300))
    told = soup(ana.get("/account/address-book")).select("#refused li")
    assert len(told) == 2
    assert "Ana Lima: " in told[1].text
    assert phone.put("a.vcf", card("Ana Lima")).status_code == 201
    assert len(soup(ana.get("/account/address-book")).select("#refused li")) == 1


def test_what_could_not_be_taken_is_forgotten_after_thirty_days(app: Flask, ana: Person, clock: Any) -> None:
    clock.set("2026-03-01T09:00")
    assert ana.user is not None
    Phone(app, ana.user).put("b.vcf", "hello")
    clock.forward(days=29)
    dav_receipts.purge(as_system("test"))
    assert len(dav_receipts.mine(for_user(ana.user.id))) == 1
    clock.forward(days=2)
    dav_receipts.purge(as_system("test"))
    assert not dav_receipts.mine(for_user(ana.user.id))
