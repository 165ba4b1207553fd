"""Coming in, as somebody does in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.house import house
from app.models import User
from app.services import accounts, context, links, roles, second_factor, sessions
from app.testing.clients import Person
from app.testing.factories import Make

EMAIL, PASSWORD = "ana@acme.pt", "four words in a row"


@pytest.fixture
def ana(make: Make) -> int:
    """A representative with a password."""
    return accounts.create_user(make.ctx(), "Ana Lima", EMAIL, PASSWORD, ["representative"])


@pytest.fixture
def anybody(app: Flask) -> Person:
    """Somebody who has not signed in."""
    return Person(app, None)


def sign_in(person: Person, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
    """Send the sign-in form."""
    return person.post("/login", {"email": email, "password": password, **more})


def test_signing_in_leads_to_where_one_wanted_to_go(ana: int, anybody: Person) -> None:
    wanted = anybody.get("/account/sessions")
    assert wanted.headers["Location"] == "/login?next=/account/sessions"
    assert 'value="/account/sessions"' in anybody.get(wanted.headers["Location"]).text
    assert sign_in(anybody, next="/account/sessions").headers["Location"] == "/account/sessions"
    assert anybody.get("/account/sessions").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_nowhere_else_though(ana: int, anybody: Person, target: str) -> None:
    assert sign_in(anybody, next=target).headers["Location"] == "/"


def test_the_id_of_the_session_is_a_new_one(ana: int, anybody: Person) -> None:
    anybody.client.set_cookie("kith", "planted by somebody else")
    sign_in(anybody)
    cookie = anybody.client.get_cookie("kith")
    assert cookie is not None
    assert cookie.value != "planted by somebody else"


def test_keeping_signed_in_outlives_the_browser(ana: int, app: Flask) -> None:
    for keep, age in (({}, False), ({"keep": "y"}, True)):
        (cookie,) = sign_in(Person(app, None), **keep).headers.getlist("Set-Cookie")
        assert ("Max-Age=604800" in cookie) is age


def test_nobody_learns_who_exists(ana: int, make: Make, app: Flask) -> None:
    make.user(email="gone@acme.pt", active=False)
    answers = []
    for email in (EMAIL, "nobody@acme.pt", "gone@acme.pt"):
        answer = sign_in(Person(app, None), email, "wrong password")
        text = re.sub(r'value="[^"]*"', "", answer.text)
        headers = sorted(name for name, _value in answer.headers)
        answers.append((answer.status_code, headers, text))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 422


def test_nobody_learns_it_from_a_reset_either(ana: int, app: Flask) -> None:
    found = [Person(app, None).post("/forgot", {"email": e}).text for e in (EMAIL, "nobody@acme.pt")]
    assert found[0] == found[1]


def test_too_many_tries_are_answered_429(ana: int, anybody: Person) -> None:
    for _try in range(10):
        sign_in(anybody, password="wrong password")
    answer = sign_in(anybody)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_a_header_does_not_change_who_is_counted(
    ana: int, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services import passwords

    monkeypatch.setattr(passwords, "verify", lambda stored, password: False)
    codes = []
    for number in range(61):
        person = Person(app, None)
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        data = {"email": f"user{number}@acme.pt", "password": "wrong password"}
        codes.append(person.post("/login", data, headers=headers).status_code)
    assert codes == [422] * 60 + [429]


def test_signing_out_ends_it_on_the_server(ana: int, anybody: Person) -> None:
    sign_in(anybody)
    cookie = anybody.client.get_cookie("kith")
    assert cookie is not None
    anybody.post("/logout")
    assert anybody.client.get_cookie("kith") is None
    anybody.client.set_cookie("kith", cookie.value)
    assert anybody.get("/account").status_code == 303
    assert "data-clear-drafts" in anybody.get("/login?out=1").text


# ---------------------------------------------------------------- second step


def enrol(make: Make, user_id: int) -> str:
    """Give a user a second factor; returns the seed."""
    ctx, seed = make.ctx(), second_factor.new_seed()
    second_factor.enrol(ctx, user_id, seed, pyotp.TOTP(seed).at(ctx.now))
    return seed


def test_the_second_step_stands_between(
    ana: int, make: Make, anybody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = enrol(make, ana)
    assert sign_in(anybody, next="/account").headers["Location"] == "/login/code?next=/account"
    assert anybody.get("/account").headers["Location"].startswith("/login")
    assert anybody.post("/login/code", {"code": "000000", "next": "/account"}).status_code == 422
    later = context.clock() + timedelta(seconds=30)
    monkeypatch.setattr(context, "clock", lambda: later)
    answer = anybody.post("/login/code", {"code": pyotp.TOTP(seed).at(later), "next": "/account"})
    assert answer.headers["Location"] == "/account"
    assert anybody.get("/account").status_code == 200


def test_a_role_that_needs_it_leaves_nothing_else_open(ana: int, make: Make, anybody: Person) -> None:
    roles.update(make.ctx(), "representative", roles.RoleChange(label="x", needs_totp=True))
    assert sign_in(anybody).headers["Location"] == "/login/enrol"
    assert anybody.get("/account").status_code == 303
    page = anybody.get("/login/enrol").text
    seed = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    sealed = re.search(r'name="sealed"[^>]*value="([0-9a-f]+)"', page)
    assert seed
    assert sealed
    assert "<svg" in page
    code = pyotp.TOTP(seed[1].replace(" ", "")).now()
    answer = anybody.post("/login/enrol", {"sealed": sealed[1], "code": code})
    assert len(re.findall(r"<code>[a-z2-9-]{19}</code>", answer.text)) == second_factor.CODES
    assert anybody.get("/account").status_code == 200


def test_nobody_chooses_the_seed_for_somebody_else(ana: int, make: Make, anybody: Person) -> None:
    roles.update(make.ctx(), "representative", roles.RoleChange(label="x", needs_totp=True))
    sign_in(anybody)
    mine = second_factor.new_seed()
    answer = anybody.post("/login/enrol", {"sealed": mine.encode().hex(), "code": pyotp.TOTP(mine).now()})
    assert answer.status_code == 422
    assert not second_factor.is_on(make.ctx(), ana)


# ---------------------------------------------------------------- links


def token_of(make: Make, purpose: str, user_id: int) -> str:
    """A fresh link's token."""
    ctx = make.ctx()
    return str(links.issue(ctx, purpose, ctx.session.get_one(User, user_id)))


def test_a_reset_link_sets_the_password_once(ana: int, make: Make, anybody: Person) -> None:
    path = f"/reset/{token_of(make, links.RESET, ana)}"
    page = anybody.get(path)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert anybody.post(path, {"password": "password1234"}).status_code == 422
    assert anybody.post(path, {"password": "another four words here"}).headers["Location"] == "/login"
    assert anybody.get(path).status_code == 410
    assert sign_in(anybody, password="another four words here").status_code == 303


def test_an_invitation_is_accepted_in_one_page(make: Make, anybody: Person) -> None:
    url = accounts.invite(make.ctx(), "Bob", "bob@acme.pt", ["representative"])
    path = "/invite/" + url.rpartition("/")[2]
    assert "bob@acme.pt" in anybody.get(path).text
    assert anybody.post(path, {"name": "Bob Silva", "password": PASSWORD}).headers["Location"] == "/"
    assert anybody.get("/account").status_code == 200


def test_a_token_is_not_written_to_the_log(
    ana: int, make: Make, anybody: Person, caplog: pytest.LogCaptureFixture
) -> None:
    token = token_of(make, links.RESET, ana)
    with caplog.at_level("INFO", logger="kith.web"):
        anybody.get(f"/reset/{token}?from=mail")
    assert "/reset/…" in caplog.text
    assert token not in caplog.text
    assert "from=mail" not in caplog.text


def test_an_unknown_field_is_refused(ana: int, anybody: Person) -> None:
    assert sign_in(anybody, is_administrator="1").status_code == 422


# ---------------------------------------------------------------- by a plugin


@pytest.mark.parametrize(("answer", "known"), [("ana", True), (None, False), (999_999, False)])
def test_a_plugin_may_know_who_asks(
    ana: int, anybody: Person, answer: Any, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_id = ana if answer == "ana" else answer
    monkeypatch.setattr(house().host, "authenticate", lambda request: user_id)
    anybody.get("/login")
    assert (anybody.get("/account").status_code == 200) is known


def test_what_a_browser_keeps_says_nothing(ana: int, make: Make, anybody: Person) -> None:
    sign_in(anybody)
    cookie = anybody.client.get_cookie("kith")
    assert cookie is not None
    assert re.fullmatch(r"[\w-]{43}", cookie.value)
    ctx = make.ctx()
    stored = ctx.session.execute(select(User.password_hash)).scalar_one()
    assert PASSWORD not in stored
    assert sessions.read(ctx.session, cookie.value, house().config, ctx.now)[0] is not None


def test_signing_in_is_for_those_who_are_not(as_role: Callable[..., Person]) -> None:
    assert as_role("rep").get("/login").headers["Location"] == "/"
