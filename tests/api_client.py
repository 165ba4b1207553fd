"""What a generated client does with every kind of record; run by tests.api_contract in the client's own environment."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

NEEDED = {"currency": "EUR"}
"""Values of required fields that not any text is good for."""


def main(document: str, address: str, token: str) -> int:
    """Make, read, change, list, delete and restore a record of each kind; returns 1 when one of these fails."""
    sys.path.insert(0, str(Path.cwd()))
    client = importlib.import_module("kith_client").AuthenticatedClient(base_url=address, token=token)
    told = json.loads(Path(document).read_text("utf-8"))
    operations = {
        op["operationId"]: op
        for item in told["paths"].values()
        for method, op in item.items()
        if method != "parameters"
    }
    failed = 0
    for name in [n for n in operations if n.startswith("create_")]:
        why = one(client, told["components"]["schemas"], operations, name.removeprefix("create_"))
        print(f"{name.removeprefix('create_'):20} {why or 'ok'}")
        failed += bool(why)
    return int(failed > 0)


def one(client: Any, schemas: Any, operations: Any, slug: str) -> str:
    """Go through the life of a record; return what went wrong, or nothing."""
    models = importlib.import_module("kith_client.models")
    base = shape_of(operations, slug)
    try:
        uid = make(client, schemas, operations, slug)
    except RuntimeError as error:
        return str(error)
    write = getattr(models, f"{base}Write").from_dict({first(schemas[f"{base}New"]): "Changed"})

    def ask(verb: str, *args: Any, **more: Any) -> Any:
        return asked(client, operations, f"{verb}_{slug}", *args, **more)

    seen = [
        ask("get", uid),
        ask("update", uid, body=getattr(models, f"{base}Change")(fields=write)),
        ask("list", limit=5),
        ask("delete", uid),
        ask("get", uid),
        ask("restore", uid),
    ]
    codes = [int(answer.status_code) for answer in seen]
    return "" if codes == [200, 200, 200, 204, 404, 200] else f"answers {codes}"


def asked(client: Any, operations: Any, name: str, *args: Any, **more: Any) -> Any:
    """Send a request by the client's own function for an operation."""
    tag = operations[name]["tags"][0].lower().replace(" ", "_")
    return importlib.import_module(f"kith_client.api.{tag}.{name}").sync_detailed(
        *args, client=client, **more
    )


def shape_of(operations: Any, slug: str) -> str:
    """Return how the schemas of a kind of record begin."""
    sent = operations[f"create_{slug}"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return str(sent.rpartition("/")[2].removesuffix("Create"))


def make(client: Any, schemas: Any, operations: Any, slug: str) -> Any:
    """Make a record with what it needs, other records first; return its uid. Raises RuntimeError with the answer."""
    models = importlib.import_module("kith_client.models")
    base = shape_of(operations, slug)
    shape = schemas[f"{base}New"]

    def value(name: str) -> Any:
        told = shape["properties"][name]
        if told.get("format") == "uuid":
            target = told["description"].rpartition("→ ")[2].replace(".", "_")
            return str(make(client, schemas, operations, target))
        if "number" in told["type"]:
            return 60
        usual = "2026-03-02" if told.get("format") == "date" else told.get("enum", ["Made by a client"])[0]
        return NEEDED.get(name, usual)

    fields = {name: value(name) for name in shape["required"] or [first(shape)]}
    body = getattr(models, f"{base}Create")(fields=getattr(models, f"{base}New").from_dict(fields))
    made = asked(client, operations, f"create_{slug}", body=body)
    if made.status_code != 201:
        raise RuntimeError(f"create: {made.content.decode()[:300]}")
    return made.parsed.uid


def first(shape: Any) -> str:
    """Return the first field that takes any text."""
    for name, found in shape["properties"].items():
        if found.get("type") == ["string", "null"] and not {"enum", "format", "pattern", "examples"} & set(
            found
        ):
            return str(name)
    raise LookupError(shape)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
