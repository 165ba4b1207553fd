"""Whatever is sent to the API, it answers as its document says: no status, no media type that does not stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.services import api_pace
from app.testing.programs import ROOT, Program

Programs = Callable[..., Program]
NOWHERE = "0198c0de-0000-7000-8000-000000000000"
METHODS = ("get", "post", "patch", "delete")

ODD: tuple[Any, ...] = (
    None,
    0,
    -1,
    1e300,
    True,
    "",
    " ",
    "x" * 5000,
    "\x00",
    "9999-99-99",
    [],
    [None],
    [{}],
    {},
    {"a": {}},
)
"""Values that no field of any kind should stumble over."""

QUERIES = (
    "",
    "?limit=0",
    "?filter=(",
    "?sort=-",
    "?fields=,",
    "?after=a.b.c",
    "?q=%00%F0",
    "?count=maybe",
    "?x=1&x=2",
)
HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"If_Match": 'W/"1.x", "y"'},
    {"If_Match": '""'},
    {"If_None_Match": "*"},
    {"Idempotency_Key": ""},
)


@pytest.fixture(scope="session")
def kith_plugins() -> tuple[str, ...]:
    """Kinds of record and actions of plugins are asked like the core's."""
    return ("gifts", "sales")


def answers(document: Any, found: Any, operation: Any) -> str:
    """Why an answer does not stand in the document, or nothing."""
    told = operation["responses"].get(str(found.status_code))
    if told is None or found.status_code >= 500:
        return f"{found.status_code}: {found.text[:200]}"
    if "$ref" in told:
        told = document["components"]["responses"]["Problem"]
    media = told.get("content")
    if media is not None and found.mimetype not in media:
        return f"{found.status_code} as {found.mimetype}"
    if media is None and found.data:
        return f"{found.status_code} with a body"
    missing = [name for name in told.get("headers", {}) if name not in found.headers]
    return f"{found.status_code} without {missing}" if missing else ""


def bodies(document: Any, operation: Any) -> Iterator[Any]:
    """Bodies for an operation: none, odd ones, and an odd value for each of its fields."""
    if "requestBody" not in operation:
        yield None
        return
    yield from (
        {},
        [],
        {"fields": 1},
        {"uids": [NOWHERE], "data": {"name": {}}},
        {"operation": "update", "records": [{}]},
    )
    schema = next(iter(operation["requestBody"]["content"].values()))["schema"]
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.endswith(("Create", "Change")):
        fields = document["components"]["schemas"][name]["properties"]["fields"]["$ref"].rpartition("/")[2]
        for place, field in enumerate(document["components"]["schemas"][fields]["properties"]):
            yield {"fields": {field: ODD[place % len(ODD)]}}
            yield {"fields": {field: ODD[(place * 7 + 3) % len(ODD)]}}


def questions(document: Any, known: dict[str, str]) -> Iterator[tuple[str, str, Any, Any]]:
    """Method, path, body and operation of all that is asked: of records that are there and of one that is not."""
    for path, item in document["paths"].items():
        entity = path.removeprefix(ROOT).strip("/").partition("/")[0]
        for method in (m for m in METHODS if m in item):
            there = known.get(entity, NOWHERE) if method != "delete" and "{uid}" in path else NOWHERE
            for uid in dict.fromkeys((there, NOWHERE)):
                filled = path.replace("{uid}", uid).removeprefix(ROOT)
                for query in QUERIES if method == "get" else ("",):
                    for body in bodies(document, item[method]):
                        yield method.upper(), filled + query, body, item[method]


def test_every_operation_answers_as_the_document_says(
    program: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_pace, "LIMIT", 10**6)
    asking = program()
    document = asking.read("/openapi.json")
    known = {
        "contact": asking.make("contact", given_name="Ana")["uid"],
        "company": asking.make("company", name="Acme")["uid"],
        "task": asking.make("task", summary="Call")["uid"],
        "gifts.gift": asking.make("gifts.gift", name="Tulips")["uid"],
        "sales.deal": asking.make("sales.deal", name="Big one")["uid"],
        "sales.quote": asking.make("sales.quote", name="An offer")["uid"],
    }
    wrong, statuses = [], set()
    for n, (method, path, body, operation) in enumerate(questions(document, known)):
        found = asking.ask(method, path, body, **HEADERS[n % len(HEADERS)])
        statuses.add(found.status_code)
        if why := answers(document, found, operation):
            wrong.append(f"{method} {path} {str(body)[:120]}: {why}")
        found.close()
    assert wrong == []
    assert {200, 201, 404, 412, 422} <= statuses
    assert 429 not in statuses
