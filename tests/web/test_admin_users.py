"""Users, teams, roles and settings, as an administrator handles them; and that nobody else does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.models import AuditRow, Team, User
from app.services import roles
from app.testing.clients import Person, soup
from app.testing.factories import Make
from app.web.audit_words import WORDS

ROOT = Path(__file__).resolve().parents[2]

PATHS = (
    "/admin/users",
    "/admin/users/new",
    "/admin/teams",
    "/admin/roles",
    "/admin/roles/new",
    "/admin/settings",
    "/admin/log",
)


@pytest.mark.parametrize("path", [*PATHS, "/admin"])
def test_only_administrators_come_in(as_role: Callable[..., Person], path: str) -> None:
    assert as_role("admin").get(path).status_code == 200
    for role in ("manager", "rep", "read_only"):
        assert as_role(role).get(path).status_code == 403
    assert as_role(None).get(path).status_code == 303


@pytest.mark.parametrize(
    "path", ["/admin/users/{}/deactivate", "/admin/users/{}/reset", "/admin/users/{}/sessions/end"]
)
def test_nor_do_their_buttons_work_for_others(make: Make, as_role: Callable[..., Person], path: str) -> None:
    user = make.user()
    assert as_role("manager").post(path.format(user.id)).status_code == 403
    assert make.ctx().session.get_one(User, user.id).active


def test_somebody_is_invited_and_the_link_is_shown(make: Make, as_role: Callable[..., Person]) -> None:
    make.team("North")
    team = str(make.team("North").id)
    admin = as_role("admin")
    form = {"name": "Bob", "email": "bob@acme.pt", "roles": ["manager", "representative"], "team": team}
    answer = admin.post("/admin/users/new", form)
    link = soup(answer).find(id="link")
    assert link is not None
    assert str(link["value"]).startswith("http://localhost/invite/")
    assert "bob@acme.pt" in admin.get("/admin/users?q=BOB").text
    assert "bob@acme.pt" not in admin.get("/admin/users?q=eve").text


def test_a_user_is_changed(make: Make, as_role: Callable[..., Person]) -> None:
    user, admin = make.user("rep"), as_role("admin")
    form = {"name": "Bob Silva", "email": "BOB@acme.pt", "roles": ["manager"], "team": ""}
    assert admin.post(f"/admin/users/{user.id}", form).status_code == 303
    ctx = make.ctx()
    assert (ctx.session.get_one(User, user.id).email, list(roles.names_of(ctx, user.id))) == (
        "bob@acme.pt",
        ["manager"],
    )


def test_a_taken_address_is_said_at_its_field(make: Make, as_role: Callable[..., Person]) -> None:
    make.user(email="ana@acme.pt")
    form = {"name": "Eve", "email": "ana@acme.pt", "roles": ["representative"], "team": ""}
    answer = as_role("admin").post("/admin/users/new", form)
    assert answer.status_code == 422
    assert soup(answer).find(id="email-e") is not None


def test_who_leaves_hands_over(make: Make, as_role: Callable[..., Person]) -> None:
    ana, bob = make.user(), make.user()
    contact = make.contact(owner=ana)
    admin = as_role("admin")
    assert "1 record belongs" in admin.get(f"/admin/users/{ana.id}/deactivate").text
    admin.post(f"/admin/users/{ana.id}/deactivate", {"hand_over_to": str(bob.id)})
    ctx = make.ctx()
    ctx.session.refresh(contact)
    assert contact.owner_id == bob.id
    assert not ctx.session.get_one(User, ana.id).active
    admin.post(f"/admin/users/{ana.id}/reactivate")
    assert make.ctx(ana)


def test_an_unknown_user_is_404(as_role: Callable[..., Person]) -> None:
    admin = as_role("admin")
    assert admin.get("/admin/users/999999").status_code == 404
    assert admin.post("/admin/users/999999/reactivate").status_code == 404


def test_teams_are_added_moved_and_deleted(make: Make, as_role: Callable[..., Person]) -> None:
    admin = as_role("admin")
    admin.post("/admin/teams", {"name": "Sales", "parent_id": ""})
    top = make.team("Sales").id
    admin.post("/admin/teams", {"name": "West", "parent_id": str(top)})
    below = make.team("West")
    assert below.parent_id == top
    assert admin.post(f"/admin/teams/{top}", {"name": "Sales", "parent_id": str(below.id)}).status_code == 422
    admin.post(f"/admin/teams/{top}/remove")
    assert list(make.ctx().session.execute(select(Team.name)).scalars()) == ["West"]


def test_the_matrix_of_a_role_is_saved(make: Make, as_role: Callable[..., Person]) -> None:
    admin = as_role("admin")
    page = soup(admin.get("/admin/roles/representative"))
    form = {str(s["name"]): str(s.select_one("option[selected]")["value"]) for s in page.find_all("select")}  # type: ignore[index]
    assert form["g.contact.view"] == "team"
    form |= {"g.contact.view": "own", "f.contact.birthday": "hidden", "needs_totp": "1"}
    assert admin.post("/admin/roles/representative", form).status_code == 303
    found = make.ctx(make.user("rep")).user
    assert found.reach("contact.view") == "own"
    assert found.reach("contact.edit") == "team"
    assert "contact.birthday" in found.hidden
    assert roles.get(make.ctx(), "representative").needs_totp


def test_a_role_of_ones_own_is_made_and_deleted(make: Make, as_role: Callable[..., Person]) -> None:
    admin = as_role("admin")
    answer = admin.post("/admin/roles/new", {"label": "Night shift", "g.contact.view": "all"})
    assert answer.headers["Location"] == "/admin/roles/night_shift"
    assert admin.post("/admin/roles/new", {"label": ""}).status_code == 422
    assert admin.post("/admin/roles/new", {"label": "x", "builtin": "1"}).status_code == 422
    admin.post("/admin/roles/night_shift/remove")
    assert admin.get("/admin/roles/night_shift").status_code == 404


def test_settings_are_saved_and_noted(make: Make, as_role: Callable[..., Person]) -> None:
    admin = as_role("admin")
    form = {
        "company": "Acme & Söhne",
        "locale": "de",
        "zone": "Europe/Berlin",
        "currency": "CHF",
        "region": "CH",
    }
    assert admin.post("/admin/settings", form).status_code == 303
    assert "Acme &amp; Söhne" in admin.get("/admin/settings").text
    assert "settings.change" in make.ctx().session.execute(select(AuditRow.action)).scalars().all()
    assert "site: company, " in admin.get("/admin/log").text


def test_no_page_shows_a_secret(make: Make, as_role: Callable[..., Person]) -> None:
    user = make.user(password_hash="$argon2id$v=19$m=19456,t=2,p=1$secret")
    admin = as_role("admin")
    for path in ("/admin/users", f"/admin/users/{user.id}", "/admin/log", "/admin/settings"):
        text = admin.get(path).text
        assert "argon2id" not in text
        assert "a secret for tests" not in text


def test_the_audit_log_says_who_did_what_to_whom_in_words(make: Make, as_role: Callable[..., Person]) -> None:
    bob, admin = make.user("rep"), as_role("admin")
    admin.post(
        f"/admin/users/{bob.id}", {"name": "Bob Silva", "email": bob.email, "roles": ["manager"], "team": ""}
    )
    rows = [" ".join(row.get_text(" ").split()) for row in soup(admin.get("/admin/log")).select("tbody tr")]
    assert any("Roles given" in row and "Bob Silva: manager" in row for row in rows)
    mine = soup(admin.get(f"/admin/log?user={bob.id}")).select("tbody tr")
    assert all("Roles given" not in row.get_text() for row in mine)


def test_the_audit_log_goes_on_to_older_events(
    make: Make, as_role: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = as_role("admin")
    for name in ("North", "South", "West"):
        admin.post("/admin/teams", {"name": name, "parent_id": ""})
    monkeypatch.setattr("app.web.admin.EVENTS", 2)
    seen: list[str] = []
    path = "/admin/log"
    while path:
        page = soup(admin.get(path))
        seen += [row.get_text() for row in page.select("tbody tr")]
        older = page.select_one("main a.btn[href*=before]")
        path = str(older["href"]) if older else ""
    assert sum("Team saved" in text for text in seen) == 3
    assert len(seen) == len(set(make.ctx().session.scalars(select(AuditRow.id))))


def test_every_audited_action_has_a_name() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    calls = re.findall(r"audit\.note\((?:[^()]|\([^()]*\))*", source)
    used = {word for call in calls for word in re.findall(r'"([a-z]+(?:\.[a-z_]+)+)"', call)}
    assert {"login.failed", "plugin.enabled", "user.roles"} <= used <= set(WORDS)


def test_without_a_mail_server_nobody_is_told_that_mail_is_on_its_way(
    make: Make, as_role: Callable[..., Person]
) -> None:
    admin, form = as_role("admin"), {"name": "Bob", "email": "bob@acme.pt", "roles": ["manager"], "team": ""}
    assert "hand this link over yourself" in admin.post("/admin/users/new", form).text
    admin.post(f"/admin/users/{make.user().id}/reset")
    assert "No mail server is set up" in admin.get("/admin").text
    assert "cannot send mail" in as_role(None).get("/forgot").text


def test_with_a_mail_server_the_link_is_mailed_too(
    make: Make, as_role: Callable[..., Person], mail_server: None
) -> None:
    admin, form = as_role("admin"), {"name": "Bob", "email": "bob@acme.pt", "roles": ["manager"], "team": ""}
    assert "is on its way" in admin.post("/admin/users/new", form).text
    admin.post(f"/admin/users/{make.user().id}/reset")
    assert "A reset link is on its way" in admin.get("/admin").text
    assert "cannot send mail" not in as_role(None).get("/forgot").text
