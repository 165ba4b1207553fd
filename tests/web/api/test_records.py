"""Records through the API: what a program makes is there for people, and the other way round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.testing.factories import Make
from app.testing.programs import Program

Programs = Callable[..., Program]


def test_a_contact_is_made_read_changed_and_moved_to_the_trash(program: Programs) -> None:
    asking = program()
    made = asking.make(
        "contact",
        given_name="Ana",
        family_name="Lima",
        emails=["ana@example.org", {"value": "a@acme.example", "kind": "work"}],
        affiliations=[{"name": "Acme", "title": "CTO"}],
        tags=["VIP"],
        birthday="--04-12",
        lifecycle_stage="lead",
    )
    address = f"/contact/{made['uid']}"
    fields = asking.read(address)["fields"]
    assert fields["given_name"] == "Ana"
    assert [e["value"] for e in fields["emails"]] == ["ana@example.org", "a@acme.example"]
    assert fields["affiliations"][0]["name"] == "Acme"
    assert fields["affiliations"][0]["company"] == asking.read("/company")["data"][0]["uid"]
    assert (fields["tags"], fields["birthday"]) == (["VIP"], "--04-12")
    changed = asking.ask("PATCH", address, {"fields": {"family_name": "Lima Costa"}})
    assert changed.status_code == 200
    assert changed.json["title"] == "Ana Lima Costa"
    assert asking.ask("DELETE", address).status_code == 204
    assert asking.get(address).status_code == 404
    assert [r["uid"] for r in asking.read("/contact/trash")["data"]] == [made["uid"]]
    assert asking.ask("POST", f"{address}/restore").json["title"] == "Ana Lima Costa"
    assert asking.get(address).status_code == 200


def test_pages_of_a_list_follow_one_another_by_cursors_and_links(program: Programs, make: Make) -> None:
    for n in range(7):
        make.contact(given_name="Ana", family_name=f"Lima{n}")
    asking = program()
    seen: list[str] = []
    path = "/contact?limit=3&fields=name&sort=name"
    while path:
        answer = asking.get(path)
        seen += [r["title"] for r in answer.json["data"]]
        links = {
            p.split(";")[1].strip(): p.split(";")[0].strip(" <>") for p in answer.headers["Link"].split(",")
        }
        path = links.get('rel="next"', "").removeprefix("/api/v1")
        assert bool(path) == (answer.json["next"] is not None)
    assert seen == [f"Ana Lima{n}" for n in range(7)]


def test_a_list_is_narrowed_by_the_language_of_lists(program: Programs, make: Make) -> None:
    make.contact(given_name="Ana", family_name="Lima", lifecycle_stage="customer")
    make.contact(given_name="Rui", family_name="Faria", lifecycle_stage="lead")
    asking = program()
    found = asking.get("/contact?filter=lifecycle_stage = customer&count=true&fields=given_name").json
    assert [r["fields"] for r in found["data"]] == [{"given_name": "Ana"}]
    assert found["count"] == 1
    assert [r["title"] for r in asking.read("/contact?q=faria")["data"]] == ["Rui Faria"]
    wrong = asking.get("/contact?filter=lifecycle_stage = ")
    assert wrong.status_code == 422
    assert wrong.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "sort=nothing",
        "fields=nothing",
        "include=note",
        "limit=0",
        "limit=201",
        "after=x",
        "what=1",
        "count=1",
    ],
)
def test_a_parameter_that_cannot_be_used_is_told(program: Programs, query: str) -> None:
    answer = program().get(f"/contact?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_what_records_refer_to_comes_along_once(program: Programs, make: Make) -> None:
    asking = program()
    acme = asking.make("company", name="Acme")
    for name in ("Ana", "Rui"):
        asking.make("contact", given_name=name, affiliations=[{"company": acme["uid"]}])
    found = asking.read("/contact?include=affiliations,owner_id&fields=name")
    assert {(r["entity"], r["title"]) for r in found["included"]} == {
        ("company", "Acme"),
        ("user", asking.user.name),
    }
    assert len(found["included"]) == 2


@pytest.mark.parametrize("size", [1, 30])
def test_a_page_costs_the_same_number_of_statements_however_long_it_is(
    program: Programs, make: Make, queries: Any, size: int
) -> None:
    asking = program()
    for n in range(size):
        asking.make(
            "contact",
            given_name=f"Ana{n}",
            affiliations=[{"name": f"Acme {n}"}],
            emails=[f"a{n}@example.org"],
        )
    asking.read("/contact?include=affiliations")
    with queries() as seen:
        asking.read("/contact?include=affiliations")
    assert len(seen) <= 32


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"nothing": 1}, "nothing"),
        ({"given_name": 1}, "given_name"),
        ({"emails": ["no address"]}, "emails"),
        ({"emails": [{"value": "a@example.org", "more": 1}]}, "emails"),
        ({"lifecycle_stage": "king"}, "lifecycle_stage"),
        ({"birthday": "yesterday"}, "birthday"),
        ({"owner_id": "0198c0de-0000-7000-8000-000000000000"}, "owner_id"),
        ({"owner_id": 1}, "owner_id"),
        ({"created_at": "2026-01-01T00:00:00Z"}, "created_at"),
        ({"company": "Acme"}, "company"),
        ({"tags": "VIP"}, "tags"),
        ({"do_not_contact": [{"channel": "pigeon"}]}, "do_not_contact"),
        ({"relations": [{"contact": "x", "type": "friend"}]}, "relations"),
        ({"keep_in_touch_days": 1e300}, "keep_in_touch_days"),
    ],
)
def test_a_value_that_cannot_be_used_is_told_by_its_field(program: Programs, fields: Any, wrong: str) -> None:
    answer = program().ask("POST", "/contact", {"fields": {"family_name": "Lima", **fields}})
    assert answer.status_code == 422
    assert [e["field"] for e in answer.json["errors"]] == [wrong]


def test_a_body_that_is_no_json_object_is_refused(program: Programs) -> None:
    asking = program()
    told = {"Authorization": f"Bearer {asking.token}"}
    send = asking.client.post
    assert send("/api/v1/contact", data="x", headers=told).status_code == 415
    for body in ("{", "NaN", "[" * 100_000, '{"fields": {"name": "\\ud800"}}', "9" * 5000):
        answer = send("/api/v1/contact", data=body, content_type="application/json", headers=told)
        assert answer.status_code in (400, 422), body[:20]
        assert answer.mimetype == "application/problem+json"
    answer = send("/api/v1/contact", json={"fields": {"name": "A\x00na"}}, headers=told)
    assert answer.json["title"] == "Ana"


def test_an_interaction_and_a_task_are_tied_to_people(program: Programs) -> None:
    asking = program()
    ana = asking.make("contact", given_name="Ana")
    call = asking.make(
        "interaction",
        kind="call",
        subject="Hello",
        occurred_at="2026-03-01T09:00:00+01:00",
        contacts=[ana["uid"]],
    )
    assert call["fields"]["contacts"] == [ana["uid"]]
    assert call["fields"]["occurred_at"] == "2026-03-01T08:00:00+00:00"
    assert (
        asking.read(f"/contact/{ana['uid']}")["fields"]["last_interaction_at"] == "2026-03-01T08:00:00+00:00"
    )
    about = {"entity": "contact", "uid": ana["uid"]}
    task = asking.make("task", summary="Call back", about=[about], due_on="2026-03-05")
    assert task["fields"]["about"] == [about]
    assert task["fields"]["assignee_id"] == asking.read("/me")["user"]["uid"]
    assert asking.make("task", summary="Some day")["fields"]["due_on"] is None


def test_a_change_of_a_version_that_is_over_is_refused(program: Programs) -> None:
    asking = program()
    made = asking.ask("POST", "/company", {"fields": {"name": "Acme"}})
    address, first = f"/company/{made.json['uid']}", made.headers["ETag"]
    assert asking.ask("PATCH", address, {"fields": {"industry": "Steel"}}, If_Match=first).status_code == 200
    late = asking.ask("PATCH", address, {"fields": {"industry": "Wood"}}, If_Match=first)
    assert late.status_code == 412
    assert asking.ask("DELETE", address, If_Match=first).status_code == 412
    assert asking.ask("DELETE", address, If_Match='"x"').status_code == 412
    found = asking.get(address)
    assert found.json["fields"]["industry"] == "Steel"
    assert asking.get(address, If_None_Match=found.headers["ETag"]).status_code == 304
    packed = asking.get(address, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert asking.get(address, If_None_Match=packed.headers["ETag"]).status_code == 304
    assert asking.get(address, If_Match='"0.x"').status_code == 200
    either = f"{first}, {found.headers['ETag']}"
    again = asking.ask("PATCH", address, {"fields": {"industry": "Wood"}}, If_Match=either)
    assert again.status_code == 200
    assert asking.ask("PATCH", address, {"fields": {"industry": "Tin"}}, If_Match=either).status_code == 412
    found = asking.get(address)
    assert found.json["fields"]["industry"] == "Wood"
    assert asking.ask("DELETE", address, If_Match=found.headers["ETag"]).status_code == 204


def test_the_trash_is_told_page_by_page(program: Programs) -> None:
    asking = program()
    for n in range(5):
        made = asking.make("company", name=f"Acme {n}")
        asking.ask("DELETE", f"/company/{made['uid']}")
    seen: list[str] = []
    path: str | None = "/company/trash?limit=2"
    while path:
        found = asking.read(path)
        seen += [r["title"] for r in found["data"]]
        path = found["next"] and f"/company/trash?limit=2&after={found['next']}"
    assert seen == [f"Acme {n}" for n in range(4, -1, -1)]
    assert asking.get("/company/trash?after=x").status_code == 422
    elsewhere = asking.read("/company?limit=1")["next"] or "y"
    assert asking.get(f"/company/trash?after={elsewhere}").status_code == 422


def test_a_request_with_a_key_is_done_once(program: Programs) -> None:
    asking = program()
    sent = {"fields": {"name": "Acme"}}
    first = asking.ask("POST", "/company", sent, Idempotency_Key="k1")
    again = asking.ask("POST", "/company", sent, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert first.headers["ETag"] == again.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(asking.read("/company")["data"]) == 1
    other = asking.ask("POST", "/company", {"fields": {"name": "Bcme"}}, Idempotency_Key="k1")
    assert other.status_code == 422
    wrong = asking.ask("POST", "/company", {"fields": {}}, Idempotency_Key="k2")
    assert wrong.status_code == 422
    assert asking.ask("POST", "/company", sent, Idempotency_Key="k2").status_code == 201


def test_many_are_changed_at_once_each_for_itself(program: Programs) -> None:
    asking = program()
    made = asking.ask(
        "POST",
        "/company/bulk",
        {
            "operation": "create",
            "records": [{"fields": {"name": "A"}}, {"fields": {}}, {"fields": {"name": "B"}}],
        },
    )
    assert (made.status_code, made.json["done"], made.json["refused"]) == (200, 2, 1)
    assert made.json["results"][1]["problem"]["status"] == 422
    uids = [r["uid"] for r in made.json["results"] if r["uid"]]
    entries = [{"uid": uid, "fields": {"industry": "Steel"}} for uid in uids]
    entries.append({"uid": "0198c0de-0000-7000-8000-000000000000", "fields": {"industry": "Steel"}})
    changed = asking.ask("POST", "/company/bulk", {"operation": "update", "records": entries}).json
    assert (changed["done"], changed["refused"]) == (2, 1)
    assert changed["results"][2]["problem"]["status"] == 404
    gone = asking.ask("POST", "/company/bulk", {"operation": "delete", "records": [{"uid": u} for u in uids]})
    assert gone.json["done"] == 2
    assert asking.read("/company")["data"] == []
