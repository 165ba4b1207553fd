"""The document of the API says what there is, for whoever reads it, and holds together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app.testing.clients import Person
from app.testing.programs import Program

Programs = Callable[..., Program]
METHODS = {"get", "post", "patch", "delete"}


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Plugins are in the document like the core."""
    return ("gifts", "sales")


def references(found: Any) -> Iterator[str]:
    """Every reference within a document."""
    if isinstance(found, dict):
        if "$ref" in found:
            yield found["$ref"]
        for value in found.values():
            yield from references(value)
    elif isinstance(found, list):
        for value in found:
            yield from references(value)


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Path, method and operation of a document."""
    for path, item in document["paths"].items():
        yield from ((path, method, op) for method, op in item.items() if method in METHODS)


def test_every_reference_leads_somewhere_and_every_name_is_there_once(program: Programs) -> None:
    document = program().read("/openapi.json")
    for reference in set(references(document)):
        place = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    names = [op["operationId"] for _p, _m, op in operations(document)]
    assert len(names) == len(set(names)) > 150
    linked = {
        link["operationId"]
        for _p, _m, op in operations(document)
        for answer in op["responses"].values()
        for link in answer.get("links", {}).values()
    }
    assert linked <= set(names)


def test_every_path_of_the_document_is_a_route_and_the_other_way_round(app: Flask, program: Programs) -> None:
    document = program().read("/openapi.json")
    adapter = app.url_map.bind("localhost")
    uid = "0198c0de-0000-7000-8000-000000000000"
    found = set()
    for path, method, _op in operations(document):
        rule, _values = adapter.match(path.replace("{uid}", uid), method=method.upper(), return_rule=True)
        found.add((rule.rule, method.upper()))
    routes = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == routes


def test_the_document_is_made_for_its_reader(program: Programs, as_role: Callable[..., Person]) -> None:
    every = program().read("/openapi.json")
    assert "/api/v1/sales.deal" in every["paths"]
    assert "sales.open_deals" in every["components"]["schemas"]["ContactFields"]["properties"]
    narrow = program("rep", scopes="contact:read").read("/openapi.json")
    assert "/api/v1/company" not in narrow["paths"]
    assert set(narrow["paths"]["/api/v1/contact"]) == {"get"}
    signed_in = as_role("readonly").get("/api/v1/openapi.json")
    assert signed_in.status_code == 200
    assert "post" not in json.loads(signed_in.data)["paths"]["/api/v1/contact"]


@pytest.mark.parametrize("entity", ["contact", "company", "task", "gifts.gift", "sales.deal", "sales.lead"])
def test_what_is_told_has_the_fields_of_the_document(program: Programs, entity: str) -> None:
    asking = program()
    needed = {"task": {"summary": "x"}}.get(
        entity, {"topic": "x"} if entity == "sales.lead" else {"name": "x"}
    )
    made = asking.make(entity, **needed)
    document = asking.read("/openapi.json")
    name = document["paths"][f"/api/v1/{entity}"]["get"]["responses"]["200"]["content"]["application/json"]
    page = document["components"]["schemas"][name["schema"]["$ref"].rpartition("/")[2]]
    record = document["components"]["schemas"][page["properties"]["data"]["items"]["$ref"].rpartition("/")[2]]
    fields = document["components"]["schemas"][record["properties"]["fields"]["$ref"].rpartition("/")[2]]
    assert set(made["fields"]) == set(fields["properties"])
    assert set(made) == set(record["required"])
