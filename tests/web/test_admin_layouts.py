"""Layouts arranged with plain buttons: forms and pages of every kind of record obey them, per role, judged by the server."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.kernel.errors import Invalid
from app.services import records
from app.services.context import acting
from app.testing.clients import Person, soup
from app.testing.factories import Make

RULES = {"group": "0", "only_if": ""}


@pytest.fixture
def admin(as_role: Any) -> Person:
    person: Person = as_role("admin")
    return person


def rule(admin: Person, field: str, kind: str = "company", role: str = "everybody", **more: str) -> None:
    """Say what holds for a field in its place, as on its page."""
    answer = admin.post(f"/admin/layouts/{kind}/{role}/field/{field}", {**RULES, **more})
    assert answer.status_code == 303, soup(answer).main.get_text(" ", strip=True)


def controls(page: BeautifulSoup) -> list[str]:
    """The names of a form's controls in their order, rows of one field once."""
    names = [str(c["name"]).partition("-")[0] for c in page.select("main form [name]")]
    return list(dict.fromkeys(n for n in names if n not in {"csrf_token", "version", "do", "photo", "nonce"}))


def test_fields_and_groups_are_moved_by_buttons(admin: Person, make: Make) -> None:
    acme = make.company()
    before = controls(soup(admin.get(f"/companies/{acme.id}/edit")))
    place = "/admin/layouts/company/everybody"
    assert admin.post(place, {"down": "name"}).location == f"{place}#f-name"
    after = controls(soup(admin.get(f"/companies/{acme.id}/edit")))
    assert before[:2] == after[1::-1]
    assert admin.post(place, {"add": "1", "title": "Contract"}).status_code == 303
    assert admin.post(place, {"add": "1", "title": "contract "}).status_code == 422
    last = len(soup(admin.get(place)).select("main section")) - 1
    rule(admin, "vat_id", group=str(last))
    for _press in range(last):
        admin.post(
            place,
            {"group-up": str(soup(admin.get(place)).select_one("h2:-soup-contains('Contract')")["id"][2:-2])},
        )
    page = soup(admin.get(f"/companies/{acme.id}/edit"))
    assert page.select("main section h2")[0].get_text() == "Contract"
    assert controls(page)[0] == "vat_id"
    details = soup(admin.get(f"/companies/{acme.id}/details"))
    assert details.select("main section h2")[0].get_text() == "Contract"
    assert admin.post(f"{place}/reset").status_code == 303
    assert controls(soup(admin.get(f"/companies/{acme.id}/edit"))) == before


def test_what_is_needed_is_asked_by_form_and_inline_edit_not_by_imports(admin: Person, make: Make) -> None:
    acme = make.company(name="Acme", industry="Roofs")
    rule(admin, "industry", required="y")
    refused = admin.post("/companies/new", {"name": "Bare", "industry": ""})
    assert refused.status_code == 422
    assert "Industry is needed." in soup(refused).get_text(" ", strip=True)
    assert admin.post(f"/companies/{acme.id}/edit", {"industry": "", "version": "1"}).status_code == 422
    assert (
        admin.post(f"/field/company/{acme.id}/industry", {"industry": "", "version": "1"}).status_code == 422
    )
    with acting(make.ctx(admin.user, source="import")) as ctx:
        assert records.create(ctx, "company", {"name": "Imported"}).id
    with acting(make.ctx(admin.user)) as ctx, pytest.raises(Invalid, match="needed"):
        records.update(ctx, "company", acme.id, {"industry": ""})

    admin.post("/admin/layouts/company/everybody", {"everywhere-there": "1", "everywhere": "1"})
    with acting(make.ctx(admin.user, source="import")) as ctx, pytest.raises(Invalid, match="needed"):
        records.create_many(ctx, "company", [{"name": "Imported again"}])


def test_a_condition_is_judged_by_the_server(admin: Person, make: Make) -> None:
    acme = make.company(name="Acme", industry="Boats")
    rule(admin, "vat_id", required="y", only_if="industry = Boats")
    page = soup(admin.get(f"/companies/{acme.id}/edit"))
    assert "vat_id" in controls(page)
    assert (
        admin.post(f"/companies/{acme.id}/edit", {"legal_name": "Acme Ltd", "version": "1"}).status_code
        == 422
    )
    changed = {"legal_name": "Acme Ltd", "industry": "Roofs", "version": "1"}
    assert admin.post(f"/companies/{acme.id}/edit", changed).status_code == 303
    assert admin.post("/companies/new", {"name": "Bora", "industry": "Boats"}).status_code == 422
    assert admin.post("/companies/new", {"name": "Bora", "industry": "Roofs"}).status_code == 303
    wrong = admin.post("/admin/layouts/company/everybody/field/vat_id", {**RULES, "only_if": "nothing = 3"})
    assert wrong.status_code == 422


def test_a_field_under_a_condition_is_on_the_page_where_it_holds(admin: Person, make: Make) -> None:
    roofs = make.company(name="A", industry="Roofs", vat_id="PT5")
    boats = make.company(name="B", industry="Boats", vat_id="PT6")
    rule(admin, "vat_id", only_if="industry = Boats")
    assert "PT5" not in soup(admin.get(f"/companies/{roofs.id}")).main.text
    assert "PT6" in soup(admin.get(f"/companies/{boats.id}")).main.text
    rule(admin, "industry", only_if="name = B")
    cells = {a["href"] for a in soup(admin.get("/companies?cols=name,industry")).select("td a.edit")}
    assert f"/list/company/{boats.id}/industry" in cells
    assert f"/list/company/{roofs.id}/industry" not in cells


def test_roles_have_layouts_of_their_own(admin: Person, as_role: Any, make: Make) -> None:
    acme = make.company(name="Acme", vat_id="PT5", industry="Roofs")
    rule(admin, "vat_id", role="manager", hidden="y")
    rule(admin, "industry", role="manager", readonly="y")
    manager, other = as_role("manager"), as_role("admin")
    seen = soup(manager.get(f"/companies/{acme.id}"))
    assert "PT5" not in seen.main.text
    assert "Roofs" in seen.main.text
    assert not {"vat_id", "industry"} & set(controls(soup(manager.get(f"/companies/{acme.id}/edit"))))
    assert (
        manager.post(f"/field/company/{acme.id}/industry", {"industry": "X", "version": "1"}).status_code
        == 403
    )
    assert manager.post(f"/companies/{acme.id}/edit", {"industry": "X", "version": "1"}).status_code == 422
    assert {"vat_id", "industry"} <= set(controls(soup(other.get(f"/companies/{acme.id}/edit"))))


def test_what_must_be_there_cannot_be_hidden(admin: Person) -> None:
    for more in ({"hidden": "y"}, {"readonly": "y"}):
        answer = admin.post("/admin/layouts/company/everybody/field/name", {**RULES, **more})
        assert answer.status_code == 422
    answer = admin.post(
        "/admin/layouts/company/everybody/field/vat_id", {**RULES, "hidden": "y", "required": "y"}
    )
    assert answer.status_code == 422


def test_a_contact_from_one_line_may_say_what_is_needed(admin: Person) -> None:
    rule(admin, "given_name", kind="contact", required="y")
    assert admin.post("/contacts/new", {"line": "Ana Lima ana@example.org"}).status_code == 303
    assert admin.post("/contacts/new", {"line": "", "family_name": "Lima"}).status_code == 422


def test_own_kinds_are_laid_out_too(admin: Person) -> None:
    admin.post("/admin/types/new", {"label": "Boat", "plural": "Boats", "icon": "flag"})
    for label in ("Hull", "Mast"):
        admin.post("/admin/fields/x_boat/new?type=text", {"label": label, "personal": "y"})
    admin.post("/admin/layouts/x_boat/everybody", {"up": "x_mast"})
    assert controls(soup(admin.get("/list/x_boat/new")))[:3] == ["name", "x_mast", "x_hull"]
    rule(admin, "x_mast", kind="x_boat", required="y")
    assert admin.post("/list/x_boat/new", {"name": "Aurora"}).status_code == 422
    page = admin.post("/list/x_boat/new", {"name": "Aurora", "x_mast": "Oak"}).location
    shown = soup(admin.get(page)).select_one("#details")
    assert [dt.get_text() for dt in shown.select("dt")][:2] == ["Name", "Mast"]
    assert shown.h3.get_text() == "Boat"
