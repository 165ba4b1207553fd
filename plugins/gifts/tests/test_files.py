"""Gifts leave as a file and are known again when they come back, without a line of the plugin's own."""

from __future__ import annotations

import io
from typing import Any

from app.testing.clients import Person


def test_a_list_of_gifts_leaves_and_is_known_again(as_role: Any, make: Any) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima")
    make("gifts.gift", name="Book", contact_id=ana.id, occasion="birthday", price="12.50", currency="EUR")
    person: Person = as_role("administrator")

    text = person.get("/export/gifts.gift?format=csv").get_data(as_text=True)
    sent = person.post("/import", {"entity": "gifts.gift", "file": (io.BytesIO(text.encode()), "gifts.csv")})
    page = person.get(str(sent.headers["Location"])).get_data(as_text=True)

    assert "Ana Lima [" in text
    assert "12.50" in text
    assert "1 there already" in page


def test_gifts_of_a_foreign_table_are_read_by_their_fields(as_role: Any, make: Any) -> None:
    make.contact(given_name="Ana", family_name="Lima")
    person: Person = as_role("administrator")
    table = "Gift;For;Given on;Price\nVase;Ana Lima;24.12.2025;1.234,50\nPen;Nobody Known;;3,00\n"

    sent = person.post("/import", {"entity": "gifts.gift", "file": (io.BytesIO(table.encode()), "g.csv")})
    page = person.get(str(sent.headers["Location"])).get_data(as_text=True)

    assert "1 new" in page
    assert "Nobody Known" in page
