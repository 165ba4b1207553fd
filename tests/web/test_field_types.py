"""The type of an added field changed on the screen: looked at, let count, taken back; the same without a script."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.models import CustomField
from app.testing.clients import soup
from app.testing.factories import Make


def test_an_administrator_sees_what_becomes_of_the_values_first(as_role: Any, make: Make) -> None:
    admin = as_role("admin")
    admin.post("/admin/fields/contact/new?type=text", {"label": "Seats", "personal": "y"})
    field = int(db.session.execute(select(func.max(CustomField.id))).scalar_one())
    ana, ben = make.contact(), make.contact(given_name="Ben")
    for record, said in ((ana, "12"), (ben, "about ten")):
        admin.post(f"/field/contact/{record.id}/x_seats", {"x_seats": said, "version": "1"})
    page = f"/admin/field/{field}/type"
    assert soup(admin.get(f"/admin/field/{field}")).select_one(f"a[href='{page}']")

    assert admin.post(page, {"do": "look", "to": "number"}).status_code == 303
    told = soup(admin.get(page))
    assert [h.get_text() for h in told.select("#job h2")] == ["1 value fits", "1 value does not fit"]
    assert "about ten" in told.select_one("#job").get_text()
    changed = admin.post(page, {"do": "change", "rest": "note"})
    assert changed.status_code == 303

    shown = soup(admin.get(f"/contacts/{ben.id}"))
    assert shown.select_one("#p-x_seats_before dd").get_text(strip=True) == "about ten"
    assert "Ana Lima" in admin.get("/contacts?where=x_seats > 11").text
    assert "about ten" in admin.get(f"/history/contact/{ben.id}").text
    assert admin.get(page).location == changed.location, "the former definition leads to the present one"

    now = changed.location
    assert "Text" in soup(admin.get(now)).select_one("button[value=back]").get_text()
    admin.post(f"{now}/type", {"do": "back"})
    assert (
        soup(admin.get(f"/contacts/{ben.id}")).select_one("#p-x_seats dd").get_text(strip=True) == "about ten"
    )
    assert soup(admin.get("/admin/audit?action=field.retyped")) is not None


def test_what_cannot_be_is_said_on_the_page(as_role: Any) -> None:
    admin = as_role("admin")
    admin.post("/admin/fields/contact/new?type=text", {"label": "Seats", "personal": "y"})
    admin.post("/admin/fields/contact/new?type=user", {"label": "Buddy", "personal": "y"})
    text, user = db.session.execute(select(CustomField.id).order_by(CustomField.id)).scalars()
    wrong = admin.post(f"/admin/field/{text}/type", {"do": "look", "to": "file"})
    assert (wrong.status_code, soup(wrong).select_one("[role=alert]").get_text(strip=True)) == (
        422,
        "Choose a type.",
    )
    assert admin.post(f"/admin/field/{text}/type", {"do": "change", "rest": "empty"}).status_code == 422
    assert admin.get(f"/admin/field/{user}/type").status_code == 404
    assert as_role("manager").get(f"/admin/field/{text}/type").status_code in (403, 404)
