"""Fields that administrators added are those of programs too: written, read, asked for, and explained."""

from __future__ import annotations

import io
from collections.abc import Callable

from app.kernel.contributions import Choice
from app.services import custom_fields
from app.services.context import acting
from app.services.custom_fields import Values
from app.testing.factories import Make
from app.testing.programs import Program

SIZES = (Choice(value="", label="Small"), Choice(value="", label="Large"))


def test_a_program_writes_reads_and_asks_for_added_fields(
    program: Callable[..., Program], make: Make
) -> None:
    asking = program()
    acme = make.company(name="Acme")
    with acting(make.ctx(asking.user)) as ctx:
        for values in (
            Values(label="Seats", type="number"),
            Values(label="Share", type="number", decimals=2),
            Values(label="Worth", type="money"),
            Values(label="Since", type="date"),
            Values(label="Seen", type="time"),
            Values(label="VIP", type="bool"),
            Values(label="Size", type="choice", choices=SIZES),
            Values(label="Likes", type="choices", choices=SIZES),
            Values(label="Portal", type="url"),
            Values(label="Employer", type="ref", ref="company"),
        ):
            custom_fields.add(ctx, "contact", values)
    sent = {
        "x_seats": 12,
        "x_share": 2.5,
        "x_worth": "1200.50",
        "x_since": "2024-02-29",
        "x_seen": "2024-02-29T12:00:00+00:00",
        "x_vip": True,
        "x_size": "large",
        "x_likes": ["large", "small"],
        "x_portal": "https://example.org/a",
        "x_employer": acme.uid,
    }
    made = asking.make("contact", family_name="Lima", **sent)
    told = asking.read(f"/contact/{made['uid']}")["fields"]
    assert {name: told[name] for name in sent} == sent
    found = asking.read("/contact?filter=x_seats%20%3E%2010%20and%20x_size%20%3D%20large&sort=-x_seats")
    assert [one["uid"] for one in found["data"]] == [made["uid"]]
    wrong = asking.ask("PATCH", f"/contact/{made['uid']}", {"fields": {"x_size": "huge"}})
    assert wrong.status_code == 422
    assert "x_seats" in asking.get("/openapi.json").text


def test_a_program_puts_a_file_into_a_field(program: Callable[..., Program], make: Make) -> None:
    asking = program()
    with acting(make.ctx(asking.user)) as ctx:
        custom_fields.add(ctx, "contact", Values(label="Contract", type="file"))
    ana, ben = (asking.make("contact", given_name=name) for name in ("Ana", "Ben"))
    told = {"Authorization": f"Bearer {asking.token}", "Idempotency-Key": "c1"}
    parts = {"file": (io.BytesIO(b"hello"), "contract.txt")}
    path = f"/api/v1/contact/{ana['uid']}/files"
    (sent,) = asking.client.post(path, data=parts, headers=told).json["data"]

    asking.ask("PATCH", f"/contact/{ana['uid']}", {"fields": {"x_contract": sent["uid"]}})

    assert asking.read(f"/contact/{ana['uid']}")["fields"]["x_contract"] == sent["uid"]
    assert asking.read(f"/contact/{ana['uid']}/files")["data"] == []
    fetched = asking.client.get(f"/api/v1/files/{sent['uid']}", headers=told)
    assert fetched.data == b"hello"
    fetched.close()
    found = asking.read("/contact?filter=x_contract%20is%20not%20empty")["data"]
    assert [one["uid"] for one in found] == [ana["uid"]]
    unknown = asking.ask("PATCH", f"/contact/{ben['uid']}", {"fields": {"x_contract": ben["uid"]}})
    assert unknown.status_code == 422
    asking.ask("PATCH", f"/contact/{ana['uid']}", {"fields": {"x_contract": None}})
    assert asking.read(f"/contact/{ana['uid']}")["fields"]["x_contract"] is None
