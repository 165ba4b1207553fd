"""Ways around the rights that an attacker with a token tries first, and bodies that are made to break something."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.models import FieldRule, Role
from app.services import api_pace, settings
from app.testing.clock import Clock
from app.testing.factories import Make
from app.testing.programs import ROOT, Program

Programs = Callable[..., Program]


def hide(make: Make, role: str, *names: str) -> None:
    """Hide fields from a role."""
    ctx = make.ctx()
    with ctx.unit():
        found = ctx.session.execute(select(Role).where(Role.name == role)).scalar_one()
        ctx.session.add_all(FieldRule(role_id=found.id, field=name, mode="hidden") for name in names)
        settings.bump(ctx, "permissions")


@pytest.mark.parametrize(
    "query",
    [
        'contact?filter=note contains "secret"',
        'contact?filter=not (note contains "secret")',
        "contact?sort=note",
        "contact?sort=-note",
        "contact?fields=note",
        "contact?sort=birthday",
        'contact?filter=emails = "ana@example.org"',
        'interaction?filter=body contains "secret"',
        'interaction?filter=contacts.note contains "secret"',
        'contact?filter=company.description contains "secret"',
        "contact?include=owner_id",
    ],
)
def test_a_hidden_field_is_no_oracle(program: Programs, make: Make, query: str) -> None:
    asking = program("rep")
    hide(
        make,
        "representative",
        "contact.note",
        "contact.birthday",
        "contact.emails",
        "interaction.body",
        "company.description",
        "contact.owner_id",
    )
    assert asking.get(f"/{query}").status_code == 422, asking.get(f"/{query}").text


def test_words_of_a_hidden_field_find_nothing(program: Programs, make: Make) -> None:
    writing, asking = program(), program("manager")
    made = writing.make("contact", given_name="Ana", note="zebrafinch", emails=["quagga@example.org"])
    call = writing.make("interaction", kind="call", body="narwhals", contacts=[made["uid"]])
    assert asking.read("/contact?q=zebrafinch")["data"]
    assert asking.read(f"/contact/{made['uid']}/timeline?q=narwhals")["data"]
    hide(make, "manager", "contact.note", "contact.emails", "interaction.body")
    assert asking.read("/contact?q=zebrafinch")["data"] == []
    assert asking.read("/contact?q=quagga")["data"] == []
    assert asking.read("/search?q=zebrafinch")["groups"] == []
    assert asking.read("/search?q=narwhals")["groups"] == []
    assert asking.read(f"/contact/{made['uid']}/timeline?q=narwhals")["data"] == []
    assert call["uid"] in str(asking.read(f"/contact/{made['uid']}/timeline"))
    assert "narwhals" not in str(asking.read(f"/contact/{made['uid']}/timeline"))
    assert "zebra" not in str(asking.read(f"/interaction/{call['uid']}?include=contacts"))


def test_what_a_token_may_not_read_does_not_come_along(program: Programs) -> None:
    writing = program()
    company = writing.make("company", name="Acme Secret")
    made = writing.make("contact", given_name="Ana", affiliations=[{"company": company["uid"]}])
    writing.make("interaction", kind="call", subject="narwhals", contacts=[made["uid"]])
    one = f"/contact/{made['uid']}"
    asking = Program(writing.client.application, writing.user, "contact:read")
    told = asking.read(f"{one}?include=affiliations,owner_id")
    assert all(one["entity"] != "company" for one in told["included"])
    assert company["uid"] not in json.dumps(told)
    assert asking.read(f"{one}/timeline")["data"] == []
    assert asking.read("/search?q=narwhals")["groups"] == []
    assert asking.read("/search?q=Acme")["groups"] == []
    print(asking.get('/contact?filter=company.name contains "Secret"').json)


def test_what_is_not_of_the_form_is_not_taken(program: Programs, make: Make) -> None:
    asking = program("rep", team="north")
    made = asking.make("contact", given_name="Ana")
    for name, value in {
        "id": 7,
        "uid": made["uid"],
        "version": 99,
        "deleted_at": None,
        "created_at": "2020-01-01T00:00:00Z",
        "created_by": None,
        "updated_at": "2020-01-01T00:00:00Z",
        "merged_into": None,
        "owner_id": make.user("rep").uid,
        "team_id": None,
        "search_text": "x",
        "__class__": "x",
    }.items():
        answer = asking.ask("PATCH", f"/contact/{made['uid']}", {"fields": {name: value}})
        assert answer.status_code in (403, 422), (name, answer.text)
        answer = asking.ask("POST", "/contact", {"fields": {"given_name": "Ana", name: value}})
        assert answer.status_code in (403, 422), (name, answer.text)


def test_half_a_character_is_refused_in_every_encoding(program: Programs) -> None:
    asking = program()
    text = '{"fields": {"given_name": "\\ud800"}}'
    for data in (text.encode(), text.encode("utf-16"), text.encode("utf-16-le"), text.encode("utf-32")):
        answer = asking.client.post(
            f"{ROOT}/contact",
            data=data,
            headers={"Authorization": f"Bearer {asking.token}", "Content-Type": "application/json"},
        )
        assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("uid", ["\x00", "x\x00", "é", "x" * 5000, "'; drop table contact; --", ""])
def test_a_uid_that_is_none_is_not_there(program: Programs, uid: str) -> None:
    asking = program()
    for operation in ("update", "delete", "restore"):
        answer = asking.ask("POST", "/contact/bulk", {"operation": operation, "records": [{"uid": uid}]})
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        assert answer.json["results"][0]["problem"]["status"] == 404
    name = asking.read(f"/contact/{asking.make('contact', given_name='Ana')['uid']}/actions")["data"][0][
        "name"
    ]
    assert asking.ask("POST", f"/contact/actions/{name}", {"uids": [uid]}).status_code in (404, 422)


def test_the_document_has_its_pace_too(
    program: Programs, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    clock.set(clock.now)  # the minute does not end meanwhile
    monkeypatch.setattr(api_pace, "LIMIT", 3)
    monkeypatch.setattr(api_pace, "BLOCK", 1)
    asking = program()
    codes = [asking.get("/openapi.json").status_code for _n in range(4)]
    assert codes == [200, 200, 200, 429]


def test_a_key_belongs_to_its_token_and_its_condition(program: Programs) -> None:
    asking = program()
    other = Program(asking.client.application, asking.user, "write")
    made = asking.make("contact", given_name="Ana")
    one = f"/contact/{made['uid']}"
    change = {"fields": {"given_name": "Bea"}}
    first = asking.ask("PATCH", one, change, If_Match=f'"{made["version"]}"', Idempotency_Key="k")
    assert first.status_code == 200
    assert "Idempotency-Replayed" not in other.ask("PATCH", one, change, Idempotency_Key="k").headers
    assert asking.ask("PATCH", one, change, Idempotency_Key="k").status_code == 422
