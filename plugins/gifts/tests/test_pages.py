from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.sdk.services import records
from app.testing.clients import Person, soup
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


def test_gifts_are_grouped_by_occasion_with_what_they_cost(as_role: AsRole, make: Make) -> None:
    ctx, ana = make.ctx(), make.contact()
    for name, occasion, price in (
        ("Tea", "thanks", "7.50"),
        ("Wine", "birthday", "18"),
        ("Cake", "birthday", "4.25"),
    ):
        made = gifts.note(ctx, ana.id, {"name": name})
        records.update(ctx, "gifts.gift", made.id, {"occasion": occasion, "price": Decimal(price)})

    page: Any = soup(as_role("admin").get("/list/gifts.gift?view=gifts.by_occasion"))

    assert page.select_one("h1").get_text(strip=True) == "By occasion"
    heads = [" ".join(head.get_text(" ", strip=True).split()) for head in page.select("tr.grp")]
    assert heads == ["Birthday 2 Price €22.25", "Thanks 1 Price €7.50"]
    assert [a.text for a in page.select("#rows tr:not(.grp) th")][-1].startswith("Tea")


def test_what_is_in_the_trash_is_hidden_from_jobs_also_when_the_plugin_was_enabled_later(
    make: Make, app: Any
) -> None:
    from sqlalchemy import select

    from app.testing.plugins import enable

    from ..models import Gift

    disable(app, "gifts")
    make.ctx().session.execute(select(Gift.id)).all()  # what the house's own tasks see is remembered now
    enable(app, "gifts")
    ctx = make.ctx()
    gift = gifts.note(ctx, make.contact().id, {"name": "Tea"})
    records.trash(ctx, "gifts.gift", [gift.id])

    assert make.ctx().session.execute(select(Gift.id)).all() == []
