"""Pages of tokens: made after a proof, shown once, revoked; administrators see all."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import ApiToken
from app.services import passwords
from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.web.api import signing

People = Callable[..., Person]
SECRET = "four words in a row"


@pytest.fixture
def person(make: Make, as_user: Callable[[Any], Person]) -> Callable[[str], Person]:
    """Somebody of a role who has a password."""
    return lambda role: as_user(make.user(role, password_hash=passwords.hashed(SECRET)))


def send(of: Person, path: str = "/account/tokens/new", **values: Any) -> Any:
    """Fill in the form of a new token."""
    given = {"name": "Website form", "access": "write", "days": "90", "current_password": SECRET, **values}
    return of.post(path, given)


def token_in(page: Any) -> str:
    """The token that a page shows."""
    found = re.search(r"kith_[\w-]{40,}", page.get_data(as_text=True))
    assert found is not None
    return found[0]


def test_a_token_is_shown_once_and_works_until_it_is_revoked(
    app: Flask, person: Callable[[str], Person]
) -> None:
    ana = person("rep")
    page = send(ana, kinds=["contact"])
    assert page.headers["Cache-Control"] == "no-store"
    token = token_in(page)
    listed = ana.get("/account/tokens").get_data(as_text=True)
    assert token not in listed
    assert f"…{token[-4:]}" in listed
    told = {"Authorization": f"Bearer {token}"}
    client = app.test_client()
    assert client.get("/api/v1/contact", headers=told).status_code == 200
    assert client.get("/api/v1/company", headers=told).status_code == 403
    revoke = soup(ana.get("/account/tokens")).select_one("form[action*=revoke]")
    assert revoke is not None
    assert ana.post(str(revoke["action"])).status_code == 303
    assert client.get("/api/v1/contact", headers=told).status_code == 401


def test_only_the_hash_of_a_token_is_stored(make: Make, person: Callable[[str], Person]) -> None:
    token = token_in(send(person("rep")))
    row = make.ctx().session.query(ApiToken).one()
    assert token not in str({c.name: getattr(row, c.name) for c in ApiToken.__table__.columns})


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"current_password": "x"}, "current_password"),
        ({"name": " "}, "name"),
        ({"kinds": ["nothing"]}, "kinds"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    make: Make, person: Callable[[str], Person], values: dict[str, Any], wrong: str
) -> None:
    page = send(person("rep"), **values)
    assert page.status_code == 422
    assert soup(page).select_one(f'[role=alert] a[href="#{wrong}"]') is not None
    assert make.ctx().session.query(ApiToken).count() == 0


def test_administrators_make_tokens_for_services_and_end_any(
    app: Flask, make: Make, person: Callable[[str], Person]
) -> None:
    robot = make.user("rep", name="Robot")
    admin = person("admin")
    token = token_in(send(admin, "/admin/tokens/new", user=str(robot.id)))
    told = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/api/v1/me", headers=told).json["user"]["title"] == "Robot"
    token_in(send(person("rep"), name="Hers"))
    listed = soup(admin.get("/admin/tokens"))
    assert {b.text for b in listed.select("main li b")} == {"Website form", "Hers"}
    for form in listed.select("form[action*=revoke]"):
        assert admin.post(str(form["action"])).status_code == 303
    assert app.test_client().get("/api/v1/me", headers=told).status_code == 401


def test_nobody_ends_or_sees_what_is_not_his(make: Make, person: Callable[[str], Person]) -> None:
    send(person("rep"), name="Hers")
    other = person("rep")
    row = make.ctx().session.query(ApiToken).one()
    assert other.post(f"/account/tokens/{row.id}/revoke").status_code == 404
    assert "Hers" not in other.get("/account/tokens").get_data(as_text=True)
    assert other.get("/admin/tokens").status_code == 403


def test_a_token_ends_with_its_account_and_its_days(
    app: Flask, make: Make, person: Callable[[str], Person], clock: Any
) -> None:
    clock.set("2026-03-01T09:00")
    ana = person("rep")
    told = {"Authorization": f"Bearer {token_in(send(ana, days='30'))}"}
    client = app.test_client()
    assert client.get("/api/v1/me", headers=told).status_code == 200
    clock.forward(days=31)
    assert client.get("/api/v1/me", headers=told).status_code == 401


def test_the_last_use_of_a_token_is_remembered(
    app: Flask, make: Make, person: Callable[[str], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "_noted", {})
    token = token_in(send(person("rep")))
    answer = app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    answer.close()
    session = make.ctx().session
    session.rollback()
    assert session.scalar(select(ApiToken.used_at)) is not None
