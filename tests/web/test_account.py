"""One's own account: profile, password, address, second step, sessions."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from flask import Flask

from app.house import house
from app.services import accounts, credentials, roles, second_factor, sessions
from app.testing.clients import Person
from app.testing.factories import Make

PASSWORD, OTHER = "four words in a row", "another four words here"


@pytest.fixture
def ana(app: Flask, make: Make) -> Person:
    """Somebody with a password, signed in."""
    from app.models import User

    ctx = make.ctx()
    user_id = accounts.create_user(ctx, "Ana Lima", "ana@acme.pt", PASSWORD, ["representative"])
    return Person(app, ctx.session.get_one(User, user_id))


def elsewhere(make: Make, person: Person) -> str:
    """Open a second session of the same user and return its token."""
    assert person.user is not None
    return str(sessions.start(make.ctx(), person.user.id, sessions.FULL, house().config))


def alive(make: Make, token: str) -> bool:
    """Whether a session is good."""
    ctx = make.ctx()
    return sessions.read(ctx.session, token, house().config, ctx.now)[0] is not None


def test_the_profile_changes_language_zone_and_theme(ana: Person, make: Make) -> None:
    form = {"name": "Ana  L.", "locale": "de", "zone": "Asia/Tokyo", "theme": "dark"}
    assert ana.post("/account", form).status_code == 303
    page = ana.get("/account").text
    assert 'lang="de"' in page
    assert 'data-theme="dark"' in page
    assert make.ctx(ana.user).zone.key == "Asia/Tokyo"


def test_single_letters_of_the_keyboard_can_be_switched_off(ana: Person) -> None:
    form = {"name": "Ana", "locale": "", "zone": "", "theme": ""}
    ana.post("/account", {**form, "shortcuts": "y"})
    assert 'data-keys="off"' not in ana.get("/account").text
    ana.post("/account", form)
    assert 'data-keys="off"' in ana.get("/account").text


@pytest.mark.parametrize("wrong", [{"zone": "Mars/Base"}, {"theme": "pink"}, {"locale": "xx"}, {"name": ""}])
def test_nonsense_is_sent_back(ana: Person, wrong: dict[str, str]) -> None:
    form = {"name": "Ana", "locale": "", "zone": "", "theme": ""}
    answer = ana.post("/account", {**form, **wrong})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text


def test_nobody_gives_himself_a_role(ana: Person, make: Make) -> None:
    form = {"name": "Ana", "locale": "", "zone": "", "theme": "", "roles": "administrator"}
    assert ana.post("/account", form).status_code == 422
    assert not make.ctx(ana.user).user.is_a("administrator")


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(ana: Person, make: Make) -> None:
    other, before = elsewhere(make, ana), ana.client.get_cookie("kith")
    answer = ana.post("/account/password", {"current_password": PASSWORD, "password": OTHER})
    assert answer.status_code == 303
    after = ana.client.get_cookie("kith")
    assert before is not None
    assert after is not None
    assert after.value != before.value
    assert ana.get("/account").status_code == 200
    assert not alive(make, other)
    assert not alive(make, before.value)
    assert credentials.authenticate(make.ctx(), "ana@acme.pt", OTHER, credentials.Place("")) is not None


@pytest.mark.parametrize(
    "form",
    [
        {"current_password": "wrong password", "password": OTHER},
        {"current_password": PASSWORD, "password": "short"},
        {"current_password": PASSWORD, "password": "ana-lima-ana-lima"},
        {"password": OTHER},
    ],
)
def test_the_present_password_and_a_good_new_one_are_needed(ana: Person, form: dict[str, str]) -> None:
    assert ana.post("/account/password", form).status_code == 422


def test_another_address_needs_the_password_and_a_link(ana: Person, make: Make, mail_server: None) -> None:
    assert ana.post("/account/email", {"email": "l@acme.pt", "current_password": "x" * 12}).status_code == 422
    assert ana.post("/account/email", {"email": "l@acme.pt", "current_password": PASSWORD}).status_code == 303
    assert make.ctx(ana.user).user.email == "ana@acme.pt"


def test_the_second_step_is_set_up_and_removed_with_the_password(ana: Person, make: Make) -> None:
    codes = set_up(ana)
    assert len(codes) == second_factor.CODES
    assert ana.post("/account/second-step/off", {"current_password": "wrong password"}).status_code == 422
    fresh = ana.post("/account/second-step/codes", {"current_password": PASSWORD})
    assert not set(codes) & set(found_codes(fresh.text))
    assert ana.post("/account/second-step/off", {"current_password": PASSWORD}).status_code == 303
    assert "Off" in ana.get("/account/second-step").text


def test_a_needed_second_step_stays(ana: Person, make: Make) -> None:
    set_up(ana)
    roles.update(make.ctx(), "representative", roles.RoleChange(label="x", needs_totp=True))
    assert ana.post("/account/second-step/off", {"current_password": PASSWORD}).status_code == 422
    assert second_factor.is_on(make.ctx(), ana.user.id if ana.user else 0)


def test_sessions_are_listed_and_ended(ana: Person, make: Make) -> None:
    first, second = elsewhere(make, ana), elsewhere(make, ana)
    page = ana.get("/account/sessions").text
    assert page.count("Unknown browser") == 3
    paths = re.findall(r'action="(/account/sessions/\d+/end)"', page)
    assert len(paths) == 2
    ana.post(paths[0])
    assert [alive(make, first), alive(make, second)].count(True) == 1
    ana.post("/account/sessions/end")
    assert [alive(make, first), alive(make, second)] == [False, False]
    assert ana.get("/account").status_code == 200


def set_up(person: Person) -> list[str]:
    """Set the second step up on its page; returns the recovery codes."""
    page = person.get("/account/second-step/on").text
    seed: Any = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    sealed: Any = re.search(r'name="sealed"[^>]*value="([0-9a-f]+)"', page)
    code = pyotp.TOTP(seed[1].replace(" ", "")).now()
    form = {"sealed": sealed[1], "code": code, "current_password": PASSWORD}
    return found_codes(person.post("/account/second-step/on", form).text)


def found_codes(page: str) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<code>([a-z2-9-]{19})</code>", page)
