"""What a token may: never more than its user on pages, and only within its scopes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.models import FieldRule, Role
from app.services import api_pace, settings
from app.services.context import clock as now
from app.testing.clients import Person
from app.testing.factories import Make
from app.testing.programs import Program
from app.web.security import routes_check

Programs = Callable[..., Program]


def test_every_route_of_the_api_needs_a_token(app: Flask) -> None:
    client = app.test_client()
    entity, uid = "contact", "0198c0de-0000-7000-8000-000000000000"
    walked = 0
    for path, methods, endpoint in routes_check.routes(app):
        if not endpoint.startswith("api."):
            continue
        filled = path.replace("<entity>", entity).replace("<uuid:uid>", uid).replace("<name>", "x")
        for method in methods:
            walked += 1
            answer = client.open(filled, method=method)
            assert answer.status_code == 401, (method, path)
            assert answer.mimetype == "application/problem+json"
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert walked >= 20


def test_a_token_counts_in_the_header_alone(
    app: Flask, program: Programs, as_role: Callable[..., Person]
) -> None:
    asking = program()
    assert app.test_client().get(f"/api/v1/contact?access_token={asking.token}").status_code == 401
    assert as_role("admin").get("/api/v1/contact").status_code == 401
    assert Program(app, asking.user, token="kith_" + "x" * 43).get("/contact").status_code == 401


def test_records_out_of_sight_are_not_there(program: Programs, make: Make) -> None:
    other = make.user("rep", team="south")
    hers = make("contact", owner=other, given_name="Ana")
    asking = program("rep", team="north")
    address = f"/contact/{hers.uid}"
    assert asking.read("/contact")["data"] == []
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/restore")):
        answer = asking.ask(method, address + path, {"fields": {}} if method == "PATCH" else None)
        assert answer.status_code == 404, (method, path)
    tied = asking.ask("POST", "/interaction", {"fields": {"kind": "call", "contacts": [str(hers.uid)]}})
    assert tied.status_code == 422


def test_fields_that_are_hidden_from_somebody_do_not_exist(program: Programs, make: Make) -> None:
    asking = program("rep")
    ctx = make.ctx()
    with ctx.unit():
        role = ctx.session.execute(select(Role).where(Role.name == "representative")).scalar_one()
        ctx.session.add(FieldRule(role_id=role.id, field="contact.note", mode="hidden"))
        ctx.session.add(FieldRule(role_id=role.id, field="contact.nickname", mode="readonly"))
        settings.bump(ctx, "permissions")
    made = asking.make("contact", given_name="Ana")
    assert "note" not in made["fields"]
    address = f"/contact/{made['uid']}"
    assert asking.get(f"{address}?fields=note").status_code == 422
    assert asking.get("/contact?filter=note contains x").status_code == 422
    assert asking.ask("PATCH", address, {"fields": {"note": "x"}}).status_code == 422
    assert asking.ask("PATCH", address, {"fields": {"nickname": "x"}}).status_code == 403


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        ("read", {"contact", "company"}, set()),
        ("write", {"contact", "company"}, {"contact", "company"}),
        ("contact:read", {"contact"}, set()),
        ("contact:write company:read", {"contact", "company"}, {"contact"}),
    ],
)
def test_a_token_does_what_its_scopes_say(
    program: Programs, scopes: str, reads: set[str], writes: set[str]
) -> None:
    asking = program("admin", scopes=scopes)
    for entity in ("contact", "company"):
        assert asking.get(f"/{entity}").status_code == (200 if entity in reads else 403)
        made = asking.ask("POST", f"/{entity}", {"fields": {"name": "Acme"}})
        assert made.status_code == (201 if entity in writes else 403)


def test_the_rights_of_its_user_are_the_most_a_token_has(program: Programs) -> None:
    asking = program("readonly")
    assert asking.get("/contact").status_code == 200
    assert asking.ask("POST", "/contact", {"fields": {"name": "Ana"}}).status_code == 403


def test_what_is_not_there_is_a_problem_too(program: Programs) -> None:
    asking = program()
    for path in ("/nothing", "/sales.stage", "/contact/0198c0de-0000-7000-8000-000000000000", "/a/b/c/d"):
        answer = asking.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), path
    assert asking.ask("PUT", "/contact").status_code == 405


def test_a_token_has_its_pace(program: Programs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_pace, "LIMIT", 45)
    still = now()
    monkeypatch.setattr("app.services.context.clock", lambda: still)
    asking = program()
    left = [int(asking.get("/me").headers["RateLimit-Remaining"]) for _n in range(45)]
    assert left == list(range(44, -1, -1))
    late = asking.get("/me")
    assert late.status_code == 429
    assert 0 < int(late.headers["Retry-After"]) <= 60
    assert program().get("/me").status_code == 200
    api_pace.forget()  # another process knows it from the database
    assert asking.get("/me").status_code == 429
