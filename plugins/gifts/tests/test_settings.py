from __future__ import annotations

from collections.abc import Callable
from typing import Any

from click.testing import CliRunner
from flask import Flask

from app.testing import Make, Person

from .. import commands, demo, gifts


def test_the_panel_shows_as_many_gifts_as_the_administrator_set(
    as_role: Callable[..., Person], make: Make
) -> None:
    ana, person = make.contact(), as_role("admin")
    for number in range(4):
        gifts.note(make.ctx(), ana.id, {"name": f"Idea {number}"})

    person.post("/admin/plugins/gifts/settings", {"rows": "2"})

    panel = person.get(f"/panel/gifts/gifts?on=contact:{ana.id}", htmx=True).text
    assert [f"Idea {number}" in panel for number in range(4)] == [False, False, True, True]
    assert "All gifts" in panel


def test_demo_gifts_come_once(make: Make) -> None:
    contacts = [make.contact() for _ in range(3)]
    ctx = make.ctx()
    for _ in range(2):
        with ctx.unit():
            demo.build(ctx)
    found = [gift.name for contact in contacts for gift in gifts.of_contact(ctx, contact.id, 9)]
    assert sorted(found) == ["A book about bees", "Chocolate", "Port wine"]


def test_the_gifts_of_a_year_are_counted_at_the_terminal(app: Flask, make: Make) -> None:
    ana = make.contact()
    for on in ("2025-12-20", "2026-04-12", "2026-12-24", ""):
        gifts.note(make.ctx(), ana.id, {"name": "Wine", "given_on": on})
    answer: Any = CliRunner().invoke(commands.given, ["2026"])
    assert answer.output == "2026: 2\n"
