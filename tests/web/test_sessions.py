"""The session around a request: cookies, one statement, no writes on reading, messages across a redirect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from flask_login import current_user
from sqlalchemy import select

from app.house import house
from app.models import LoginSession, User
from app.services import context
from app.testing.clients import Person
from app.testing.factories import Make
from app.web import sessions


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask) -> None:
    (cookie,) = app.test_client().get("/forgot").headers.getlist("Set-Cookie")
    assert cookie.startswith("kith=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_by_https_it_is_a_host_cookie(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kith = house()
    monkeypatch.setattr(kith, "config", replace(kith.config, base_url="https://localhost"))
    (cookie,) = app.test_client().get("/forgot", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-kith=")
    assert "Secure" in cookie.split("; ")


def test_a_page_writes_nothing_and_reads_the_session_once(
    as_role: Callable[..., Person], queries: Callable[[], Any]
) -> None:
    person = as_role("rep")
    person.get("/account/password")
    with queries() as seen:
        assert person.get("/account/password").status_code == 200
    assert [s for s in seen if not s.startswith("SELECT")] == []
    assert sum("login_session" in s for s in seen) == 1


def test_a_file_that_is_not_there_signs_nobody_out(as_role: Callable[..., Person]) -> None:
    ana = as_role("rep")
    answer = ana.get("/static/gone.css")
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (404, [])
    assert ana.get("/").status_code == 200


def test_being_there_is_noted_every_five_minutes(
    app: Flask, make: Make, as_user: Callable[[Any], Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, start = make.user(), context.clock()
    person = as_user(user)

    def seen_at(minutes: int) -> Any:
        monkeypatch.setattr(context, "clock", lambda: start + timedelta(minutes=minutes))
        person.get("/account/password").close()
        make.ctx().session.rollback()
        return make.ctx().session.scalar(select(User.last_seen_at).where(User.id == user.id))

    assert seen_at(4) is None
    assert seen_at(6) == start + timedelta(minutes=6)
    assert seen_at(9) == start + timedelta(minutes=6)
    assert seen_at(12) == start + timedelta(minutes=12)
    assert make.ctx().session.scalar(select(LoginSession.seen_at)) == start + timedelta(minutes=12)


@pytest.mark.parametrize("state", ["second", "enrol"])
def test_half_a_sign_in_opens_nothing(app: Flask, make: Make, state: str) -> None:
    person, user = Person(app, None), make.user("administrator")
    from app.services import sessions as service

    person.client.set_cookie("kith", service.start(make.ctx(), user.id, state, house().config))
    for path in ("/account", "/admin/users", "/"):
        assert person.get(path).status_code == 303


def test_a_change_of_rights_holds_with_the_next_request(make: Make, as_role: Callable[..., Person]) -> None:
    from app.services import roles

    name = roles.create(make.ctx(), roles.RoleChange(label="Office", grants={"admin.users": "all"}))
    person = as_role(name)
    assert person.get("/admin/users").status_code == 200
    roles.update(make.ctx(), name, roles.RoleChange(label="Office", grants={"admin.users": "none"}))
    assert person.get("/admin/users").status_code == 403


def test_messages_survive_one_redirect_sealed(app: Flask, as_role: Callable[..., Person]) -> None:
    person = as_role("rep")
    answer = person.post("/account/sessions/end")
    flash = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("kith-flash="))
    assert "signed" not in flash
    assert "You are signed out everywhere else." in person.get("/account/sessions").text
    assert "You are signed out everywhere else." not in person.get("/account/sessions").text


def test_a_touched_flash_cookie_counts_as_none(as_role: Callable[..., Person]) -> None:
    person = as_role("rep")
    person.post("/account/sessions/end")
    cookie = person.client.get_cookie("kith-flash")
    assert cookie is not None
    person.client.set_cookie("kith-flash", cookie.value[:-6] + cookie.value[-6:][::-1].swapcase()[:5] + "!")
    assert "signed out everywhere" not in person.get("/account/password").text


def test_too_many_messages_lose_the_oldest_not_the_cookie(app: Flask) -> None:
    packed = sessions._packed({"_flashes": [["ok", f"{n} " + "x" * 300] for n in range(30)]})
    assert len(packed) <= sessions.FLASH_BYTES


def test_flask_login_knows_the_principal(app: Flask, make: Make) -> None:
    user = make.user(name="Ana Lima")
    with app.test_request_context("/"):
        g.ctx = make.ctx(user)
        assert (current_user.name, current_user.get_id()) == ("Ana Lima", str(user.id))
