from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.sdk.services import records
from app.testing.clients import Person
from app.testing.factories import Make
from app.testing.plugins import disable

from .. import gifts

AsRole = Callable[..., Person]
PANEL = "/panel/gifts/gifts?on=contact:{}"


def test_a_gift_is_noted_from_the_page_of_a_contact(as_role: AsRole, make: Make) -> None:
    ana, person = make.contact(), as_role("admin")

    asked = person.get(f"/action/gifts/note?id={ana.id}")
    done = person.post(
        "/action/gifts/note", {"id": ana.id, "sent": "1", "name": "Port wine", "price": "18.00"}
    )

    assert "It was given today" in asked.text
    assert done.status_code == 303
    panel = person.get(PANEL.format(ana.id), htmx=True).text
    assert "Port wine" in panel
    assert "<html" not in panel


def test_a_gift_without_a_name_is_asked_for_again(as_role: AsRole, make: Make) -> None:
    answer = as_role("admin").post("/action/gifts/note", {"id": make.contact().id, "sent": "1", "price": "x"})
    assert answer.status_code == 422
    assert "Write what the gift is." in answer.text


def test_an_idea_is_given_and_taken_back(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    gift = gifts.note(ctx, make.contact().id, {"name": "Tea"})

    person.post("/action/gifts/give", {"id": gift.id})
    ctx.session.expire_all()
    assert records.get(ctx, "gifts.gift", gift.id).given_on == gifts.today(ctx)

    person.post("/undo/gifts/give", {"id": gift.id})
    ctx.session.expire_all()
    assert records.get(ctx, "gifts.gift", gift.id).given_on == ""


def test_markup_in_a_gift_is_shown_as_text(as_role: AsRole, make: Make) -> None:
    ana = make.contact()
    gifts.note(make.ctx(), ana.id, {"name": "<script>alert(1)</script>"})
    assert "<script>alert" not in as_role("admin").get(PANEL.format(ana.id), htmx=True).text


def test_somebody_who_may_only_read_is_offered_no_change(as_role: AsRole, make: Make) -> None:
    ana = make.contact()
    gifts.note(make.ctx(), ana.id, {"name": "Tea"})

    panel = as_role("readonly").get(PANEL.format(ana.id), htmx=True).text

    assert "Tea" in panel
    assert "/action/gifts" not in panel


def test_a_representative_sees_no_gift_of_another_team(as_role: AsRole, make: Make) -> None:
    ana = make.contact(team="north")
    gifts.note(make.ctx(), ana.id, {"name": "Tea"})
    assert "Tea" not in as_role("rep", team="north").get(PANEL.format(ana.id), htmx=True).text


def test_while_it_is_disabled_nothing_of_it_is_there(as_role: AsRole, make: Make, app: Any) -> None:
    ana, person = make.contact(), as_role("admin")
    assert person.get(PANEL.format(ana.id)).status_code == 200

    disable(app, "gifts")

    assert person.get(PANEL.format(ana.id)).status_code == 404
    assert person.get(f"/action/gifts/note?id={ana.id}").status_code == 404
