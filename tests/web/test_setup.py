"""The first start: closed without the token, closed for good afterwards, then company and mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import JobRow
from app.services import accounts
from app.services.context import ctx
from app.testing.clients import Person
from app.testing.factories import Make
from app.web import setup

FIRST = {"name": "Ana Lima", "email": "ana@acme.pt", "password": "four words in a row"}
COMPANY = {"company": "Acme", "locale": "pt", "zone": "Europe/Lisbon", "currency": "EUR", "region": "PT"}


def test_everything_leads_to_the_set_up_of_an_empty_kith(app: Flask) -> None:
    person = Person(app, None)
    assert person.get("/login").headers["Location"] == "/setup"
    assert person.get("/setup").status_code == 200


def test_the_token_stands_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    setup._told.clear()
    Person(app, None).get("/setup")
    assert accounts.setup_token() in caplog.text


def test_without_the_token_there_is_no_administrator(app: Flask, make: Make) -> None:
    person = Person(app, None)
    person.get("/setup")
    answer = person.post("/setup", {**FIRST, "token": "a" * 24})
    assert answer.status_code == 422
    assert not accounts.exists_any(make.ctx())


def test_a_test_mail_is_not_promised_where_none_can_be_sent(as_role: Callable[..., Person]) -> None:
    answer = as_role("admin").post("/setup/mail", {"email": "ana@acme.pt"})
    assert answer.status_code == 422
    assert "Set KITH_SMTP_URL" in answer.text


def test_from_the_token_to_the_first_page(app: Flask, make: Make, mail_server: None) -> None:
    person = Person(app, None)
    person.get("/setup")
    assert (
        person.post("/setup", {**FIRST, "token": accounts.setup_token()}).headers["Location"]
        == "/setup/company"
    )
    assert person.post("/setup/company", COMPANY).headers["Location"] == "/setup/mail"
    site = make.ctx().settings
    assert (site.get("company"), site.get("currency"), site.get("set_up")) == ("Acme", "EUR", True)
    assert person.post("/setup/mail", {"email": "ana@acme.pt"}).headers["Location"] == "/"
    assert ctx().session.scalar(select(JobRow.name)) == "mail.send"


def test_it_is_closed_once_there_is_a_user(app: Flask, make: Make) -> None:
    make.user()
    person = Person(app, None)
    assert person.get("/setup").status_code == 404
    assert person.post("/setup", {**FIRST, "token": accounts.setup_token()}).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"currency": "EURO"}, {"locale": "xx"}, {"company": ""}]
)
def test_nonsense_is_sent_back(as_role: Callable[..., Person], wrong: dict[str, str]) -> None:
    assert as_role("admin").post("/setup/company", {**COMPANY, **wrong}).status_code == 422
