from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.sdk import Context
from app.sdk.services import interactions, records, settings
from app.testing.clients import Person, soup
from app.testing.factories import Make

from ..deals import days, involved, of_records, service, stages
from ..deals.models import Deal

AsRole = Callable[..., Person]
Queries = Callable[[], Any]
PANEL = "/panel/sales/deals_of_{}?on={}:{}"


@pytest.fixture
def ctx(make: Make) -> Context:
    return make.ctx()


def named(ctx: Any, name: str) -> Any:
    return next(s for s in stages.known(ctx).stages if s.name == name)


def won(ctx: Context, **values: Any) -> Deal:
    return service.open_deal(ctx, {"name": "Won", "stage_id": named(ctx, "Won").id, **values})


def test_contacts_tell_their_open_deals_and_when_one_was_won(
    ctx: Context, make: Make, queries: Queries
) -> None:
    ana, rui = make.contact(), make.contact()
    for amount in ("10.25", "5"):
        service.open_deal(ctx, {"name": "Roof", "contact_id": ana.id, "amount": Decimal(amount)})
    won(ctx, contact_id=rui.id, amount=Decimal(3), close_on="2025-02-03")
    ids = [ana.id, rui.id]
    with queries() as seen:
        counts, _sql = of_records.open_count("contact")
        values, _sql = of_records.open_value("contact")
        last, _sql = of_records.last_won("contact")
        found = counts(ctx, ids), values(ctx, ids), last(ctx, ids)
    assert found == ({ana.id: 2}, {ana.id: Decimal("15.25")}, {rui.id: "2025-02-03"})
    assert len(seen) == 3


def test_they_are_columns_and_filters_of_lists(ctx: Context, make: Make, as_role: AsRole) -> None:
    ana, _rui = make.contact(given_name="Ana"), make.contact(given_name="Rui")
    service.open_deal(ctx, {"name": "Roof", "contact_id": ana.id, "amount": Decimal(700)})
    page = as_role("admin").get("/contacts?where=sales.open_deals > 0&cols=name,sales.open_value").text
    assert "Ana" in page
    assert "Rui" not in page
    assert "700" in page


def test_the_page_of_a_contact_shows_deals_and_what_they_come_to(make: Make, as_role: AsRole) -> None:
    ctx, ana, person = make.ctx(), make.contact(), as_role("admin")
    service.open_deal(ctx, {"name": "<i>Roof</i>", "contact_id": ana.id, "amount": Decimal(1200)})
    other = service.open_deal(ctx, {"name": "Hall", "amount": Decimal(300)})
    involved.add_person(ctx, other.id, ana.id, "user")
    panel = person.get(PANEL.format("contact", "contact", ana.id), htmx=True).text
    assert "<i>Roof" not in panel
    assert "Hall" in panel
    assert "€1,500" in panel
    assert f"/sales/deals/new?of=contact&amp;record_id={ana.id}" in panel
    tab = person.get(f"/panel/sales/deals_tab_of_contact?on=contact:{ana.id}")
    assert "Hall" in tab.text


def test_today_shows_the_pipeline_and_what_waits(make: Make, as_role: AsRole) -> None:
    person = as_role("rep")
    ctx = make.ctx(person.user)
    service.open_deal(ctx, {"name": "Late roof", "amount": Decimal(900), "close_on": "2020-01-01"})
    assert "€900" in person.get("/panel/sales/pipeline", htmx=True).text
    assert "Late roof" in person.get("/panel/sales/due_deals", htmx=True).text


def test_timelines_tell_how_deals_went(make: Make, as_role: AsRole) -> None:
    ctx, ana = make.ctx(), make.contact()
    deal = service.open_deal(
        ctx,
        {"name": "Roof", "contact_id": ana.id, "amount": Decimal(5), "checked": ["The need is understood"]},
    )
    service.move(ctx, deal, named(ctx, "Needs analysed"))
    records.update(ctx, "sales.deal", deal.id, {"checked": ["Who decides is known"]})
    service.win(ctx, [deal])
    text = as_role("admin").get(f"/timeline/contact/{ana.id}").text
    for words in ("Qualifying → Needs analysed", "Needs analysed → Won"):
        assert words in text


def test_deals_are_won_and_lost_from_their_page_and_taken_back(make: Make, as_role: AsRole) -> None:
    ctx, person = make.ctx(), as_role("admin")
    deal = service.open_deal(ctx, {"name": "Roof"})
    reason = stages.reasons(ctx, "lost")[0].id
    assert "Price" in person.get(f"/action/sales/lose?id={deal.id}").text
    person.post("/action/sales/lose", {"id": deal.id, "sent": "1", "reason": reason, "note": ""})
    ctx.session.expire_all()
    assert records.get(ctx, "sales.deal", deal.id).outcome == "lost"
    page = soup(person.get(f"/sales/deals/{deal.id}"))
    undo = next(f for f in page.select("#toasts form") if "undo" in str(f["action"]))
    person.post(str(undo["action"]))
    ctx.session.expire_all()
    found = records.get(ctx, "sales.deal", deal.id)
    assert (found.outcome, found.reason_id, found.stage_id) == ("open", None, named(ctx, "Qualifying").id)


def test_deals_are_moved_and_assigned_together(make: Make, as_role: AsRole) -> None:
    ctx, person = make.ctx(), as_role("admin")
    rui = make.user("rep", name="Rui")
    done = ["The need is understood"]
    deals = [service.open_deal(ctx, {"name": n, "checked": done, "amount": Decimal(1)}) for n in "ab"]
    ids = [deal.id for deal in deals]
    person.post("/action/sales/win", {"id": ids, "sent": "1", "reason": "", "note": ""})
    person.post("/action/sales/assign", {"id": ids, "sent": "1", "owner": rui.id})
    ctx.session.expire_all()
    found = [records.get(ctx, "sales.deal", i) for i in ids]
    assert [(d.outcome, d.owner_id) for d in found] == [("won", rui.id)] * 2


def test_where_the_settings_say_so_representatives_see_their_own_deals_only(
    make: Make, as_role: AsRole
) -> None:
    rep = as_role("rep", team="north")
    mate = make.user("rep", team="north")
    service.open_deal(make.ctx(mate), {"name": "Mate's", "amount": Decimal(7)})
    service.open_deal(make.ctx(rep.user), {"name": "Mine", "amount": Decimal(5)})
    assert "Mate&#39;s" in rep.get("/list/sales.deal?view=all").text
    settings.save(make.ctx(), {"deals_seen": "own"}, owner="sales")
    for page in ("/list/sales.deal?view=all", "/sales/board"):
        text = rep.get(page).text
        assert "Mine" in text
        assert "Mate&#39;s" not in text
    assert soup(rep.get("/sales/board")).select_one("#totals .big").get_text() == "€5"
    assert "Mate&#39;s" in as_role("manager").get("/list/sales.deal?view=all").text


def test_views_of_deals(make: Make, as_role: AsRole) -> None:
    person = as_role("admin")
    ctx = make.ctx(person.user)
    quiet = service.open_deal(ctx, {"name": "Quiet"})
    old = ctx.now - timedelta(days=40)
    ctx.session.execute(
        Deal.__table__.update().where(Deal.id == quiet.id).values(active_at=old, stale_on="2020-01-01")  # type: ignore[attr-defined]
    )
    ctx.session.commit()
    service.open_deal(ctx, {"name": "Fresh", "close_on": days.today(ctx)})
    won(ctx, name="Gone", amount=Decimal(1))
    expected = {
        "my_deals": {"Quiet", "Fresh"},
        "open_deals": {"Quiet", "Fresh"},
        "closing_deals": {"Fresh"},
        "stale_deals": {"Quiet"},
        "stepless_deals": {"Quiet", "Fresh"},
        "deals_by_stage": {"Quiet", "Fresh"},
        "won_deals": {"Gone"},
        "lost_deals": set(),
    }
    for view, names in expected.items():
        rows = soup(person.get(f"/list/sales.deal?view=sales.{view}")).select("#rows tr:not(.grp) th a")
        assert {a.get_text(strip=True) for a in rows} == names, view


def test_groups_and_orders_by_stage_follow_the_pipelines(ctx: Context, make: Make, as_role: AsRole) -> None:
    first, ana = stages.known(ctx).stages, make.contact()
    with ctx.unit():
        line = records.create(ctx, "sales.pipeline", {"name": "A further one", "position": 9})
        values = {"name": "Aardvark", "pipeline_id": line.id, "position": 0, "outcome": "open"}
        last = records.create(ctx, "sales.stage", values)
    stages.forget(ctx)
    opened = [stage for stage in first if stage.outcome == "open"]
    for stage in reversed((*opened, last)):
        told = {"name": f"In {stage.name}", "contact_id": ana.id, "amount": 1, "close_on": days.today(ctx)}
        service.open_deal(ctx, {**told, "stage_id": stage.id})
    wanted = [stage.name for stage in (*opened, last)]
    assert wanted != sorted(wanted), "names alone would give another order"

    page = soup(as_role("admin").get("/list/sales.deal?group=stage_id"))
    assert [head.a.get_text(strip=True) for head in page.select("tr.grp")] == wanted
    for sort, names in (("stage_id", wanted), ("-stage_id", wanted[::-1])):
        rows = soup(as_role("admin").get(f"/list/sales.deal?sort={sort}")).select("#rows th a")
        assert [a.get_text(strip=True) for a in rows] == [f"In {name}" for name in names]


def test_talk_about_a_deal_makes_it_fresh_again(ctx: Context, run_jobs: Any) -> None:
    deal = service.open_deal(ctx, {"name": "Roof"})
    later = ctx.now + timedelta(days=3)
    interactions.log(
        ctx,
        interactions.Entry(
            values={"kind": "note", "body": "x", "occurred_at": later}, about=[("sales.deal", deal.id)]
        ),
    )
    run_jobs()
    ctx.session.refresh(deal)
    assert deal.active_at == later
    assert deal.stale_on > days.today(ctx)


def test_parts_in_deals_follow_a_contact_into_another(ctx: Context, make: Make) -> None:
    ana, double = make.contact(), make.contact()
    deal = service.open_deal(ctx, {"name": "Roof", "contact_id": double.id})
    involved.add_person(ctx, deal.id, double.id, "decision_maker", "champion")
    with ctx.unit():
        double.merged_into = ana.id
        ctx.session.flush()
        ctx.events.emit("contact.merged", entity="contact", record_ids=[double.id])
    ctx.session.refresh(deal)
    assert deal.contact_id == ana.id
    ((part, person),) = involved.people(ctx, deal)
    assert (person.id, part.role, part.stance) == (ana.id, "decision_maker", "champion")


def test_deals_are_found_by_name(make: Make, as_role: AsRole, run_jobs: Any) -> None:
    service.open_deal(make.ctx(), {"name": "Lighthouse roof"})
    run_jobs()
    assert "Lighthouse roof" in soup(as_role("admin").get("/search?q=lighth")).get_text()
