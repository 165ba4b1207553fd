"""Kinds of interaction as data: added by an administrator, on everybody's buttons at once."""

from __future__ import annotations

from typing import Any

import pytest

from app.models import Interaction, InteractionKind
from app.testing.clients import Person, soup
from app.testing.factories import Make

DEMO = {"label": "Product demo", "icon": "video", "tone": "meet", "timed": "y"}


@pytest.fixture
def admin(as_role: Any) -> Person:
    return as_role("admin")


def test_an_added_kind_can_be_logged_by_everybody_at_once(admin: Person, as_role: Any, make: Make) -> None:
    rep = as_role("rep", team="north")
    ana = make.contact(owner=rep.user, team="north")
    assert "Product demo" not in rep.get(f"/contacts/{ana.id}").get_data(as_text=True)

    assert admin.post("/admin/kinds", DEMO).status_code == 303

    radio = soup(rep.get(f"/contacts/{ana.id}")).select_one("#log [name=kind][value=product_demo]")
    assert radio.has_attr("data-timed")
    assert not radio.has_attr("data-directed")
    answer = rep.post("/interactions", {"kind": "product_demo", "body": "x", "on": f"contact:{ana.id}"})
    assert answer.status_code == 303
    assert make.ctx().session.query(Interaction).one().kind == "product_demo"
    assert "logged: Product demo" in soup(rep.get(f"/contacts/{ana.id}")).select_one("#timeline").text


def test_a_kind_is_renamed_and_keeps_its_entries(admin: Person, make: Make) -> None:
    admin.post("/admin/kinds", DEMO)
    kind = make.ctx().session.query(InteractionKind).one()
    ana = make.contact()
    admin.post("/interactions", {"kind": kind.name, "body": "x", "on": f"contact:{ana.id}"})

    assert admin.post(f"/admin/kinds/{kind.id}", {**DEMO, "label": "Show"}).status_code == 303

    assert "logged: Show" in soup(admin.get(f"/contacts/{ana.id}")).select_one("#timeline").text
    admin.post(f"/admin/kinds/{kind.id}/remove")
    assert make.ctx().session.query(InteractionKind).count() == 1


def test_a_kind_without_entries_can_be_taken_away(admin: Person, make: Make) -> None:
    admin.post("/admin/kinds", DEMO)
    kind = make.ctx().session.query(InteractionKind).one()

    assert admin.post(f"/admin/kinds/{kind.id}/remove").status_code == 303

    assert make.ctx().session.query(InteractionKind).count() == 0
    assert admin.get(f"/admin/kinds/{kind.id}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [("label", ""), ("label", "call"), ("label", "x" * 61), ("icon", "no-such-icon"), ("tone", "mauve")],
)
def test_a_wrong_value_is_explained(admin: Person, make: Make, field: str, value: str) -> None:
    answer = admin.post("/admin/kinds", {**DEMO, field: value})

    assert answer.status_code == 422
    assert soup(answer).title.text.startswith("Error:")
    assert make.ctx().session.query(InteractionKind).count() == 0


def test_names_are_made_of_any_label_and_never_twice(admin: Person, make: Make) -> None:
    for label in ("Café", "Cafe!", "展示会", "--"):
        assert admin.post("/admin/kinds", {**DEMO, "label": label}).status_code == 303

    names = [k.name for k in make.ctx().session.query(InteractionKind).order_by(InteractionKind.id)]
    assert names == ["cafe", "cafe_2", "kind", "kind_2"]


def test_only_who_may_change_settings_comes_in(as_role: Any) -> None:
    assert as_role("rep").get("/admin/kinds").status_code == 403
    assert as_role("rep").post("/admin/kinds", DEMO).status_code == 403
