"""Kinds of record that administrators defined, for programs: made, found, changed, trashed, and in the document."""

from __future__ import annotations

from collections.abc import Callable

from app.services import custom_fields, own_types
from app.services.context import acting
from app.services.custom_fields import Values as Field
from app.services.own_types import Values
from app.testing.factories import Make
from app.testing.programs import Program


def test_a_program_works_with_an_own_kind_like_with_any_other(
    program: Callable[..., Program], make: Make
) -> None:
    asking = program()
    ana = make.contact(given_name="Ana", family_name="Lima")
    with acting(make.ctx(asking.user)) as ctx:
        own_types.add(ctx, Values(label="Boat", plural="Boats"))
    with acting(make.ctx(asking.user)) as ctx:
        custom_fields.add(ctx, "x_boat", Field(label="Length", type="number", decimals=1))
        custom_fields.add(ctx, "x_boat", Field(label="Skipper", type="ref", ref="contact"))

    made = asking.make("x_boat", name="Aurora", x_length=12.5, x_skipper=ana.uid)
    asking.make("x_boat", name="Bora", x_length=8)
    address = f"/x_boat/{made['uid']}"
    assert asking.read(address)["fields"]["x_skipper"] == ana.uid
    assert asking.read(f"{address}/timeline")["data"] == []
    assert [r["title"] for r in asking.read("/x_boat?sort=-x_length")["data"]] == ["Aurora", "Bora"]
    found = asking.read("/x_boat?filter=x_skipper.family_name%20%3D%20Lima")
    assert [r["uid"] for r in found["data"]] == [made["uid"]]

    assert asking.ask("PATCH", address, {"fields": {"name": "Zephyr"}}).json["title"] == "Zephyr"
    assert asking.ask("PATCH", address, {"fields": {"name": ""}}).status_code == 422
    assert asking.ask("DELETE", address).status_code == 204
    assert [r["uid"] for r in asking.read("/x_boat/trash")["data"]] == [made["uid"]]
    assert asking.ask("POST", f"{address}/restore").status_code == 200
    paths = asking.read("/openapi.json")["paths"]
    assert any(path.endswith("/x_boat/{uid}") for path in paths)
    assert program("readonly").ask("POST", "/x_boat", {"fields": {"name": "No"}}).status_code == 403
