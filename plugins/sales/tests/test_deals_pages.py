from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.sdk.services import records
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..deals import service, stages

AsRole = Callable[..., Person]


def named(ctx: Any, name: str) -> Any:
    return next(s for s in stages.known(ctx).stages if s.name == name)


def board(ctx: Any) -> str:
    return f"/sales/board/{stages.default_pipeline(ctx).id}"


def test_the_board_shows_columns_with_their_totals(as_role: AsRole, make: Make) -> None:
    ctx = make.ctx()
    for amount in ("1000.10", "2000.20"):
        service.open_deal(ctx, {"name": f"Roof {amount}", "amount": Decimal(amount)})

    page = soup(as_role("admin").get("/sales/board"))

    first = page.select_one(".col")
    assert first is not None
    assert [a.get_text() for a in first.select(".card .hit")] == ["Roof 1000.10", "Roof 2000.20"]
    assert "€3,000" in first.select_one(".sum").get_text()
    assert len(page.select(".col")) == 5


def test_a_deal_is_moved_from_its_card(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    deal = service.open_deal(
        ctx, {"name": "Roof", "contact_id": make.contact().id, "checked": ["The need is understood"]}
    )
    to = named(ctx, "Needs analysed")
    form = {"stage": to.id, "seen": deal.stage_id, "board": "1", "next": board(ctx)}

    answer = person.post(f"/sales/deals/{deal.id}/stage", form, htmx=True)

    assert answer.status_code == 200
    assert "is in “Needs analysed” now" in answer.text
    assert f'hx-target="#st{to.id}"' in answer.text
    ctx.session.expire_all()
    assert records.get(ctx, "sales.deal", deal.id).stage_id == to.id


def test_without_a_script_it_leads_back_to_the_board(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    deal = service.open_deal(
        ctx, {"name": "Roof", "contact_id": make.contact().id, "checked": ["The need is understood"]}
    )
    form = {"stage": named(ctx, "Needs analysed").id, "seen": deal.stage_id, "next": board(ctx)}
    answer = person.post(f"/sales/deals/{deal.id}/stage", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, board(ctx))


def test_two_people_moving_the_same_deal_both_see_the_truth(as_role: AsRole, make: Make) -> None:
    ctx, first, second = make.ctx(), as_role("admin"), as_role("manager")
    deal = service.open_deal(
        ctx,
        {
            "name": "Roof",
            "contact_id": make.contact().id,
            "amount": Decimal(5),
            "close_on": "2030-01-01",
            "checked": ["The need is understood", "Who decides is known"],
        },
    )
    seen = deal.stage_id
    form = {"seen": seen, "board": "1", "next": board(ctx)}
    there, elsewhere = named(ctx, "Needs analysed"), named(ctx, "Quote sent")

    first.post(f"/sales/deals/{deal.id}/stage", {**form, "stage": there.id}, htmx=True)
    late = second.post(f"/sales/deals/{deal.id}/stage", {**form, "stage": elsewhere.id}, htmx=True)

    assert "Somebody else has moved “Roof” to “Needs analysed” meanwhile" in late.text
    shown = soup(late)
    assert shown.select_one(f"#st{there.id} #d{deal.id}") is not None
    assert shown.select_one(f"#st{elsewhere.id} #d{deal.id}") is None
    ctx.session.expire_all()
    assert records.get(ctx, "sales.deal", deal.id).stage_id == there.id


def test_what_a_stage_needs_is_asked_and_then_it_moves(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    deal = service.open_deal(ctx, {"name": "Roof"})
    to = named(ctx, "Quote sent")

    sent = person.post(f"/sales/deals/{deal.id}/stage", {"stage": to.id, "seen": deal.stage_id})
    asked = person.get(sent.headers["Location"])
    assert "Amount" in asked.text
    assert "The need is understood" in asked.text

    incomplete = person.post(f"/sales/deals/{deal.id}/advance", {"to": to.id, "amount": "12", "close_on": ""})
    assert incomplete.status_code == 422
    assert "Fill in first: Closes on" in incomplete.text

    values = {"to": to.id, "amount": "12.50", "close_on": "2030-02-01", "checked": "The need is understood"}
    assert person.post(f"/sales/deals/{deal.id}/advance", values).status_code == 303
    ctx.session.expire_all()
    assert records.get(ctx, "sales.deal", deal.id).stage_id == to.id


def test_losing_asks_for_a_reason_of_losing(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    deal = service.open_deal(ctx, {"name": "Roof"})
    lost = named(ctx, "Lost")
    page = soup(person.get(f"/sales/deals/{deal.id}/advance?to={lost.id}"))
    offered = [o.get_text() for o in page.select("select[name=reason_id] option")]
    assert "A competitor was chosen" in offered
    assert "Best solution" not in offered
    reason = stages.reasons(ctx, "lost")[1].id
    person.post(
        f"/sales/deals/{deal.id}/advance", {"to": lost.id, "reason_id": reason, "reason_note": "Fast"}
    )
    ctx.session.expire_all()
    found = records.get(ctx, "sales.deal", deal.id)
    assert (found.outcome, found.reason_id, found.reason_note) == ("lost", reason, "Fast")


def test_a_deal_is_opened_for_a_contact_with_one_press(as_role: AsRole, make: Make) -> None:
    ana = make.contact(given_name="Ana", family_name="Lima")
    person = as_role("admin")
    page = soup(person.get(f"/sales/deals/new?of=contact&record_id={ana.id}"))
    form = page.select_one("#new-deal")
    assert form is not None
    sent = {i["name"]: i.get("value", "") for i in form.select("input[name]")}
    sent |= {
        s["name"]: (s.select_one("option[selected]") or s.select_one("option"))["value"]
        for s in form.select("select")
    }
    made = person.post(str(form["action"]), sent)
    assert made.status_code == 303
    shown = person.get(made.headers["Location"]).text
    assert "Deal with Ana Lima" in shown
    assert f"/contacts/{ana.id}" in shown


def test_the_page_of_a_deal_says_what_is_missing_and_who_is_involved(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    ana = make.contact(given_name="Ana", family_name="Lima")
    deal = service.open_deal(ctx, {"name": "<b>Roof</b>"})

    person.post(
        f"/sales/deals/{deal.id}/people",
        {"person": "Ana Lima", "role": "decision_maker", "stance": "champion"},
    )
    person.post(f"/sales/deals/{deal.id}/competitors", {"name": "Sunny", "note": "cheap"})
    page = person.get(f"/sales/deals/{deal.id}").text

    assert "<b>Roof</b>" not in page
    for words in ("No next step", "Ana Lima", "Decision maker", "Champion", "Sunny", "Opened"):
        assert words in page
    assert person.post(f"/sales/deals/{deal.id}/people", {"person": "Nobody"}).status_code == 303
    assert "There is no “Nobody”" in person.get(f"/sales/deals/{deal.id}").text
    assert ana.id


def test_the_page_of_a_deal_has_its_amount_to_the_cent(as_role: AsRole, make: Make) -> None:
    deal = make("sales.deal", name="Roof", amount=Decimal("98109.10"), currency="EUR")
    assert "€98,109.10" in str(soup(as_role("admin").get(f"/sales/deals/{deal.id}")).select_one("#head"))


def test_fields_are_edited_and_two_people_are_told(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    deal = service.open_deal(ctx, {"name": "Roof", "amount": Decimal(10)})
    assert person.get(f"/sales/deals/{deal.id}/edit").status_code == 200
    person.post(f"/sales/deals/{deal.id}/edit", {"version": deal.version, "amount": "20"})
    answer = person.post(f"/sales/deals/{deal.id}/edit", {"version": 1, "amount": "30"})
    assert answer.status_code == 409
    assert "Somebody else has changed this meanwhile" in answer.text


def test_the_board_is_narrowed_and_says_what_is_wrong(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    for name, amount in (("Small", "10"), ("Large", "9000")):
        service.open_deal(ctx, {"name": name, "amount": Decimal(amount)})
    assert [
        a.get_text() for a in soup(person.get(board(ctx) + "?where=amount > 5000")).select(".card .hit")
    ] == ["Large"]
    assert person.get(board(ctx) + "?where=nonsense(").status_code == 422
    assert [a.get_text() for a in soup(person.get(board(ctx) + "?owner=me")).select(".card .hit")] == []


def test_columns_go_on_where_they_were_cut(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    for n in range(25):
        service.open_deal(ctx, {"name": f"Deal {n:02}", "close_on": f"2030-01-{n % 9 + 1:02}"})
    page = soup(person.get("/sales/board"))
    seen = [a.get_text() for a in page.select(".card .hit")]
    more = page.select_one(".beyond a")
    assert more is not None
    rest = [a.get_text() for a in soup(person.get(str(more["href"]), htmx=True)).select(".card .hit")]
    assert (len(seen), len(rest), len({*seen, *rest})) == (20, 5, 25)
    assert person.get(str(more["href"])).status_code == 200


def test_a_representative_sees_the_deals_of_the_team_and_totals_of_these(as_role: AsRole, make: Make) -> None:
    ctx = make.ctx()
    rep = as_role("rep", team="north")
    other = make.user("rep", team="south")
    service.open_deal(make.ctx(other), {"name": "Theirs", "amount": Decimal(7000)})
    service.open_deal(make.ctx(rep.user), {"name": "Ours", "amount": Decimal(500)})
    page = soup(rep.get(board(ctx)))
    assert [a.get_text() for a in page.select(".card .hit")] == ["Ours"]
    assert page.select_one("#totals .big").get_text() == "€500"


def test_the_calendar_shows_deals_on_the_day_they_are_decided(as_role: AsRole, make: Make) -> None:
    service.open_deal(make.ctx(), {"name": "Roof", "amount": Decimal(700), "close_on": "2030-01-15"})
    page = as_role("admin").get("/sales/calendar?month=2030-01&day=2030-01-15").text
    assert "Roof" in page
    assert "€700" in page


def test_pipelines_are_set_up_without_a_developer(as_role: AsRole, make: Make) -> None:
    ctx, person = make.ctx(), as_role("admin")
    assert person.get("/sales/pipelines").status_code == 200
    person.post("/sales/pipelines/new", {"name": "Service", "currency": "usd", "stale_days": "7"})
    stages.forget(ctx)
    ctx.session.expire_all()
    made = stages.pipelines(ctx)[-1]
    assert (made.name, made.currency) == ("Service", "USD")
    values = {
        "name": "Visit",
        "outcome": "open",
        "probability": "20",
        "expected_days": "5",
        "checklist": "Seen\n\nSeen",
        "required": "amount",
    }
    person.post(f"/sales/pipelines/{made.id}/stages/new", values)
    stages.forget(ctx)
    visit = named(ctx, "Visit")
    assert (visit.checklist, visit.required) == (["Seen"], ["amount"])
    for _n in range(3):
        person.post(f"/sales/stages/{visit.id}/move", {"way": "up"})
    stages.forget(ctx)
    ctx.session.expire_all()
    assert [s.name for s in stages.stages(ctx, made)].index("Visit") == 3
    assert person.post(f"/sales/stages/{visit.id}", {**values, "probability": "120"}).status_code == 422
    assert as_role("rep").get("/sales/pipelines").status_code == 403
